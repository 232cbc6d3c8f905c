"""A listing as groups of facts, each with its own check. What nobody has told us is said to be unknown, never a no.

Values are text or safe HTML. What may be done with them (a call, three ways to an opinion) is left to `asking` and
`ways`; places side by side to `comparing`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html

from doctors.freshness import Freshness
from doctors.models import GROUPS, OFFERS, Center, Located, Program, Specialist
from navigator import identity

UNKNOWN = "Not known: ask when you call"
DIRECTIONS = "https://www.openstreetmap.org/directions"  # a nonprofit: a map that sells no advertising

# The offers a family asks about most; the others are shown only where a source states them.
_ASKED = (
    *("surgery", "hipec", "chemotherapy", "immunotherapy", "radiation"),
    *("clinical_trials", "remote_second_opinion", "multidisciplinary_clinic"),
)

Place = Center | Program
Listing = Center | Program | Specialist


class Fact(NamedTuple):
    """One line: what it is about, what we know of it, and whether we know anything."""

    label: str
    value: str
    known: bool


@dataclass(frozen=True)
class Group:
    """Facts that one look settles: `name` and `title` are those of `GROUPS`."""

    name: str
    title: str
    facts: list[Fact]
    freshness: Freshness


@dataclass(frozen=True)
class Knowledge:
    """The labels of all facts of a listing: known, known too long ago to trust, and not known."""

    known: list[str] = field(default_factory=list)
    old: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.known) + len(self.old) + len(self.unknown)


def groups(listing: Listing) -> dict[str, Group]:
    """Every group that the listing has, by name. A laboratory has no way in."""
    makers: dict[str, Callable[[Any], list[Fact]]] = {
        "contact": _contact,
        "care": _care,
        "access": _access,
        "designation": _designation,
        "post": _post,
    }
    names = [name for name in listing.facts if not (name == "access" and _is_laboratory(listing))]
    return {name: Group(name, GROUPS[name], makers[name](listing), listing.freshness_of(name)) for name in names}


def knowledge(groups: Iterable[Group]) -> Knowledge:
    """What is known and what is not, over all groups."""
    found = Knowledge()
    for group in groups:
        for fact in group.facts:
            trusted = found.old if group.freshness.folded else found.known
            (trusted if fact.known else found.unknown).append(fact.label)
    return found


def group_of(listing: Listing, field: str) -> str:
    """The group whose look settles `field`. Raises LookupError for a field that is no fact of the listing."""
    for name, fields in listing.facts.items():
        if field in fields:
            return name
    raise LookupError(f"{field} is no fact of a {type(listing).__name__}.")


def trusted(listing: Listing, field: str) -> Any:
    """The value of `field` as long as its page shows it openly. After that, and for a fact that a listing of this kind
    does not have, None."""
    try:
        group = group_of(listing, field)
    except LookupError:
        return None
    return None if listing.freshness_of(group).folded else getattr(listing, field)


def day_words(day: date) -> str:
    """November 24, 2026."""
    return f"{day:%B} {day.day}, {day.year}"


def yes_no(listing: Listing, field: str) -> str:
    """A fact of three states in words. A no says how old it is: it is what ends a family's interest."""
    value = getattr(listing, field)
    if value is None:
        return UNKNOWN
    return "Yes" if value else f"No ({_as_of(listing, group_of(listing, field))})"


def address(place: Located) -> str:
    """On one line."""
    street = f"{place.street}, " if place.street else ""
    return f"{street}{place.city}, {place.state} {place.zip}"


def directions_url(place: Located) -> str:
    """A map of others that works out a way to the address, or "" without a street. It carries the hospital's address
    and nothing of the reader. The address and not our point: some points are only the middle of a ZIP."""
    return f"{DIRECTIONS}?{urlencode({'to': address(place)})}" if place.street else ""


def phone_link(place: Located) -> str:
    if not place.phone:
        return "Not known: look on the website" if place.website else "Not known: call us, and we will help you find it"
    return format_html('<a href="{}">{}</a>', identity.tel(place.phone), place.phone_text)


def outside(url: str, label: str) -> str:
    """A link that leaves the site."""
    return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', url, label)


# --- Each group -----------------------------------------------------------------------------------------------------


def _contact(place: Place) -> list[Fact]:
    host = place.website.split("//")[-1].split("/")[0]
    return [
        Fact("Address", address(place), True),
        Fact("Phone", phone_link(place), bool(place.phone)),
        _text("Phone hours", place.hours),
        _text("Website", place.website and outside(place.website, host)),
    ]


def _care(program: Program) -> list[Fact]:
    """Every stated offer, and the ones that families ask about most as unknown where no source states them."""
    shown = [offer for offer in OFFERS if getattr(program, offer) is not None or offer in _ASKED]
    return [
        *_diseases(program),
        *(_offer(program, offer) for offer in shown if offer != "va_affiliated"),
        Fact("Whom it treats", program.get_audience_display(), True),
    ]


def _access(place: Place) -> list[Fact]:
    return [
        _state(place, "referral_required", "Referral from your doctor needed"),
        _link(place.second_opinion_url, "How to ask for a second opinion", "The hospital's page"),
        _text("Where records, scans and slides go", linebreaksbr(place.records_address)),
        _state(place, "video_visit", "Visit by video"),
        _state(place, "records_review", "Opinion on slides and scans, without a visit"),
        _text("Languages and interpreters", place.languages),
        _link(place.travel_url, "Travel and a place to stay", "The hospital's page"),
    ]


def _designation(center: Center) -> list[Fact]:
    treats = center.get_audience_display() if center.treats_patients else "Nobody: it does research only"
    return [
        Fact("Part of", center.institution, True),
        Fact("NCI designation", f"{center.get_designation_display()} cancer center", True),
        Fact("Whom it treats", treats, True),
    ]


def _post(specialist: Specialist) -> list[Fact]:
    return [
        Fact("Specialty", specialist.get_specialty_display(), True),
        Fact("Works at", specialist.program.name, True),
        *_diseases(specialist),
    ]


def _diseases(listing: Program | Specialist) -> list[Fact]:
    return [
        _state(listing, "pleural", "Pleural mesothelioma (lining of the lung)"),
        _state(listing, "peritoneal", "Peritoneal mesothelioma (lining of the belly)"),
    ]


def _offer(program: Program, offer: str) -> Fact:
    fact = _state(program, offer, OFFERS[offer])
    url = program.remote_second_opinion_url if offer == "remote_second_opinion" else ""
    return fact._replace(value=outside(url, "Yes: read how it works")) if url else fact


def _state(listing: Listing, field: str, label: str) -> Fact:
    return Fact(label, yes_no(listing, field), getattr(listing, field) is not None)


def _text(label: str, value: str) -> Fact:
    return Fact(label, value or UNKNOWN, bool(value))


def _link(url: str, label: str, words: str) -> Fact:
    return _text(label, url and outside(url, words))


def _as_of(listing: Listing, group: str) -> str:
    """The day of our look, or else of the source; a source may have none."""
    own: date | None = getattr(listing, f"{group}_verified_on")
    day = own or (listing.source_checked if group in listing.sourced_groups else None)
    return f"as of {day_words(day)}" if day else "the source has no date"


def _is_laboratory(listing: Listing) -> bool:
    return isinstance(listing, Center) and not listing.treats_patients
