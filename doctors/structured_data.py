"""Listings for machines (schema.org): facts that the page shows openly, no ratings, nothing unknown.

A group of facts that the page folds away because it is old is left out, and a listing that ended is nothing at all.
Never said, because no source tells it in a form that machines read: opening hours (ours are a sentence), whether new
patients are taken, and every offer that is not a stated yes.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from doctors.models import OFFERS, Center, Located, Program, Specialist

Data = dict[str, Any]
Crumbs = list[tuple[str, str | None]]

# The offers that schema.org has a kind for. A trial, a meeting or a letter is no therapy.
_SERVICES = {
    "surgery": "SurgicalProcedure",
    "hipec": "SurgicalProcedure",
    "chemotherapy": "MedicalTherapy",
    "immunotherapy": "MedicalTherapy",
    "radiation": "RadiationTherapy",
    "palliative_care": "PalliativeProcedure",
}
# schema.org's words for what a doctor does; relief of symptoms has none.
_SPECIALTIES = {
    "thoracic_surgery": "Surgical",
    "medical_oncology": "Oncologic",
    "surgical_oncology": "Oncologic",
    "radiation_oncology": "Oncologic",
    "pulmonology": "Pulmonary",
    "pathology": "Pathology",
}
# A text that is nothing but a list of these is a list of languages: "interpreters, but not for Russian" is not.
_LANGUAGES = {
    "American Sign Language", "Amharic", "Arabic", "Armenian", "Bengali", "Cantonese", "Chinese", "English", "Farsi",
    "French", "German", "Greek", "Gujarati", "Haitian Creole", "Hebrew", "Hindi", "Hmong", "Italian", "Japanese",
    "Khmer", "Korean", "Mandarin", "Navajo", "Persian", "Polish", "Portuguese", "Punjabi", "Romanian", "Russian",
    "Somali", "Spanish", "Tagalog", "Tamil", "Telugu", "Thai", "Turkish", "Ukrainian", "Urdu", "Vietnamese", "Yiddish",
}  # fmt: skip
_BETWEEN = re.compile(r"\s*(?:,\s*and\s|[,;/&]|\sand\s)\s*")


def crumbs_below(*below: tuple[str, str | None]) -> Crumbs:
    """The way from the home page to a page of the finder. Without `below`, to the finder itself."""
    return [("Home", "/"), ("Find care", reverse("centers") if below else None), *below]


def page(*things: Data, crumbs: Crumbs) -> Data:
    """One graph: the things of a page and its breadcrumbs."""
    return {"@context": "https://schema.org", "@graph": [*filter(None, things), _breadcrumbs(crumbs)]}


def hospital(center: Center, programs: Iterable[Program] = ()) -> Data:
    """A center that treats patients is a hospital; a laboratory is a research organization. `programs` are those that
    its page shows. Empty for one that ended."""
    if center.ended_on:
        return {}
    data = _place("Hospital" if center.treats_patients else "ResearchOrganization", center)
    if center.institution != center.name and not center.freshness_of("designation").folded:
        data["parentOrganization"] = {"@type": "Organization", "name": center.institution}
    if center.treats_patients:
        data["medicalSpecialty"] = "https://schema.org/Oncologic"
    departments = [_named("MedicalClinic", program) for program in programs if not program.ended_on]
    return data | ({"department": departments} if departments else {})


def clinic(program: Program) -> Data:
    """A program is a clinic of its hospital. Empty for one that ended."""
    if program.ended_on:
        return {}
    data = _place("MedicalClinic", program)
    data["parentOrganization"] = {"@type": "Hospital", "name": program.hospital}
    data["medicalSpecialty"] = "https://schema.org/Oncologic"
    if program.center and not program.center.ended_on:
        data["memberOf"] = _named("Hospital" if program.center.treats_patients else "Organization", program.center)
    services = [] if program.freshness_of("care").folded else _services(program)
    return data | ({"availableService": services} if services else {})


def physician(specialist: Specialist) -> Data:
    """A doctor and, as long as that is not too old to trust, where. Empty for one who no longer works there."""
    program = specialist.program
    if specialist.ended_on or program.ended_on:
        return {}
    data = _named("Physician", specialist)
    if specialist.freshness_of("post").folded:
        return data
    data["address"] = _address(program, whole=False)
    data["memberOf"] = _named("MedicalClinic", program)
    if specialist.specialty in _SPECIALTIES:
        data["medicalSpecialty"] = f"https://schema.org/{_SPECIALTIES[specialist.specialty]}"
    return data


def item_list(listings: Iterable[Center | Program]) -> Data:
    """The listings of a page in the order of the page, without those that ended."""
    shown = [listing for listing in listings if not listing.ended_on]
    items = [
        {"@type": "ListItem", "position": position, "url": _absolute(listing.get_absolute_url()), "name": listing.name}
        for position, listing in enumerate(shown, start=1)
    ]
    return {"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items}


def _place(kind: str, place: Center | Program) -> Data:
    """Where it is, how to reach it, and who is understood there, as far as the page itself says so openly."""
    data = _named(kind, place)
    is_trusted = not place.freshness_of("contact").folded
    data["address"] = _address(place, whole=is_trusted)
    if is_trusted:
        data["geo"] = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
        data |= {name: value for name, value in (("sameAs", place.website), ("telephone", place.phone)) if value}
    languages = [] if place.freshness_of("access").folded else _languages(place.languages)
    return data | ({"knowsLanguage": languages} if languages else {})


def _named(kind: str, listing: Center | Program | Specialist) -> Data:
    """A listing by the name and the address of its page."""
    url = _absolute(listing.get_absolute_url())
    return {"@type": kind, "@id": f"{url}#listing", "name": str(listing), "url": url}


def _address(place: Located, *, whole: bool) -> Data:
    """Not `whole`: the city, which the first sentence of each page says."""
    address = {"@type": "PostalAddress", "addressLocality": place.city, "addressRegion": place.state}
    if whole:
        address |= {"streetAddress": place.street, "postalCode": place.zip}
    return {name: value for name, value in address.items() if value} | {"addressCountry": "US"}


def _services(program: Program) -> list[Data]:
    return [{"@type": kind, "name": OFFERS[offer]} for offer, kind in _SERVICES.items() if getattr(program, offer)]


def _languages(text: str) -> list[Data]:
    """The languages that a text lists. None of them if it says anything else beside."""
    names = _BETWEEN.split(text.strip().rstrip("."))
    return [{"@type": "Language", "name": name} for name in names] if _LANGUAGES.issuperset(names) else []


def _breadcrumbs(crumbs: Crumbs) -> Data:
    items: list[Data] = []
    for position, (label, path) in enumerate(crumbs, start=1):
        item: Data = {"@type": "ListItem", "position": position, "name": label}
        if path:
            item["item"] = _absolute(path)
        items.append(item)
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _absolute(path: str) -> str:
    return settings.SITE_URL + path
