"""What families in particular places are shown, from the starter data, and the sentences that say why.

Each question is the end of an address of the finder, `/find-care/near/?...`, so it can be opened by hand. Each answer
was checked by hand against the shipped rows and a map. Miles are from the middle of the ZIP's area.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from doctors.criteria import Criteria
from doctors.directory import load_directory
from doctors.forms import NearForm
from doctors.matching import Match, Ranking, apart, rank_or_widen
from doctors.zipcodes import locate

pytestmark = pytest.mark.django_db

NCI = "it is part of an NCI-designated comprehensive cancer center"
BEYOND = "and it lies beyond the distance you chose."
REMOTE = "it offers a second opinion from a distance"
PHONE = "Only directories list it: confirm by phone."
NO_TEAM = "Ask whether it has a mesothelioma team: nobody has confirmed one."


@pytest.fixture(scope="module", autouse=True)
def _starter_data(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Loaded once: these tests only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_directory()
        yield
        transaction.set_rollback(True)


def criteria_of(question: str) -> Criteria:
    form = NearForm(QueryDict(question))
    assert form.is_valid(), form.errors
    criteria = form.criteria()
    assert criteria is not None
    return criteria


def ask(question: str) -> Ranking:
    found = rank_or_widen(criteria_of(question))
    for match in found.matches:
        assert match.reasons
        assert match.why.endswith(".")
        assert match.listing.audience in ("adults", "veterans")
    return found


def slug(match: Match) -> str:
    return match.url.rstrip("/").rpartition("/")[2]


def slugs(found: Ranking) -> list[str]:
    return [slug(match) for match in found.matches]


def confirmed(found: Ranking) -> list[str]:
    return [slug(match) for match in found.matches if match.is_confirmed]


def to_ask(found: Ranking) -> list[str]:
    """Those that a family reads under "not confirmed: ask"."""
    return [slug(match) for match in found.matches if not match.is_confirmed]


def why(found: Ranking, name: str) -> str:
    return next(match.why for match in found.matches if slug(match) == name)


def aside(question: str) -> list[str]:
    """The places for some people only that lie within the radius."""
    criteria = criteria_of(question)
    matches = apart(criteria)
    return [slug(match) for match in matches if criteria.radius is None or (match.miles or 0) <= criteria.radius]


# --- Far from everything --------------------------------------------------------------------------------------------


def test_anchorage_is_shown_the_pacific_northwest() -> None:
    found = ask("zip=99501")
    assert found.widened
    assert slugs(found) == ["fred-hutch-mesothelioma", "swedish-mesothelioma", "ohsu-mesothelioma"]
    assert why(found, "fred-hutch-mesothelioma") == (
        "Its hospital names it for pleural and peritoneal mesothelioma, "
        f"it is about 1,432 miles away in a straight line, {NCI}, {BEYOND}"
    )


def test_fairbanks_is_shown_the_pacific_northwest_too() -> None:
    found = ask("zip=99701&kind=pleural")
    assert found.widened
    assert slugs(found) == ["fred-hutch-mesothelioma", "swedish-mesothelioma", "ohsu-mesothelioma"]
    assert why(found, "swedish-mesothelioma") == (
        f"It is listed for pleural mesothelioma, it is about 1,517 miles away in a straight line, {BEYOND} {PHONE}"
    )


def test_honolulu_is_shown_california_and_its_own_center_to_ask() -> None:
    found = ask("zip=96813")
    assert found.widened
    assert confirmed(found) == ["ucsf-thoracic-oncology", "stanford-mesothelioma", "ucla-mesothelioma"]
    assert to_ask(found) == ["hawaii-cancer-center"]
    assert why(found, "hawaii-cancer-center") == (
        f"It is an NCI-designated clinical cancer center and it is about 1 mile away in a straight line. {NO_TEAM}"
    )


def test_hilo_is_another_island_so_honolulu_is_beyond_150_miles() -> None:
    found = ask("zip=96720")
    assert found.widened
    assert slugs(found) == ["ucsf-thoracic-oncology", "stanford-mesothelioma", "ucla-mesothelioma"]
    wider = ask("zip=96720&radius=500")
    assert to_ask(wider) == ["hawaii-cancer-center"]
    assert "it is about 204 miles away in a straight line" in why(wider, "hawaii-cancer-center")


def test_san_juan_is_shown_florida() -> None:
    found = ask("zip=00901")
    assert found.widened
    assert {match.state for match in found.matches} == {"FL"}
    assert slugs(found)[0] == "sylvester-mesothelioma"
    assert why(found, "sylvester-mesothelioma") == (
        "Its hospital names it for pleural and peritoneal mesothelioma, "
        "it is about 1,034 miles away in a straight line, "
        f"it is part of an NCI-designated clinical cancer center, {REMOTE}, {BEYOND}"
    )


def test_the_virgin_islands_are_shown_florida() -> None:
    found = ask("zip=00802")
    assert found.widened
    assert {match.state for match in found.matches} == {"FL"}
    assert "it is about 1,105 miles away in a straight line" in why(found, "sylvester-mesothelioma")


def test_guam_is_shown_the_nearest_of_the_mainland() -> None:
    """Over the north of the Pacific, Seattle and Portland are nearer to Guam than California is."""
    found = ask("zip=96910")
    assert found.widened
    assert slugs(found) == ["fred-hutch-mesothelioma", "swedish-mesothelioma", "ohsu-mesothelioma"]
    assert "it is about 5,669 miles away in a straight line" in why(found, "fred-hutch-mesothelioma")


def test_a_po_box_in_montana_is_placed_in_montana() -> None:
    place = locate("59604")
    assert place is not None
    assert not place.exact
    assert place.state == "MT"
    found = ask("zip=59604&kind=pleural")
    assert found.widened
    assert [match.city for match in found.matches] == ["Seattle", "Seattle", "Portland"]


def test_a_po_box_in_atlanta_is_in_atlanta() -> None:
    """Its prefix has no area at all. The next number lies in Macon, 80 miles away."""
    assert "it is about 5 miles away in a straight line" in why(ask("zip=31106&radius=50"), "winship")


@pytest.mark.parametrize("code", ["09012", "96349", "34002"])
def test_army_and_fleet_post_offices_have_no_place_but_an_answer(client: Client, code: str) -> None:
    """APO in Europe, FPO in the Pacific, DPO in the Americas."""
    page = client.get("/find-care/near/", {"zip": code}).content.decode()
    assert "military mail address" in page
    assert "state" in page
    assert "miles away" not in page


def test_a_family_at_an_army_post_office_can_choose_a_state(client: Client) -> None:
    page = client.get("/find-care/near/", {"zip": "09012", "state": "OH"}).content.decode()
    assert "this list is for Ohio, without miles" in page
    assert "miles away" not in page
    assert slugs(ask("zip=09012&state=OH"))[:3] == [
        "osu-james-mesothelioma",
        "cleveland-clinic-mesothelioma",
        "uh-seidman-mesothelioma",
    ]


# --- One state, one town --------------------------------------------------------------------------------------------


def test_phoenix_is_shown_tucson_with_a_warning() -> None:
    found = ask("zip=85004&kind=pleural")
    assert not found.widened
    assert slugs(found) == ["arizona-mesothelioma"]
    assert why(found, "arizona-mesothelioma") == (
        f"It is listed for pleural mesothelioma, it is about 106 miles away in a straight line, and {NCI}. {PHONE}"
    )


def test_rural_maine_is_shown_boston() -> None:
    found = ask("zip=04619&kind=pleural")
    assert found.widened
    assert [match.city for match in found.matches] == ["Boston", "Boston", "New York"]
    assert why(found, "brigham-dana-farber") == (
        "Its hospital names it for pleural mesothelioma, it is about 274 miles away in a straight line, "
        f"{NCI}, {REMOTE}, {BEYOND}"
    )


def test_el_paso_is_nearer_to_tucson_than_to_any_place_in_texas() -> None:
    found = ask("zip=79901")
    assert found.widened
    assert slugs(found) == ["arizona-mesothelioma", "colorado-thoracic", "utsw-mesothelioma"]
    wider = ask("zip=79901&radius=500")
    assert confirmed(wider) == ["arizona-mesothelioma"]
    assert to_ask(wider) == ["unm", "mays"]


def test_miami_is_shown_miami() -> None:
    found = ask("zip=33130")
    assert slugs(found) == ["sylvester-mesothelioma"]
    assert not found.widened
    assert found.within == 1


def test_key_west_is_shown_miami() -> None:
    found = ask("zip=33040")
    assert slugs(found) == ["sylvester-mesothelioma"]
    assert "it is about 137 miles away in a straight line" in why(found, "sylvester-mesothelioma")
    assert ask("zip=33040&radius=50").widened


def test_duluth_is_shown_rochester_and_the_twin_cities_to_ask() -> None:
    found = ask("zip=55802")
    assert found.widened
    assert slugs(found)[0] == "mayo-rochester-mesothelioma"
    assert "it is about 190 miles away in a straight line" in why(found, "mayo-rochester-mesothelioma")
    assert to_ask(found) == ["masonic"]


def test_boise_is_shown_salt_lake_city_and_portland() -> None:
    found = ask("zip=83702&radius=500")
    assert confirmed(found)[:2] == ["huntsman-mesothelioma", "ohsu-mesothelioma"]
    assert why(found, "huntsman-mesothelioma") == (
        f"Its hospital names it for peritoneal mesothelioma, it is about 298 miles away in a straight line, and {NCI}."
    )
    pleural = ask("zip=83702&kind=pleural&radius=500")
    assert confirmed(pleural)[0] == "ohsu-mesothelioma"
    assert "huntsman-mesothelioma" in to_ask(pleural)
    assert why(pleural, "huntsman-mesothelioma").endswith("Ask whether they treat pleural mesothelioma.")


def test_cheyenne_is_shown_denver_as_the_only_one_near_and_what_to_ask_it() -> None:
    found = ask("zip=82001")
    assert found.within == 1
    assert slugs(found) == ["colorado-thoracic"]
    assert why(found, "colorado-thoracic") == (
        "A public source names it for mesothelioma, it is about 94 miles away in a straight line, "
        f"{NCI}, and {REMOTE}. Ask which kinds of mesothelioma they treat."
    )
    assert slugs(ask("zip=80202")) == ["colorado-thoracic"]
    assert to_ask(ask("zip=82001&kind=pleural"))[0] == "colorado-thoracic"


def test_bismarck_within_500_miles_is_shown_rochester() -> None:
    assert ask("zip=58501").widened
    found = ask("zip=58501&radius=500")
    assert confirmed(found) == ["mayo-rochester-mesothelioma"]
    assert to_ask(found) == ["masonic", "buffett"]
    assert why(found, "buffett") == (
        f"It is an NCI-designated clinical cancer center and it is about 450 miles away in a straight line. {NO_TEAM}"
    )


def test_cleveland_with_four_more_digits_is_cleveland() -> None:
    for spelling in ("44106", "44106-1702", "441061702", "%2044106%20"):
        assert slugs(ask(f"zip={spelling}&radius=50")) == ["uh-seidman-mesothelioma", "cleveland-clinic-mesothelioma"]


def test_los_angeles_within_50_miles() -> None:
    found = ask("zip=90012&radius=50")
    assert confirmed(found) == ["usc-norris-mesothelioma", "ucla-mesothelioma", "city-of-hope-mesothelioma"]
    assert to_ask(found) == ["chao-family-uci"]
    assert aside("zip=90012&radius=50") == ["va-west-los-angeles-mesothelioma"]
    assert all((match.miles or 0) <= 50 for match in found.matches)


def test_pittsburgh_puts_its_designated_center_first() -> None:
    found = ask("zip=15213&radius=50")
    assert confirmed(found) == ["upmc-mesothelioma", "ahn-mesothelioma"]


# --- Across a line on the map ---------------------------------------------------------------------------------------


def test_washington_is_shown_baltimore_across_the_state_line() -> None:
    found = ask("zip=20001&radius=50")
    assert {match.state for match in found.matches} == {"MD", "DC"}
    assert confirmed(found) == ["umgccc-mesothelioma", "johns-hopkins-mesothelioma", "mercy-baltimore-peritoneal"]
    assert to_ask(found) == ["georgetown-lombardi"]
    assert aside("zip=20001&radius=50") == ["nih-nci-mesothelioma"]


def test_pleural_in_washington_asks_the_place_that_is_named_for_the_belly_only() -> None:
    found = ask("zip=20001&radius=50&kind=pleural")
    assert confirmed(found) == ["umgccc-mesothelioma", "johns-hopkins-mesothelioma"]
    assert to_ask(found) == ["mercy-baltimore-peritoneal", "georgetown-lombardi"]
    assert why(found, "mercy-baltimore-peritoneal") == (
        "A public source names it for mesothelioma and it is about 34 miles away in a straight line. "
        "Ask whether they treat pleural mesothelioma."
    )


@pytest.mark.parametrize(("code", "state"), [("64108", "MO"), ("66101", "KS")])
def test_both_kansas_cities_are_shown_the_same(code: str, state: str) -> None:
    place = locate(code)
    assert place is not None
    assert place.state == state
    found = ask(f"zip={code}")
    assert confirmed(found) == ["siteman-mesothelioma", "mayo-rochester-mesothelioma", "carbone-mesothelioma"]
    assert to_ask(found) == ["ku"]


def test_cincinnati_is_nearer_to_kentucky_than_to_columbus() -> None:
    assert confirmed(ask("zip=45202")) == ["markey-mesothelioma", "osu-james-mesothelioma"]


# --- For some people only -------------------------------------------------------------------------------------------


def test_a_veteran_in_ohio_who_asks_for_va_care_is_shown_boston() -> None:
    found = ask("zip=44106&has=va")
    assert found.widened
    assert slugs(found) == ["va-boston-mesothelioma", "va-west-los-angeles-mesothelioma"]
    assert why(found, "va-boston-mesothelioma") == (
        "It is listed for pleural mesothelioma, it is about 539 miles away in a straight line, "
        f"it is for veterans enrolled in VA health care, {BEYOND} {PHONE}"
    )


def test_a_veteran_in_ohio_in_the_doctor_match_keeps_ohio_first() -> None:
    place = locate("44106")
    everywhere = rank_or_widen(Criteria(place=place, disease="pleural", veteran=True), limit=100)
    assert slugs(everywhere)[:2] == ["uh-seidman-mesothelioma", "cleveland-clinic-mesothelioma"]
    assert "va-boston-mesothelioma" in slugs(everywhere)
    assert "va-boston-mesothelioma" in aside("zip=44106&radius=any")


def test_a_veteran_in_texas_is_nearer_to_los_angeles() -> None:
    found = ask("zip=77030&has=va&radius=500")
    assert slugs(found) == ["va-west-los-angeles-mesothelioma", "va-boston-mesothelioma"]
    assert "it is about 1,382 miles away in a straight line" in why(found, "va-west-los-angeles-mesothelioma")


def test_nobody_else_is_shown_va_care_in_the_list() -> None:
    assert "va-boston-mesothelioma" not in slugs(ask("zip=02132&radius=any&kind=pleural"))
    assert "va-boston-mesothelioma" in aside("zip=02132&radius=50")


def test_memphis_is_not_sent_to_the_children_s_hospital() -> None:
    for radius in ("50", "150", "500", "any"):
        assert "st-jude" not in slugs(ask(f"zip=38105&radius={radius}"))
        assert "st-jude" in aside(f"zip=38105&radius={radius}")
    assert confirmed(ask("zip=38105&radius=50"))[:2] == ["uab-kirklin-mesothelioma", "siteman-mesothelioma"]


@pytest.mark.parametrize(
    ("code", "laboratory"),
    [("04609", "jackson-laboratory"), ("92037", "salk"), ("11724", "cold-spring-harbor"), ("19104", "wistar")],
)
def test_a_laboratory_next_door_is_never_offered(code: str, laboratory: str) -> None:
    for radius in ("50", "any"):
        assert laboratory not in slugs(ask(f"zip={code}&radius={radius}"))
        assert laboratory not in aside(f"zip={code}&radius={radius}")


# --- With what is asked for -----------------------------------------------------------------------------------------


def test_peritoneal_in_georgia_is_shown_who_treats_it_and_whom_to_ask() -> None:
    found = ask("zip=30303&kind=peritoneal")
    assert confirmed(found) == ["hollings-mesothelioma", "wake-forest-peritoneal", "markey-mesothelioma"]
    assert all(BEYOND in why(found, name) for name in confirmed(found))
    assert to_ask(found) == ["uab-kirklin-mesothelioma", "winship"]
    assert why(found, "markey-mesothelioma") == (
        "Its hospital names it for peritoneal mesothelioma, it is about 296 miles away in a straight line, "
        f"{NCI}, {BEYOND}"
    )
    assert "Ask whether they treat peritoneal mesothelioma." in why(found, "uab-kirklin-mesothelioma")


def test_hipec_in_nebraska_is_shown_who_offers_it_before_whom_to_ask() -> None:
    found = ask("zip=68105&has=hipec&radius=500")
    assert confirmed(found) == ["uchicago-mesothelioma", "froedtert-mcw-peritoneal"]
    assert why(found, "froedtert-mcw-peritoneal") == (
        "Its hospital names it for peritoneal mesothelioma, it is about 425 miles away in a straight line, "
        "and it offers surgery in the belly with heated chemotherapy (HIPEC)."
    )
    assert to_ask(found)[0] == "mayo-rochester-mesothelioma"
    assert why(found, "mayo-rochester-mesothelioma").endswith("Ask whether they offer HIPEC.")
    assert why(found, "buffett").endswith(f"{NO_TEAM} Ask whether they offer HIPEC.")


def test_hipec_and_peritoneal_in_tampa_asks_tampa_and_names_miami() -> None:
    found = ask("zip=33612&kind=peritoneal&has=hipec")
    assert confirmed(found)[0] == "sylvester-mesothelioma"
    assert to_ask(found)[0] == "moffitt-mesothelioma"
    assert why(found, "moffitt-mesothelioma").endswith("Ask whether they offer HIPEC.")


def test_trials_in_seattle_are_known_of_one_hospital() -> None:
    found = ask("zip=98109&has=trials&radius=50")
    assert confirmed(found)[0] == "fred-hutch-mesothelioma"
    assert why(found, "fred-hutch-mesothelioma") == (
        "Its hospital names it for pleural and peritoneal mesothelioma, it is about 1 mile away in a straight line, "
        f"{NCI}, and it takes part in clinical trials."
    )
    assert slugs(found) == ["fred-hutch-mesothelioma", "swedish-mesothelioma"]
    assert why(found, "swedish-mesothelioma").endswith(f"Ask about clinical trials. {PHONE}")


def test_remote_only_in_wyoming_does_not_count_the_miles() -> None:
    """Seven hospitals' own pages offer it; nobody has said whether by slides and scans alone."""
    found = ask("zip=82601&way=records")
    assert slugs(found)[:7] == [
        "colorado-thoracic",
        "city-of-hope-mesothelioma",
        "ucsf-thoracic-oncology",
        "cleveland-clinic-mesothelioma",
        "memorial-sloan-kettering",
        "brigham-dana-farber",
        "sylvester-mesothelioma",
    ]
    assert not found.widened
    assert "miles" not in why(found, "ucsf-thoracic-oncology")
    assert why(found, "city-of-hope-mesothelioma") == (
        f"Its hospital names it for pleural mesothelioma, {NCI}, and {REMOTE}. "
        "Ask whether you can send slides and scans without a visit."
    )


