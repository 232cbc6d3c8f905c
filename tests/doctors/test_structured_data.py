"""What the pages of listings say to machines: true, current, and the same as the visible text."""

import json
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from doctors import structured_data
from doctors.directory import load_directory
from doctors.models import OFFERS, Center, Program, Specialist
from doctors.states import STATES
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make

pytestmark = pytest.mark.django_db

OLD = {"source_checked": date(2020, 1, 1)}
ENDED = {"ended_on": date(2026, 1, 1), "ended_note": "It closed."}
# What machines are told in a form that no sentence has.
CODED = {"@type", "@id", "url", "item", "position", "numberOfItems", "addressCountry", "medicalSpecialty", "geo"}


class Reader(HTMLParser):
    """The text that a reader sees without opening anything, and the links in it."""

    hidden = {"script", "style", "details", "head"}

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.words: list[str] = []
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag in self.hidden
        if tag == "a" and not self.depth:
            self.links.add(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag in self.hidden

    def handle_data(self, data: str) -> None:
        if not self.depth:
            self.words.append(data)


def read(client: Client, path: str) -> tuple[str, set[str], dict[str, Any]]:
    """(visible text, links, things by their type)."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    page = answer.content.decode()
    reader = Reader()
    reader.feed(page)
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    things = {thing["@type"]: thing for thing in json.loads(data)["@graph"]}
    return " ".join(" ".join(reader.words).split()), reader.links, things


def unseen(client: Client, path: str) -> list[str]:
    """Facts for machines that no reader of the page sees."""
    words, links, things = read(client, path)
    return [
        f"{name}: {value}"
        for name, value in facts(list(things.values()))
        if not _is_seen(name, str(value), words, links)
    ]


def facts(data: Any, name: str = "") -> list[tuple[str, Any]]:
    """Every value that is not in CODED, with its name."""
    if isinstance(data, dict):
        return [fact for key, value in data.items() if key not in CODED for fact in facts(value, key)]
    if isinstance(data, list):
        return [fact for value in data for fact in facts(value, name)]
    return [(name, data)]


def _is_seen(name: str, value: str, words: str, links: set[str]) -> bool:
    if name == "sameAs":
        return value in links
    if name == "telephone":
        return f"{value[2:5]}-{value[5:8]}-{value[8:]}" in words and f"tel:{value}" in links
    if name == "addressRegion":
        return f", {value} " in words or STATES[value].name in words
    return " ".join(value.split()) in words


def full(**values: Any) -> dict[str, Any]:
    """Everything known, and checked today."""
    today = timezone.localdate()
    checks = {f"{group}_verified_on": today for group in ("contact", "access")}
    checks |= {f"{group}_verified_how": "phone" for group in ("contact", "access")}
    return {
        "languages": "Spanish, Mandarin and Vietnamese",
        "hours": "Monday to Friday, 8 to 5 Central",
        "referral_required": False,
        "video_visit": True,
        **checks,
        **values,
    }


# --- The same as the page -------------------------------------------------------------------------------------------


def test_machines_are_told_nothing_that_readers_do_not_see(client: Client) -> None:
    center = make(CenterFactory, **full())
    team = make(ProgramFactory, center=center, **full(), **dict.fromkeys(OFFERS, True))
    doctor = make(SpecialistFactory, program=team)
    for path in (
        *(row.get_absolute_url() for row in (center, team, doctor)),
        "/find-care/centers/",
        "/find-care/centers/illinois/",
    ):
        assert unseen(client, path) == [], path


@pytest.mark.parametrize("name", ["contact", "access", "care", "designation", "post"])
def test_what_the_page_folds_away_is_not_told_either(client: Client, name: str) -> None:
    """One group is old, the others are new."""
    for kind in (CenterFactory, ProgramFactory, SpecialistFactory):
        model = kind._meta.model
        if name not in model.facts:
            continue
        values = {} if model is Specialist else full()
        if model is Program:
            values |= {"offers": ["surgery", "chemotherapy"]}
        values |= {f"{name}_verified_on": date(2020, 1, 1), f"{name}_verified_how": "phone"}
        row = make(kind, **values)
        assert unseen(client, row.get_absolute_url()) == [], row.get_absolute_url()


def test_the_check_sees_a_fact_that_is_only_for_machines(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    center = make(CenterFactory)
    whole = structured_data.hospital
    monkeypatch.setattr(structured_data, "hospital", lambda *given: whole(*given) | {"faxNumber": "312-555-0199"})
    assert unseen(client, center.get_absolute_url()) == ["faxNumber: 312-555-0199"]


def test_the_shipped_directory_tells_machines_what_it_tells_readers(client: Client) -> None:
    load_directory()
    centers, programs = Center.objects.order_by("slug")[:12], Program.objects.order_by("slug")[:12]
    for row in [*centers, *programs, *Specialist.objects.listed().order_by("slug")[:6]]:
        assert unseen(client, row.get_absolute_url()) == [], row


# --- Each kind ------------------------------------------------------------------------------------------------------


def test_a_center_is_a_hospital_with_departments(settings: Any) -> None:
    settings.SITE_URL = "https://site.example"
    center = make(CenterFactory, slug="lakeside", name="Lakeside")
    team = make(ProgramFactory, slug="team", name="Team", center=center)
    closed = make(ProgramFactory, slug="closed", center=center, **ENDED)
    assert structured_data.hospital(center, [team, closed]) == {
        "@type": "Hospital",
        "@id": "https://site.example/find-care/centers/lakeside/#listing",
        "name": "Lakeside",
        "url": "https://site.example/find-care/centers/lakeside/",
        "address": {
            "@type": "PostalAddress",
            "addressLocality": "Chicago",
            "addressRegion": "IL",
            "streetAddress": "100 Sample Street",
            "postalCode": "60614",
            "addressCountry": "US",
        },
        "geo": {"@type": "GeoCoordinates", "latitude": 41.92, "longitude": -87.65},
        "sameAs": "https://lakeside.example/",
        "telephone": "+13125550142",
        "parentOrganization": {"@type": "Organization", "name": "Lakeside University"},
        "medicalSpecialty": "https://schema.org/Oncologic",
        "department": [
            {
                "@type": "MedicalClinic",
                "@id": "https://site.example/find-care/programs/team/#listing",
                "name": "Team",
                "url": "https://site.example/find-care/programs/team/",
            }
        ],
    }


def test_a_laboratory_is_no_hospital() -> None:
    data = structured_data.hospital(make(CenterFactory, designation="basic_laboratory", treats_patients=False))
    assert data["@type"] == "ResearchOrganization"
    assert "medicalSpecialty" not in data


def test_a_center_of_its_own_has_no_parent() -> None:
    assert "parentOrganization" not in structured_data.hospital(make(CenterFactory, name="Lone", institution="Lone"))


@pytest.mark.parametrize("offer", OFFERS)
@pytest.mark.parametrize("stated", [True, False, None])
def test_only_a_stated_yes_is_a_service(offer: str, stated: bool | None) -> None:
    data = structured_data.clinic(make(ProgramFactory, **{offer: stated}))
    is_therapy = offer in {"surgery", "hipec", "chemotherapy", "immunotherapy", "radiation", "palliative_care"}
    named = [service["name"] for service in data.get("availableService", [])]
    assert named == ([OFFERS[offer]] if stated and is_therapy else [])


def test_a_program_is_a_clinic_of_its_hospital_and_its_center() -> None:
    team = make(ProgramFactory, center=make(CenterFactory, slug="lakeside", name="Lakeside"))
    data = structured_data.clinic(team)
    assert data["@type"] == "MedicalClinic"
    assert data["parentOrganization"] == {"@type": "Hospital", "name": "Lakeside Hospital"}
    assert data["memberOf"]["name"] == "Lakeside"
    assert data["memberOf"]["@id"].endswith("/find-care/centers/lakeside/#listing")


@pytest.mark.parametrize(
    "center", [None, {"ended_on": date(2026, 1, 1), "ended_note": "It closed."}], ids=["without", "ended"]
)
def test_a_program_is_no_part_of_a_center_that_is_not_there(center: dict[str, Any] | None) -> None:
    team = make(ProgramFactory, center=center and make(CenterFactory, **center))
    assert "memberOf" not in structured_data.clinic(team)


@pytest.mark.parametrize(
    ("specialty", "word"),
    [
        ("thoracic_surgery", "Surgical"),
        ("medical_oncology", "Oncologic"),
        ("surgical_oncology", "Oncologic"),
        ("radiation_oncology", "Oncologic"),
        ("pulmonology", "Pulmonary"),
        ("pathology", "Pathology"),
        ("palliative", None),
    ],
)
def test_a_doctor_is_a_physician_with_a_city(specialty: str, word: str | None) -> None:
    data = structured_data.physician(make(SpecialistFactory, specialty=specialty, full_name="Alex Sample"))
    assert (data["@type"], data["name"]) == ("Physician", "Alex Sample, MD")
    assert data["address"] == {
        "@type": "PostalAddress",
        "addressLocality": "Chicago",
        "addressRegion": "IL",
        "addressCountry": "US",
    }
    assert data["memberOf"]["@type"] == "MedicalClinic"
    assert data.get("medicalSpecialty") == (word and f"https://schema.org/{word}")
    assert "telephone" not in data


# --- Not known, not current -----------------------------------------------------------------------------------------


def test_nothing_is_guessed() -> None:
    """No hours that machines could read, nobody's patients, no rating."""
    center, team = make(CenterFactory, **full()), make(ProgramFactory, **full(), **dict.fromkeys(OFFERS, True))
    told = json.dumps([structured_data.hospital(center, [team]), structured_data.clinic(team)])
    for name in ("openingHours", "isAcceptingNewPatients", "aggregateRating", "review", "priceRange", "Monday"):
        assert name not in told, name


def test_what_is_blank_is_left_out() -> None:
    data = structured_data.clinic(make(ProgramFactory, phone="", website="", street="", pleural=None))
    assert {"telephone", "sameAs", "knowsLanguage", "availableService"}.isdisjoint(data)
    assert "streetAddress" not in data["address"]
    assert "" not in json.loads(json.dumps(data)).values()


@pytest.mark.parametrize("days", [180, 181])
def test_contact_facts_are_told_until_they_are_folded(days: int) -> None:
    seen = timezone.localdate() - timedelta(days=days)
    data = structured_data.hospital(make(CenterFactory, contact_verified_on=seen, contact_verified_how="phone"))
    is_told = days == 180
    for name in ("telephone", "geo", "sameAs"):
        assert (name in data) is is_told
    assert ("streetAddress" in data["address"]) is is_told
    assert data["address"]["addressLocality"] == "Chicago"


def test_old_care_access_and_posts_are_not_told() -> None:
    team = make(ProgramFactory, offers=["surgery"], languages="Spanish", **OLD)
    assert {"availableService", "knowsLanguage", "telephone"}.isdisjoint(structured_data.clinic(team))
    doctor = structured_data.physician(make(SpecialistFactory, **OLD))
    assert set(doctor) == {"@type", "@id", "name", "url"}
    assert "parentOrganization" not in structured_data.hospital(make(CenterFactory, **OLD))


def test_an_old_look_at_one_group_takes_nothing_from_another() -> None:
    team = make(
        ProgramFactory,
        offers=["surgery"],
        languages="Spanish",
        **OLD,
        care_verified_on=timezone.localdate(),
        care_verified_how="phone",
    )
    data = structured_data.clinic(team)
    assert "availableService" in data
    assert {"knowsLanguage", "telephone"}.isdisjoint(data)


def test_a_listing_that_ended_is_nothing() -> None:
    center, team = make(CenterFactory, **ENDED), make(ProgramFactory, **ENDED)
    assert structured_data.hospital(center) == structured_data.clinic(team) == {}
    assert structured_data.physician(make(SpecialistFactory, **ENDED)) == {}
    assert structured_data.physician(make(SpecialistFactory, program=team)) == {}
    assert structured_data.item_list([center, team])["itemListElement"] == []
    graph = structured_data.page(structured_data.clinic(team), crumbs=[("Home", "/")])["@graph"]
    assert [thing["@type"] for thing in graph] == ["BreadcrumbList"]


# --- Languages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Spanish", ["Spanish"]),
        ("Spanish, Mandarin and Vietnamese.", ["Spanish", "Mandarin", "Vietnamese"]),
        (
            "Spanish, Haitian Creole, and American Sign Language",
            ["Spanish", "Haitian Creole", "American Sign Language"],
        ),
        ("English/Spanish; French & German", ["English", "Spanish", "French", "German"]),
        ("  Spanish ,Polish  ", ["Spanish", "Polish"]),
        ("Spanish, and interpreters by phone for other languages", []),
        ("No interpreters for Spanish, Russian", []),
        ("Not Spanish", []),
        ("English only", []),
        ("spanish", []),
        ("Klingon, Spanish", []),
        ("Spanish,,Polish", []),
        (", and ", []),
        (" " * 200, []),
        (" and " * 40, []),
        ("</script><b>Spanish", []),
        ("Spanish\u202e", []),
        ("", []),
    ],
)
def test_languages_are_told_only_where_the_text_is_a_list_of_them(text: str, names: list[str]) -> None:
    data = structured_data.hospital(make(CenterFactory, languages=text))
    assert data.get("knowsLanguage", []) == [{"@type": "Language", "name": name} for name in names]


