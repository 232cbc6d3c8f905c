"""The finder's results, as a browser without JavaScript and without cookies gets them."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from doctors.models import Center, Program
from navigator.search import entries
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make
from tests.doctors.pages import text

pytestmark = pytest.mark.django_db
NEAR = "/find-care/near/"


@pytest.fixture
def places() -> tuple[Center, Program]:
    center = make(CenterFactory, slug="lakeside", name="Lakeside Cancer Center")
    return center, make(ProgramFactory, slug="lakeside-team", name="Lakeside Team", center=center)


def parts(page: str) -> tuple[str, str]:
    """The confirmed places, and those to ask."""
    confirmed, _, rest = page.partition("<h2>Not confirmed: ask</h2>")
    return confirmed, rest.partition("With the places that you chose")[0]


@pytest.mark.parametrize("query", ["", "?zip=60614", "?zip=nonsense", "?state=IL&has=surgery", "?zip=09012"])
def test_the_finder_is_public_sets_no_cookie_and_stays_out_of_search_engines(
    client: Client, places: Any, query: str
) -> None:
    response = client.get(NEAR + query)
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=60"
    assert not response.cookies
    assert 'name="robots" content="noindex"' in response.content.decode()


def test_near_gives_miles_and_a_sentence_why(client: Client, places: Any) -> None:
    page = text(client, NEAR, zip=" 60614-1234 ")
    assert "<h1>Places near 60614</h1>" in page
    assert (
        "Its hospital names it for pleural mesothelioma, it is about 1 mile away in a straight line, and it is part of "
        "an NCI-designated comprehensive cancer center." in page
    )
    assert "tel:+13125550142" in page
    assert 'value="150" selected' in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter a 5-digit ZIP code, or choose a state."),
        ("abc", "Enter a 5-digit ZIP code, for example 60614."),
        ("9" * 50, "Enter a 5-digit ZIP code."),
        ("9" * 10_000, "Enter a 5-digit ZIP code."),
        ("00000", "We could not find that ZIP code. Check it, or choose your state."),
        ("<b>1", "Enter a 5-digit ZIP code, for example 60614."),
        ("\u0661\u0662\u0663\u0664\u0665", "Enter a 5-digit ZIP code, for example 60614."),
        ("6061\u202e4", "Enter a 5-digit ZIP code, for example 60614."),
    ],
)
def test_a_zip_that_is_none_is_explained_at_the_top_and_at_the_field(client: Client, typed: str, words: str) -> None:
    page = text(client, NEAR, zip=typed)
    assert page.count(words) == 2
    assert "<title>Error: " in page
    assert "There is a problem" in page
    assert 'aria-describedby="zip-error"' in page
    assert "<b>1" not in page
    assert "/find-care/centers/ohio/" in page


@pytest.mark.parametrize(
    "query",
    [
        {"radius": "7"},
        {"kind": "lung"},
        {"has": "magic"},
        {"has": ["surgery", "surgery", "' OR 1=1 --"]},
        {"way": "teleport"},
        {"sort": "price"},
        {"state": "XX"},
        {"radius": "150" * 4_000},
    ],
)
def test_a_choice_that_there_is_not_is_an_error_in_words(client: Client, query: dict[str, Any]) -> None:
    response = client.get(NEAR, {"zip": "60614", **query})
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()


@pytest.mark.parametrize("query", [{"show": "-1"}, {"show": "1e9"}, {"page": "x"}, {"zip": ["60614", "10001"]}])
def test_what_the_form_does_not_know_changes_nothing(client: Client, places: Any, query: dict[str, Any]) -> None:
    response = client.get(NEAR, {"zip": "60614", **query})
    assert response.status_code == 200
    assert "There is a problem" not in response.content.decode()


def test_a_po_box_is_said_to_be_approximate(client: Client, places: Any) -> None:
    assert "approximate" in text(client, NEAR, zip="59604", radius="any")
    assert "approximate" not in text(client, NEAR, zip="60614")


def test_a_military_zip_is_explained_and_works_with_a_state(client: Client, places: Any) -> None:
    assert "09012 is a military mail address." in text(client, NEAR, zip="09012")
    page = text(client, NEAR, zip="09012", state="IL")
    assert "this list is for Illinois, without miles" in page
    assert "Lakeside Team" in page
    assert "miles away" not in page


def test_a_state_alone_is_enough(client: Client, places: Any) -> None:
    page = text(client, NEAR, state="IL", zip="")
    assert "<h1>Places near Illinois</h1>" in page
    assert "it is in Illinois" in page


def test_far_from_everything_the_nearest_are_shown(client: Client, places: Any) -> None:
    page = text(client, NEAR, zip="96813", radius="50")
    assert "We know no mesothelioma program within 50 miles." in page
    assert "Lakeside Team" in page
    assert "it lies beyond the distance you chose" in page
    wider = [unescape(link) for link in re.findall(r'<li><a href="([^"]+)">(?:Within|Any distance)', page)]
    assert wider == [f"{NEAR}?zip=96813&radius={radius}" for radius in ("150", "500", "any")]


def test_not_known_comes_after_confirmed_and_no_does_not_come(client: Client) -> None:
    make(ProgramFactory, name="Operates", surgery=True)
    make(ProgramFactory, name="Nobody knows", surgery=None)
    make(ProgramFactory, name="Does not operate", surgery=False)
    make(CenterFactory, name="Center to ask")
    page = text(client, NEAR, zip="60614", has="surgery")
    confirmed, to_ask = parts(page)
    assert "Operates</a>" in confirmed
    assert "Nobody knows</a>" not in confirmed
    assert to_ask.index("Nobody knows</a>") < to_ask.index("Center to ask</a>")
    assert to_ask.count("Ask whether they operate.") == 2
    assert "Does not operate" not in page


def test_each_choice_can_be_taken_back(client: Client, places: Any) -> None:
    query = {"zip": "60614", "kind": "pleural", "has": ["surgery", "trials"], "way": "video", "evil": "1"}
    page = client.get(NEAR, query).content.decode()
    removals = {unescape(link) for link in re.findall(r'<a class="no-print" href="([^"]+)">Remove', page)}
    assert removals == {
        f"{NEAR}?zip=60614&way=video&has=surgery&has=trials",
        f"{NEAR}?zip=60614&way=video&kind=pleural&has=trials",
        f"{NEAR}?zip=60614&way=video&kind=pleural&has=surgery",
    }


def test_the_three_ways_are_one_step_away(client: Client) -> None:
    make(ProgramFactory, name="Here")
    make(ProgramFactory, name="From afar", state="NY", latitude=40.7, longitude=-74, remote_second_opinion=True)
    make(ProgramFactory, name="Not by video", remote_second_opinion=True, video_visit=False)
    travel = text(client, NEAR, zip="60614")
    assert re.search(r'aria-current="page">Travel to a team<', travel)
    assert "From afar" not in travel
    page = text(client, NEAR, zip="60614", way="video")
    confirmed, to_ask = parts(page)
    assert "Can you see me by video while I am in Illinois?" in confirmed
    assert "From afar</a>" in confirmed
    assert "Ask whether a doctor can see you by video while you are in Illinois." in confirmed
    assert "Here</a>" in to_ask
    assert "Not by video" not in page
    records = text(client, NEAR, zip="60614", way="records")
    assert "Not by video</a>" in parts(records)[0]
    assert "<figure" not in records


def test_va_care_only_for_who_asks(client: Client, places: Any) -> None:
    make(ProgramFactory, name="VA Team", audience="veterans")
    page = text(client, NEAR, zip="60614")
    assert page.index("For some people only") < page.index("VA Team")
    page = text(client, NEAR, zip="60614", has="va")
    assert "VA Team</a>" in parts(page)[0]
    assert "Lakeside Team</a>" not in page
    assert "For some people only" not in page


def test_by_miles_or_by_fit(client: Client) -> None:
    center = make(CenterFactory)
    make(ProgramFactory, name="Nearest", latitude=41.93, evidence="directories")
    make(ProgramFactory, name="Farther", latitude=42.1, center=center)
    by_fit, by_miles = text(client, NEAR, zip="60614"), text(client, NEAR, zip="60614", sort="miles")
    assert by_fit.index("Farther</a>") < by_fit.index("Nearest</a>")
    assert by_miles.index("Nearest</a>") < by_miles.index("Farther</a>")


def test_more_places_are_one_link_away(client: Client) -> None:
    for number in range(12):
        make(ProgramFactory, name=f"Team {number:02}")
    page = text(client, NEAR, zip="60614")
    assert "Team 09</a>" in page
    assert "Team 10</a>" not in page
    link = re.search(r'href="([^"]+)">Show more places', page)
    assert link
    assert unescape(link.group(1)) == f"{NEAR}?zip=60614&show=25"
    page = client.get(unescape(link.group(1))).content.decode()
    assert "Team 11</a>" in page
    assert "Show more places" not in page


def test_an_old_phone_is_not_offered_and_a_stale_listing_fades(client: Client) -> None:
    make(ProgramFactory, name="Old", source_checked="2020-01-01")
    page = text(client, NEAR, zip="60614")
    card = page[page.index('class="card place faded"') :]
    assert "phone: see its page" in card
    assert "tel:+13125550142" not in card.partition("</li>")[0]
    assert "This may be out of date." in card.partition("</li>")[0]


def test_a_phone_that_nobody_knows_is_said_to_be_unknown(client: Client) -> None:
    make(ProgramFactory, phone="")
    assert "phone not known: see its page" in text(client, NEAR, zip="60614")


def test_what_closed_is_not_found(client: Client) -> None:
    make(ProgramFactory, name="Closed", ended_on="2026-01-01", ended_note="It closed.")
    assert "Closed</a>" not in text(client, NEAR, zip="60614")


def test_chosen_places_travel_in_the_address(client: Client, places: Any) -> None:
    make(CenterFactory, slug="to-ask", name="Center to ask")
    page = text(client, NEAR, zip="60614", kind="pleural")
    form = page[page.index('<form action="/find-care/compare/" method="get">') :].partition("</form>")[0]
    assert '<input type="checkbox" name="program" value="lakeside-team">' in form
    assert '<input type="checkbox" name="center" value="to-ask">' in form
    assert '<input type="hidden" name="zip" value="60614">' in form
    assert 'formaction="/find-care/call-sheet/"' in form
    assert "pleural" not in re.sub(r"<[^i][^>]*>", "", "".join(re.findall(r"<input[^>]*>", form)))


def test_the_map_has_the_numbers_of_the_list(client: Client, places: Any) -> None:
    make(ProgramFactory, name="North", latitude=42.9)
    page = text(client, NEAR, zip="60614")
    assert 'href="#place-1"' in page
    assert 'id="place-1"' in page
    assert 'id="place-2"' in page


@pytest.mark.parametrize("rows", [1, 3, 12])
@pytest.mark.parametrize(
    "query", ["?zip=60614", "?zip=60614&has=surgery&has=trials&kind=pleural&way=video", "?state=IL"]
)
def test_queries_do_not_grow_with_the_rows(
    client: Client, places: Any, rows: int, query: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows - 1):
        make(ProgramFactory, center=places[0])
        make(CenterFactory)
    for queries in (3, 1):  # what was read is kept until something is published
        with django_assert_num_queries(queries):
            client.get(NEAR + query)


def test_a_name_is_found_misspelled_too(client: Client, places: Any) -> None:
    make(SpecialistFactory, full_name="Quentin Marlowe", program=places[1])
    entries.refresh("doctors")
    for name in ("lakeside", "Lakside Team", "marlowe"):
        page = text(client, "/find-care/by-name/", name=name)
        assert 'href="/find-care/programs/lakeside-team/"' in page, name
    assert (
        "/glossary/"
        not in text(client, "/find-care/by-name/", name="lakeside").partition("<main")[2].partition("</ul>")[0]
    )


@pytest.mark.parametrize(
    "name", ["", " ", "x" * 10_000, "<script>alert(1)</script>", "'; DROP TABLE", "\u202e", "zzqx"]
)
def test_a_name_that_nobody_has_is_answered_kindly(client: Client, name: str) -> None:
    response = client.get("/find-care/by-name/", {"name": name})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
    assert not response.cookies
