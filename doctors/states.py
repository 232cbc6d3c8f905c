"""The states, DC and the territories that have ZIP codes of their own: code, name, address part, neighbors."""

from typing import NamedTuple

from django.utils.text import slugify


class State(NamedTuple):
    """A state as text and as a part of an address."""

    name: str
    slug: str


_NAMES = """
AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|DC District of Columbia
FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine
MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada
NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon
PA Pennsylvania|PR Puerto Rico|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah
VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming|GU Guam|VI U.S. Virgin Islands
"""

# Shared borders. What has none points to the state that a direct flight most often reaches first.
_NEIGHBORS = """
AL FL GA MS TN|AK WA|AZ CA CO NM NV UT|AR LA MO MS OK TN TX|CA AZ NV OR|CO AZ KS NE NM OK UT WY|CT MA NY RI|DE MD NJ PA
DC MD VA|FL AL GA|GA AL FL NC SC TN|HI CA|ID MT NV OR UT WA WY|IL IA IN KY MO WI|IN IL KY MI OH|IA IL MN MO NE SD WI
KS CO MO NE OK|KY IL IN MO OH TN VA WV|LA AR MS TX|ME NH|MD DC DE PA VA WV|MA CT NH NY RI VT|MI IN OH WI|MN IA ND SD WI
MS AL AR LA TN|MO AR IA IL KS KY NE OK TN|MT ID ND SD WY|NE CO IA KS MO SD WY|NV AZ CA ID OR UT|NH MA ME VT|NJ DE NY PA
NM AZ CO OK TX UT|NY CT MA NJ PA VT|NC GA SC TN VA|ND MN MT SD|OH IN KY MI PA WV|OK AR CO KS MO NM TX|OR CA ID NV WA
PA DE MD NJ NY OH WV|PR FL|RI CT MA|SC GA NC|SD IA MN MT ND NE WY|TN AL AR GA KY MO MS NC VA|TX AR LA NM OK
UT AZ CO ID NM NV WY|VT MA NH NY|VA DC KY MD NC TN WV|WA ID OR|WV KY MD OH PA VA|WI IA IL MI MN|WY CO ID MT NE SD UT
GU HI|VI FL PR
"""


def _rows(table: str) -> list[str]:
    return table.strip().replace("\n", "|").split("|")


STATES: dict[str, State] = {row[:2]: State(row[3:], slugify(row[3:])) for row in _rows(_NAMES)}
NEIGHBORS: dict[str, tuple[str, ...]] = {row[:2]: tuple(row[3:].split()) for row in _rows(_NEIGHBORS)}
CODES: dict[str, str] = {state.slug: code for code, state in STATES.items()}
CHOICES: list[tuple[str, str]] = [(code, state.name) for code, state in STATES.items()]


class StateConverter:
    """`<state:state>` in an address: `new-york` <-> `NY`. Matches nothing but real states, so that centers can share
    the folder."""

    # Longest first: `virginia` must not end `west-virginia` early.
    regex = "|".join(sorted(CODES, key=len, reverse=True))

    def to_python(self, value: str) -> str:
        return CODES[value]

    def to_url(self, value: str) -> str:
        return STATES[value].slug