def test_video_in_alaska_asks_about_the_license() -> None:
    found = ask("zip=99501&way=video")
    assert slugs(found)[:2] == ["ucsf-thoracic-oncology", "city-of-hope-mesothelioma"]
    assert why(found, "ucsf-thoracic-oncology").endswith(
        "Ask whether a doctor can see you by video while you are in Alaska."
    )


def test_video_in_boston_begins_at_home_where_the_license_is() -> None:
    found = ask("zip=02115&way=video")
    assert slugs(found)[:2] == ["brigham-dana-farber", "massachusetts-general"]
    assert (
        "it is in Massachusetts, where you are: doctors need a license there to see you by video"
        in found.matches[0].reasons
    )


def test_records_only_in_kansas_begins_with_who_offers_a_remote_opinion() -> None:
    found = ask("zip=67202&way=records")
    remote = [match for match in found.matches if match.program and match.program.remote_second_opinion]
    assert [slug(match) for match in remote][:2] == ["colorado-thoracic", "cleveland-clinic-mesothelioma"]
    assert found.matches[: len(remote)] == remote
    assert len(remote) == 8  # all that the shipped rows know of


def test_nci_only_in_vermont_has_a_center_to_ask_next_door_and_boston() -> None:
    found = ask("zip=05401&has=nci")
    assert confirmed(found)[:2] == ["massachusetts-general", "brigham-dana-farber"]
    assert to_ask(found) == ["dartmouth"]
    assert all(match.center is not None for match in found.matches)


