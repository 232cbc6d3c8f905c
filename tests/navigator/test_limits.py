from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from navigator import limits
from navigator.limits import Limit
from navigator.models import Tally
from tests.racing import at_once

pytestmark = pytest.mark.django_db
TWICE = Limit(2, timedelta(hours=1))
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)


def test_what_is_used_more_often_is_over() -> None:
    assert [limits.take({"a": TWICE}) for _ in range(3)] == [set(), set(), {"a"}]
    assert limits.take({"a": TWICE, "b": TWICE, "c": Limit(0, TWICE.period)}) == {"a", "c"}
    assert limits.take({}) == set()


def test_a_period_ends_by_itself_and_begins_with_the_first_use() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        limits.take({"a": TWICE})
        clock.move_to(NOW + timedelta(minutes=59))
        assert [limits.take({"a": TWICE}) for _ in range(2)] == [set(), {"a"}]
        clock.move_to(NOW + timedelta(hours=1))
        assert limits.take({"a": TWICE}) == set()
        assert Tally.objects.get().ends_at == NOW + timedelta(hours=2)


def test_no_name_can_be_read_from_the_table() -> None:
    limits.take({"request from 8.8.4.4": TWICE})
    assert "8.8" not in str(Tally.objects.values().get())


def test_one_statement_for_each_name() -> None:
    for names in ("a", "abc"):
        with CaptureQueriesContext(connection) as asked:
            limits.take(dict.fromkeys(names, TWICE))
        assert len(asked) == len(names)


def test_what_is_rolled_back_was_no_use() -> None:
    with transaction.atomic():
        limits.take({"a": TWICE})
        transaction.set_rollback(True)
    assert not Tally.objects.exists()


def test_a_name_is_counted_once() -> None:
    limits.take({"a": TWICE})
    row = Tally.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Tally.objects.create(name=row.name, ends_at=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time")
def test_of_many_at_once_no_more_than_the_limit() -> None:
    allowed: list[str] = []

    def use(first: str, second: str) -> None:
        over = limits.take({first: TWICE, second: TWICE})
        allowed.extend({first, second} - over)

    orders = [("a", "b"), ("b", "a")] * 10  # two orders: no deadlock
    assert at_once(*[lambda pair=pair: use(*pair) for pair in orders]) == []  # type: ignore[misc]
    assert sorted(allowed) == ["a", "a", "b", "b"]
