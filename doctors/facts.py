"""A listing as rows of "what - what we know". What nobody has told us is said to be unknown, never to be missing."""

from django.utils.html import format_html

from doctors.models import OFFERS, Center, Located, Program, Specialist
from navigator import identity

UNKNOWN = "Not known: ask when you call"
Fact = tuple[str, str]

# The offers a family asks about most; the others are shown only where a source states them.
_ASKED = ("surgery", "chemotherapy", "immunotherapy", "radiation", "clinical_trials", "multidisciplinary_clinic")


def contact_facts(place: Center | Program) -> list[Fact]:
    """How to reach a place. `place` is a center or a program."""
    return [("Address", address(place)), ("Phone", phone_link(place)), ("Website", website_link(place))]


def center_facts(center: Center) -> list[Fact]:
    return [
        ("Part of", center.institution),
        ("NCI designation", f"{center.get_designation_display()} cancer center"),
        (
            "Whom it treats",
            center.get_audience_display() if center.treats_patients else "Nobody: it does research only",
        ),
    ]


def access_facts(program: Program) -> list[Fact]:
    """What a family needs to know before it calls."""
    remote: str = UNKNOWN
    if program.remote_second_opinion_url:
        remote = _link(program.remote_second_opinion_url, "Yes: read how it works")
    return [
        ("Referral from your doctor needed", yes_no(program.referral_required)),
        ("Second opinion from a distance", remote),
    ]


def disease_facts(listing: Program | Specialist) -> list[Fact]:
    return [
        ("Pleural (lining of the lung)", yes_no(listing.pleural)),
        ("Peritoneal (lining of the belly)", yes_no(listing.peritoneal)),
    ]


def offer_facts(program: Program) -> list[Fact]:
    """Every stated offer as a yes, and the ones that families ask about most as unknown where no source states them."""
    shown = [offer for offer in OFFERS if getattr(program, offer) is not None or offer in _ASKED]
    return [
        (OFFERS[offer], yes_no(getattr(program, offer)))
        for offer in shown
        if offer not in ("remote_second_opinion", "va_affiliated")
    ]


def yes_no(value: bool | None) -> str:
    return UNKNOWN if value is None else ("Yes" if value else "No")


def address(place: Located) -> str:
    street = f"{place.street}, " if place.street else ""
    return f"{street}{place.city}, {place.state} {place.zip}"


def phone_link(place: Located) -> str:
    if not place.phone:
        return "Not known: look on the website" if place.website else "Not known: call us, and we will help you find it"
    return format_html('<a href="{}">{}</a>', identity.tel(place.phone), place.phone_text)


def website_link(place: Located) -> str:
    return _link(place.website, place.website.split("//")[-1].split("/")[0]) if place.website else "Not known"


def _link(url: str, label: str) -> str:
    return format_html('<a href="{}" rel="noopener">{}</a>', url, label)