def test_self_referral_in_florida_is_known_of_one_place() -> None:
    found = ask("zip=33612&has=self_referral")
    assert confirmed(found) == ["moffitt-mesothelioma"]
    assert why(found, "moffitt-mesothelioma") == (
        "Its hospital names it for pleural and peritoneal mesothelioma, it is about 2 miles away in a straight line, "
        f"{NCI}, and it takes you without a referral."
    )
    assert to_ask(found) == ["adventhealth-celebration-mesothelioma", "uf-health"]
    assert "Ask whether you need a referral." in why(found, "adventhealth-celebration-mesothelioma")


def test_a_team_in_chicago_asks_where_it_is_not_known() -> None:
    found = ask("zip=60611&has=team&radius=50")
    assert confirmed(found) == ["uchicago-mesothelioma", "loyola-mesothelioma"]
    assert to_ask(found) == ["northshore-mesothelioma", "lurie-mesothelioma"]


def test_what_nobody_knows_is_asked_and_never_left_out() -> None:
    """In the shipped data no place is known for all of these. The list is as long as without them."""
    every = "&".join(f"has={need}" for need in ("surgery", "hipec", "trials", "team", "remote", "self_referral"))
    found = ask(f"zip=10001&radius=50&{every}")
    assert {slug(match) for match in found.matches if match.miles and match.miles <= 50} == set(
        slugs(ask("zip=10001&radius=50"))
    )
    assert confirmed(found) == []
    assert why(found, "mount-sinai-mesothelioma").count("Ask ") >= 3