# --- Lists and crumbs -----------------------------------------------------------------------------------------------


def test_a_list_counts_from_one_in_the_order_of_the_page(settings: Any) -> None:
    settings.SITE_URL = "https://site.example"
    rows = [make(ProgramFactory, slug="b", name="B"), make(CenterFactory, slug="gone", **ENDED), make(CenterFactory)]
    data = structured_data.item_list(rows)
    assert [(item["position"], item["name"]) for item in data["itemListElement"]] == [(1, "B"), (2, rows[2].name)]
    assert data["itemListElement"][0]["url"] == "https://site.example/find-care/programs/b/"
    assert data["numberOfItems"] == 2


def test_crumbs_lead_back_by_absolute_addresses(settings: Any) -> None:
    settings.SITE_URL = "https://site.example"
    crumbs = structured_data.crumbs_below(("Illinois", "/find-care/centers/illinois/"), ("Here", None))
    (trail,) = structured_data.page(crumbs=crumbs)["@graph"]
    assert [item.get("item") for item in trail["itemListElement"]] == [
        "https://site.example/",
        "https://site.example/find-care/centers/",
        "https://site.example/find-care/centers/illinois/",
        None,
    ]


@pytest.mark.parametrize(
    "name", ["</script><script>alert(1)</script>", 'A "quoted", name\nof two lines', "=1+1", "\u2028"]
)
def test_no_name_leaves_its_block(client: Client, name: str) -> None:
    center = make(CenterFactory, name=name, institution=name)
    _, _, things = read(client, center.get_absolute_url())
    assert things["Hospital"]["name"] == name
