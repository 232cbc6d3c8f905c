"""Places side by side say no more than their own pages, and where they differ in words."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from doctors import comparing, facts, zipcodes
from doctors.comparing import DIFFERENT, NOWHERE, PARTLY, SAME, verdict
from tests.doctors.factories import CenterFactory, ProgramFactory, make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-11-24"):
        yield


def looked(group: str, days: int) -> dict[str, Any]:
    return {f"{group}_verified_on": TODAY - timedelta(days=days), f"{group}_verified_how": "phone"}


def table(*places: facts.Place, zip: str = "") -> dict[str, comparing.Row]:
    rows = comparing.rows(places, zipcodes.locate(zip) if zip else None)
    assert len({row.label for row in rows}) == len(rows)
    assert {len(row.cells) for row in rows} == {len(places)}
    return {row.label: row for row in rows}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([True, True], SAME),
        ([True, False], DIFFERENT),
        ([True, None], PARTLY),
        ([False, None, False], PARTLY),
        ([False, None, True], DIFFERENT),
        ([None, None], NOWHERE),
        (["", "comprehensive"], DIFFERENT),
    ],
)
def test_what_is_not_known_is_no_difference(values: list[Any], words: str) -> None:
    assert verdict(values) == words


def test_states_and_their_verdicts() -> None:
    yes = make(ProgramFactory, surgery=True, hipec=True, **looked("care", 1))
    no = make(ProgramFactory, surgery=False, **looked("care", 1))
    rows = table(yes, no)
    assert rows["Surgery"] == ("Surgery", ["Yes", "No (as of November 23, 2026)"], DIFFERENT)
    assert rows["HIPEC (heated drugs in the belly)"][1:] == (["Yes", "Not known: ask"], PARTLY)
    assert rows["Visit by video"][1:] == (["Not known: ask", "Not known: ask"], NOWHERE)
    assert rows["Whom it treats"].verdict == SAME


def test_the_same_answer_of_another_day_is_no_difference() -> None:
    one, other = (make(ProgramFactory, surgery=False, **looked("care", days)) for days in (1, 5))
    row = table(one, other)["Surgery"]
    assert row.cells[0] != row.cells[1]
    assert row.verdict == SAME


def test_a_single_place_is_compared_with_nothing() -> None:
    assert {row.verdict for row in table(make(ProgramFactory)).values()} == {""}


def test_what_grew_old_is_not_told_and_not_compared() -> None:
    old = make(ProgramFactory, surgery=True, languages="Spanish", **looked("contact", 181), **looked("care", 181))
    fresh = make(ProgramFactory, surgery=False, **looked("care", 1))
    rows = table(old, fresh)
    assert rows["Phone"].cells[0] == "Out of date: ask"
    assert rows["Surgery"].cells[0] == "Out of date: ask"
    assert rows["Surgery"].verdict == PARTLY
    assert rows["Languages"].cells[0] == "Spanish"
    assert "312-555-0142" in rows["Phone"].cells[1]


def test_what_is_stale_says_so() -> None:
    stale = make(ProgramFactory, surgery=True, **looked("contact", 91), **looked("care", 91))
    rows = table(stale)
    assert rows["Surgery"].cells == ["Yes (may be out of date)"]
    assert rows["Phone"].cells[0].endswith("</a> (may be out of date)")


def test_a_center_has_no_facts_of_care() -> None:
    rows = table(make(CenterFactory), make(ProgramFactory, surgery=True))
    assert rows["Surgery"].cells == ["Not known: ask", "Yes"]
    assert rows["Kind of source"].cells[0].startswith("NCI list of cancer centers")


def test_miles_only_with_a_zip() -> None:
    program = make(ProgramFactory)
    assert "How far" not in table(program)
    assert table(program, zip="60614")["How far"].cells == ["About 1 mile in a straight line"]
    assert table(program, zip="96813")["How far"].cells[0].startswith("About 4,2")


def test_the_nci_label_of_a_program_is_that_of_its_center() -> None:
    center = make(CenterFactory, name="Lakeside")
    inside, outside = make(ProgramFactory, center=center), make(ProgramFactory)
    row = table(center, inside, outside)["NCI label"]
    assert row.cells == ["Comprehensive", "Comprehensive, as part of Lakeside", "No NCI-designated center that we know"]
    assert row.verdict == DIFFERENT
    center.ended_on, center.ended_note = TODAY, "It lost its label."
    assert table(inside)["NCI label"].cells == ["No NCI-designated center that we know"]


def test_every_group_says_when_it_was_checked() -> None:
    cell = table(make(ProgramFactory, **looked("care", 1)))["When we checked"].cells[0]
    assert "<strong>What it treats and offers.</strong> Checked on November 23, 2026, by phone" in cell
    assert cell.count("Not yet checked by us") == 2


def test_words_of_a_listing_stay_words() -> None:
    program = make(ProgramFactory, languages="<b>Spanish</b>", **looked("access", 91))
    assert table(program)["Languages"].cells == ["&lt;b&gt;Spanish&lt;/b&gt; (may be out of date)"]