# --- In which order -------------------------------------------------------------------------------------------------


def test_new_york_by_miles_and_by_fit() -> None:
    """Mount Sinai is third in both; for the belly, which nobody names it for, it is one to ask."""
    by_fit = ask("zip=10001&radius=50")
    assert slugs(by_fit) == [
        "nyu-langone-mesothelioma",
        "memorial-sloan-kettering",
        "mount-sinai-mesothelioma",
        "columbia-mesothelioma",
        "rutgers-mesothelioma",
        "montefiore-einstein",
    ]
    by_miles = [match.miles for match in ask("zip=10001&radius=50&sort=miles").matches if match.is_confirmed]
    assert by_miles == sorted(by_miles)
    peritoneal = ask("zip=10001&radius=50&kind=peritoneal&sort=miles")
    assert confirmed(peritoneal) == [
        "nyu-langone-mesothelioma",
        "memorial-sloan-kettering",
        "columbia-mesothelioma",
        "rutgers-mesothelioma",
    ]
    assert to_ask(peritoneal) == ["mount-sinai-mesothelioma", "montefiore-einstein"]


def test_chicago_by_miles_begins_with_the_one_across_the_street() -> None:
    by_fit = ask("zip=60611&radius=50")
    assert slugs(by_fit) == [
        "uchicago-mesothelioma",
        "loyola-mesothelioma",
        "northshore-mesothelioma",
        "lurie-mesothelioma",
    ]
    assert slugs(ask("zip=60611&radius=50&sort=miles"))[0] == "lurie-mesothelioma"
    assert to_ask(ask("zip=60611&radius=50&kind=pleural&sort=miles")) == ["lurie-mesothelioma"]


