from datetime import date, timedelta

import pytest
import time_machine

from doctors.freshness import freshness
from tests.doctors.factories import CenterFactory, make

TODAY = date(2026, 11, 24)


def after(days: int) -> str:
    return freshness(
        verified_on=TODAY - timedelta(days=days), verified_how="by phone", source_checked=None, source="", today=TODAY
    ).state


@pytest.mark.parametrize(("days", "state"), [(0, "fresh"), (90, "fresh"), (91, "stale"), (180, "stale"), (181, "old")])
def test_a_check_ages(days: int, state: str) -> None:
    assert after(days) == state


def test_our_own_look_counts_before_the_source() -> None:
    found = freshness(
        verified_on=TODAY, verified_how="by phone", source_checked=date(2020, 1, 1), source="a list", today=TODAY
    )
    assert found.checked == "Checked on November 24, 2026, by phone"
    assert found.warning == ""
    assert not found.folded


def test_without_our_look_the_source_speaks() -> None:
    found = freshness(verified_on=None, verified_how="", source_checked=date(2026, 9, 23), source="a list", today=TODAY)
    assert found.checked == "Checked on September 23, 2026, against a list"


def test_nobody_has_looked() -> None:
    found = freshness(verified_on=None, verified_how="", source_checked=None, source="a list", today=TODAY)
    assert (found.state, found.checked) == ("unchecked", "Not yet checked by us")
    assert found.warning


@pytest.mark.django_db
def test_a_row_grows_old_by_itself() -> None:
    center = make(CenterFactory, source_checked=date(2026, 9, 23))
    with time_machine.travel("2026-11-24"):
        assert center.freshness.state == "fresh"
        assert "against the NCI list of cancer centers" in center.freshness.checked
    with time_machine.travel("2027-06-01"):
        assert center.freshness.folded
