"""Listings for machines (schema.org): the facts that the page shows, no ratings, nothing unknown, nothing stale."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from doctors.models import Center, Located, Program, Specialist

Data = dict[str, Any]
Crumbs = list[tuple[str, str | None]]


def crumbs_below(*below: tuple[str, str | None]) -> Crumbs:
    """The way from the home page to a page of the finder. Without `below`, to the finder itself."""
    return [("Home", "/"), ("Find care", reverse("centers") if below else None), *below]


def page(*things: Data, crumbs: Crumbs) -> Data:
    """One graph: the things of a page and its breadcrumbs."""
    return {"@context": "https://schema.org", "@graph": [*things, _breadcrumbs(crumbs)]}


def hospital(center: Center) -> Data:
    """A center that treats patients is a hospital; a laboratory is a research organization."""
    kind = "Hospital" if center.treats_patients else "ResearchOrganization"
    data = _place(kind, center, center.name, trusted=not center.freshness.folded)
    if center.institution != center.name:
        data["parentOrganization"] = {"@type": "Organization", "name": center.institution}
    if center.treats_patients:
        data["medicalSpecialty"] = "https://schema.org/Oncologic"
    return data


def clinic(program: Program) -> Data:
    data = _place("MedicalClinic", program, program.name, trusted=not program.freshness.folded)
    data["parentOrganization"] = {"@type": "Hospital", "name": program.hospital}
    data["medicalSpecialty"] = "https://schema.org/Oncologic"
    return data


def physician(specialist: Specialist) -> Data:
    path = specialist.get_absolute_url()
    return {
        "@type": "Physician",
        "@id": f"{_absolute(path)}#listing",
        "name": str(specialist),
        "url": _absolute(path),
        "address": _address(specialist.program),
        "memberOf": {"@type": "MedicalClinic", "name": specialist.program.name},
    }


def item_list(listings: Iterable[Center | Program]) -> Data:
    items = [
        {"@type": "ListItem", "position": position, "url": _absolute(listing.get_absolute_url()), "name": listing.name}
        for position, listing in enumerate(listings, start=1)
    ]
    return {"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items}


def _place(kind: str, place: Center | Program, name: str, *, trusted: bool) -> Data:
    """An address, a point, and the phone as long as the page itself shows it openly."""
    url = _absolute(place.get_absolute_url())
    data: Data = {"@type": kind, "@id": f"{url}#listing", "name": name, "url": url, "address": _address(place)}
    data["geo"] = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    if place.website:
        data["sameAs"] = place.website
    if place.phone and trusted:
        data["telephone"] = place.phone
    return data


def _address(place: Located) -> Data:
    address = {
        "@type": "PostalAddress",
        "streetAddress": place.street,
        "addressLocality": place.city,
        "addressRegion": place.state,
        "postalCode": place.zip,
        "addressCountry": "US",
    }
    return {name: value for name, value in address.items() if value}


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
