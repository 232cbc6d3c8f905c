"""The pages of one center, one program, one doctor, as a browser without JavaScript and without cookies gets them."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from doctors import asking
from doctors.models import Center
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make
from tests.doctors.pages import graph, text

pytestmark = pytest.mark.django_db


PAGES = [
    "/find-care/centers/lakeside/",
    "/find-care/programs/lakeside-team/",
    "/find-care/specialists/alex-sample/",
]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_sets_a_cookie(client: Client, places: Any, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies
    assert response["Cache-Control"] == "public, max-age=60"
    page = response.content.decode()
    assert page.count("<h1") == 1
    assert "style=" not in page
    assert "onclick" not in page


@pytest.mark.parametrize("path", ["centers/nowhere/", "programs/nowhere/", "specialists/nobody/"])
def test_what_is_not_listed_has_no_page(client: Client, path: str) -> None:
    assert client.get(f"/find-care/{path}").status_code == 404


@pytest.mark.parametrize("evidence", ["directories", "one_directory", "two_sources"])
def test_a_doctor_without_an_official_source_has_no_page(client: Client, evidence: str) -> None:
    doctor = make(SpecialistFactory, evidence=evidence)
    assert client.get(doctor.get_absolute_url()).status_code == 404
    assert doctor.full_name not in text(client, doctor.program.get_absolute_url())


def test_a_center_says_what_its_label_means(client: Client, places: Any) -> None:
    page = text(client, "/find-care/centers/lakeside/")
    assert "It does not say how many people with mesothelioma the center treats" in page
    assert "100 Sample Street, Chicago, IL 60614" in page
    assert 'href="tel:+13125550142"' in page
    assert "I would like a second opinion" in page
    assert "Not yet checked by us" in page
    assert "Nobody can pay to be listed or listed higher" in page
    assert "Lakeside Team" in page
    things = graph(page)
    assert things["Hospital"]["telephone"] == "+13125550142"
    assert things["Hospital"]["parentOrganization"]["name"] == "Lakeside University"
    assert "aggregateRating" not in page


def test_a_laboratory_is_no_hospital(client: Client) -> None:
    center = make(CenterFactory, designation="basic_laboratory", treats_patients=False, phone="", website="")
    page = text(client, center.get_absolute_url())
    assert "It does not treat patients" in page
    assert "ResearchOrganization" in graph(page)
    assert "I would like a second opinion" not in page
    assert "call us, and we will help you find it" in page


def test_a_program_says_unknown_and_never_no(client: Client, places: Any) -> None:
    page = text(client, "/find-care/programs/lakeside-team/")
    assert "Not known: ask when you call" in page
    assert "<dd>No<" not in page
    assert "<dd>No (" not in page
    assert "Alex Sample" in page
    assert graph(page)["MedicalClinic"]["parentOrganization"]["name"] == "Lakeside Hospital"


def test_a_program_says_what_it_is_known_for(client: Client) -> None:
    program = make(
        ProgramFactory,
        peritoneal=False,
        referral_required=False,
        offers=["surgery", "hipec", "remote_second_opinion"],
        remote_second_opinion_url="https://lakeside.example/remote",
    )
    page = text(client, program.get_absolute_url())
    assert "<dd>No (the source has no date)</dd>" in page
    assert "HIPEC" in page
    assert "https://lakeside.example/remote" in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"evidence": "directories"}, "Listed by directories only"),
        ({"evidence": "two_sources"}, "and one other source"),
        ({"audience": "veterans"}, "for veterans enrolled in VA health care"),
        ({"audience": "study"}, "treats only people who join one of its studies"),
    ],
)
def test_a_program_says_what_to_beware_of(client: Client, values: dict[str, str], words: str) -> None:
    program = make(ProgramFactory, source_url="https://directory.example/page", **values)
    page = text(client, program.get_absolute_url())
    assert words in page
    if "evidence" in values:
        assert "directory.example" not in page


def test_a_doctor_is_facts_only(client: Client, places: Any) -> None:
    page = text(client, "/find-care/specialists/alex-sample/")
    assert "We do not rate or recommend doctors" in page
    assert graph(page)["Physician"]["memberOf"]["name"] == "Lakeside Team"


@time_machine.travel("2026-11-24")
def test_an_old_listing_is_folded_behind_a_warning(client: Client) -> None:
    old = make(CenterFactory, source_checked=date(2026, 1, 1))
    page = text(client, old.get_absolute_url())
    assert page.index("This may be out of date") < page.index("<summary>Show the phone") < page.index("312-555-0142")
    assert "telephone" not in graph(page)["Hospital"]
    fresh = make(CenterFactory, source_checked=date(2026, 9, 23))
    page = text(client, fresh.get_absolute_url())
    assert "Checked on September 23, 2026, against the NCI list of cancer centers." in page
    assert "<summary>" not in page


def test_breadcrumbs_mirror_the_page(client: Client, places: Any) -> None:
    items = graph(text(client, "/find-care/programs/lakeside-team/"))["BreadcrumbList"]["itemListElement"]
    assert [item["name"] for item in items] == ["Home", "Find care", "Illinois", "Lakeside Team"]
    assert "item" not in items[-1]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/find-care/centers/lakeside/", 3),
        ("/find-care/programs/lakeside-team/", 2),
        ("/find-care/specialists/alex-sample/", 1),
    ],
)
def test_queries_do_not_grow_with_the_rows(
    client: Client, places: Any, rows: int, path: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    center, program, _ = places
    for _ in range(rows - 1):
        make(ProgramFactory, center=center)
        make(SpecialistFactory, program=program)
    with django_assert_num_queries(queries):
        client.get(path)


# --- Each group by its own check ------------------------------------------------------------------------------------


def looked(group: str, days: int) -> dict[str, Any]:
    """The columns of a look by phone, so many days before November 24, 2026."""
    return {f"{group}_verified_on": date(2026, 11, 24) - timedelta(days=days), f"{group}_verified_how": "phone"}


def section(page: str, name: str) -> str:
    found = re.search(
        rf'<section class="group group-(\w+)" aria-labelledby="group-{name}">.*?</section>', page, re.DOTALL
    )
    assert found
    return found.group(0)


@time_machine.travel("2026-11-24")
def test_each_group_fades_and_folds_by_itself(client: Client) -> None:
    program = make(
        ProgramFactory, languages="Spanish", **looked("contact", 90), **looked("care", 91), **looked("access", 181)
    )
    page = text(client, program.get_absolute_url())
    contact, care, access = (section(page, name) for name in ("contact", "care", "access"))
    assert "group-fresh" in contact
    assert "Checked on August 26, 2026, by phone." in contact
    assert "out of date" not in contact
    assert "group-stale" in care
    assert "This may be out of date" in care
    assert "<details" not in care
    assert "group-old" in access
    assert access.index("This may be out of date") < access.index("<details>") < access.index("Spanish")
    assert "tel:+13125550142" in page


@time_machine.travel("2026-11-24")
def test_an_old_phone_is_only_behind_the_warning(client: Client) -> None:
    program = make(ProgramFactory, **looked("contact", 181))
    page = text(client, program.get_absolute_url())
    assert page.count("tel:+13125550142") == 1
    assert "tel:+13125550142" in section(page, "contact").split("<details>")[1]
    assert "Directions on OpenStreetMap" not in page
    assert "555-0142" not in str(graph(page))
    assert "+13125550142" not in str(graph(page))
    doctor = make(SpecialistFactory, program=program)
    assert "555-0142" not in text(client, doctor.get_absolute_url())


def test_a_listing_says_what_is_not_known(client: Client, places: Any) -> None:
    page = text(client, "/find-care/programs/lakeside-team/")
    known = page[page.index("What we know and what we do not know") :]
    for label in ("Phone hours", "Referral from your doctor needed", "Languages and interpreters", "Clinical trials"):
        assert f"<li>{label}</li>" in known
    assert known.count("Not yet checked by us") == 3
    assert "<li>Phone</li>" not in known


def test_what_the_hospital_says_of_the_way_in(client: Client) -> None:
    values = {
        "hours": "Monday to Friday, 8 to 5 Central",
        "second_opinion_url": "https://lakeside.example/ask",
        "records_address": "Room 4\nChicago",
        "languages": "Spanish <b>",
        "travel_url": "https://lakeside.example/stay",
    }
    for kind in (CenterFactory, ProgramFactory):
        page = text(client, make(kind, **values).get_absolute_url())
        for words in ("Monday to Friday, 8 to 5 Central", "https://lakeside.example/ask", "Room 4<br>Chicago",
                      "Spanish &lt;b&gt;", "https://lakeside.example/stay"):  # fmt: skip
            assert words in page


@pytest.mark.parametrize("path", PAGES[:2])
def test_three_ways_and_words_to_say(client: Client, places: Any, path: str) -> None:
    page = text(client, path)
    for words in ("Three ways to a second opinion", "Travel there", "See a doctor by video",
                  "Send slides and scans only", "a license in the state where you are",
                  "Calling for someone else?", "call 911",
                  'href="/support/travel-and-lodging/"', 'href="/second-opinion/remote/"'):  # fmt: skip
        assert words in page
    assert asking.OPENING in page


def test_the_words_of_a_list_are_those_of_a_listing() -> None:
    assert asking.OPENING in render_to_string("doctors/_ask.html")


@pytest.mark.parametrize(
    ("path", "name"),
    [(PAGES[0], "Lakeside Cancer Center"), (PAGES[1], "Lakeside Hospital"), (PAGES[2], "Lakeside Hospital")],
)
def test_we_are_not_part_of_it(client: Client, places: Any, path: str, name: str) -> None:
    assert f"We are not part of {name}, and {name} did not ask us to list it." in text(client, path)


@pytest.mark.parametrize(
    ("path", "kind", "slug"),
    [
        (PAGES[0], "center", "lakeside"),
        (PAGES[1], "program", "lakeside-team"),
        (PAGES[2], "specialist", "alex-sample"),
    ],
)
def test_a_problem_can_be_reported(client: Client, places: Any, path: str, kind: str, slug: str) -> None:
    address = reverse("report-listing", kwargs={"kind": kind, "slug": slug})
    assert f'href="{address}"' in text(client, path)


@pytest.mark.parametrize("path", PAGES[:2])
def test_links_that_leave_take_nothing_along(client: Client, places: Any, path: str) -> None:
    """A link, and nothing that a browser loads by itself."""
    page = text(client, path)
    assert 'href="https://www.openstreetmap.org/directions?to=100+Sample+Street%2C+Chicago%2C+IL+60614"' in page
    for link in re.findall(r'<a href="https?:[^>]*>', page):
        assert 'rel="noopener' in link
    assert not re.search(r'(?:src|srcset|data)="https?:', page)


def test_a_call_sheet_of_this_place(client: Client, places: Any) -> None:
    assert 'href="/find-care/call-sheet/?center=lakeside"' in text(client, PAGES[0])
    assert 'href="/find-care/call-sheet/?program=lakeside-team"' in text(client, PAGES[1])


def test_a_center_lists_its_doctors(client: Client, places: Any) -> None:
    make(SpecialistFactory, program=places[1], full_name="Shown Doctor")
    make(SpecialistFactory, program=places[1], full_name="Hidden Doctor", evidence="directories")
    page = text(client, PAGES[0])
    assert "Shown Doctor" in page
    assert "Hidden Doctor" not in page


def test_no_dead_end_without_an_address_or_a_website(client: Client) -> None:
    page = text(client, make(CenterFactory, street="", phone="", website="").get_absolute_url())
    assert "openstreetmap" not in page
    assert "call us, and we will help you find it" in page


# --- What ended -----------------------------------------------------------------------------------------------------

ENDED = {"ended_on": date(2026, 11, 3), "ended_note": "The hospital <b>closed</b> it."}
NOTE = "on November 3, 2026: The hospital &lt;b&gt;closed&lt;/b&gt; it."


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (CenterFactory, "This center closed or left our list"),
        (ProgramFactory, "This program closed"),
        (SpecialistFactory, "This doctor stopped working here"),
    ],
)
def test_what_ended_keeps_its_page_and_nothing_to_call(client: Client, kind: Any, words: str) -> None:
    listing = make(kind, **ENDED)
    response = client.get(listing.get_absolute_url())
    assert response.status_code == 200
    assert not response.cookies
    page = response.content.decode()
    assert f"{words} {NOTE}" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "+13125550142" not in page
    assert "Sample Street, Chicago" not in page
    assert "I would like a second opinion" not in page
    assert list(graph(page)) == ["BreadcrumbList"]
    assert 'href="/find-care/centers/illinois/"' in page


def test_the_doctor_of_a_closed_program_is_not_to_be_called_there(client: Client) -> None:
    doctor = make(SpecialistFactory, program=make(ProgramFactory, **ENDED))
    page = text(client, doctor.get_absolute_url())
    assert f"<h1>{doctor}</h1>" in page
    assert f"The program of this doctor closed {NOTE}" in page
    assert "Physician" not in graph(page)


def test_an_ended_doctor_without_an_official_source_has_no_page(client: Client) -> None:
    doctor = make(SpecialistFactory, evidence="directories", **ENDED)
    assert client.get(doctor.get_absolute_url()).status_code == 404


def test_what_ended_is_on_no_other_listing(client: Client, places: Any) -> None:
    center, program, _ = places
    gone = make(ProgramFactory, name="Gone Team", center=center, **ENDED)
    left = make(SpecialistFactory, full_name="Left Long Ago", program=program, **ENDED)
    of_gone = make(SpecialistFactory, full_name="Of Gone", program=gone)
    for page in (text(client, PAGES[0]), text(client, PAGES[1])):
        for name in (gone.name, left.full_name, of_gone.full_name):
            assert name not in page
    Center.objects.filter(pk=center.pk).update(**ENDED)
    assert "The cancer center it belongs to" not in text(client, PAGES[1])


@pytest.mark.parametrize("kind", ["centers", "programs", "specialists"])
@pytest.mark.parametrize("slug", ["a" * 3000, "%E2%80%AEabc", "%00", "%F0%9F%98%80", "..", "%27%3B--"])
def test_no_address_breaks_a_listing(client: Client, kind: str, slug: str) -> None:
    client.raise_request_exception = False
    assert client.get(f"/find-care/{kind}/{slug}/").status_code in (400, 404)


def test_nobody_was_a_patient_of_a_laboratory(client: Client) -> None:
    values = {"designation": "basic_laboratory", "treats_patients": False, **ENDED}
    assert "Were you a patient there?" not in text(client, make(CenterFactory, **values).get_absolute_url())
    assert "Were you a patient there?" in text(client, make(CenterFactory, **ENDED).get_absolute_url())
