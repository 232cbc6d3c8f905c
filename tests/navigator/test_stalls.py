"""A worker that takes no work ends; one that has none goes on."""

from collections.abc import Callable
from threading import Event

import pytest
from django.db import OperationalError

from navigator import stalls
from navigator.celery import app
from navigator.stalls import EVERY, PATIENCE, STALLED, Guard


def silent(is_late: Callable[[], bool], *, seconds: float = PATIENCE) -> Guard:
    """A guard that heard nothing for so long."""
    guard = Guard(is_late=is_late)
    guard.last -= seconds
    return guard


def test_no_task_while_something_is_late_is_a_stall() -> None:
    assert silent(lambda: True).is_stalled()


def test_a_worker_without_work_goes_on() -> None:
    assert not silent(lambda: False).is_stalled()


def test_a_task_now_and_then_is_enough_and_nothing_is_asked() -> None:
    def ask() -> bool:
        pytest.fail("the database is asked only when nothing comes")

    guard = silent(ask)
    guard.heard()
    assert not guard.is_stalled()
    assert not silent(ask, seconds=PATIENCE - 1).is_stalled()


def test_a_database_that_is_away_is_no_reason() -> None:
    def away() -> bool:
        raise OperationalError

    assert not silent(away).is_stalled()


def test_it_ends_the_process_from_a_thread_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    ended, late, statuses = Event(), Event(), []

    def end(status: int) -> None:
        statuses.append(status)
        ended.set()

    Guard(is_late=late.is_set, patience=0, every=0.01, end=end).start()
    assert not ended.wait(0.2)
    late.set()
    assert ended.wait(5)
    assert statuses == [STALLED]
    assert "this worker ends" in caplog.text


@pytest.mark.django_db
def test_what_the_worker_asks_is_the_probe_of_the_promises(monkeypatch: pytest.MonkeyPatch) -> None:
    from navigator import celery as wired

    made: list[Guard] = []
    monkeypatch.setattr(stalls.Guard, "start", lambda guard: made.append(guard))
    wired._guard_against_stalls()
    assert made[0].is_late() is False
    assert made[0].patience == PATIENCE > 10 * EVERY
    assert app.conf.beat_schedule["sweep"]["schedule"].total_seconds() < PATIENCE / 10