def test_milwaukee_pleural_goes_to_chicago_and_madison_and_asks_its_own_hospital() -> None:
    found = ask("zip=53202&kind=pleural")
    assert confirmed(found) == [
        "uchicago-mesothelioma",
        "northshore-mesothelioma",
        "loyola-mesothelioma",
        "carbone-mesothelioma",
    ]
    assert "froedtert-mcw-peritoneal" in to_ask(found)


# --- By state, by name ----------------------------------------------------------------------------------------------


def test_ohio_without_a_zip_is_shown_ohio_first() -> None:
    found = ask("state=OH")
    assert slugs(found)[:3] == ["osu-james-mesothelioma", "cleveland-clinic-mesothelioma", "uh-seidman-mesothelioma"]
    assert slugs(ask("state=MT"))[:3] == ["huntsman-mesothelioma", "fred-hutch-mesothelioma", "colorado-thoracic"]
    assert why(found, "osu-james-mesothelioma") == (
        f"Its hospital names it for pleural and peritoneal mesothelioma, it is in Ohio, and {NCI}."
    )
    assert all(match.miles is None for match in found.matches)


def test_a_state_without_anything_is_never_a_dead_end(client: Client) -> None:
    page = client.get("/find-care/centers/wyoming/").content.decode()
    assert "We know no mesothelioma program for adults in Wyoming" in page
    assert "/find-care/centers/colorado/" in page
    assert "/find-care/centers/utah/" in page
    assert ask("state=WY").matches


@pytest.mark.parametrize("typed", ["Moffitt", "moffit", "MOFFITT Cancer"])
def test_a_name_is_found_misspelled_too(client: Client, typed: str) -> None:
    page = client.get("/find-care/by-name/", {"name": typed}).content.decode()
    assert "/find-care/programs/moffitt-mesothelioma/" in page
