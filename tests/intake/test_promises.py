from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from intake import keepers, promises
from intake.models import HelpRequest, Promise
from tests.intake.factories import AdvocateFactory, PromiseFactory

pytestmark = pytest.mark.django_db


def test_a_claim_is_exclusive() -> None:
    owed = PromiseFactory()
    assert promises.claim(owed.pk)
    assert promises.claim(owed.pk) is None


def test_a_claim_counts_the_attempt_and_comes_back_after_the_lease() -> None:
    owed = PromiseFactory()
    mine = promises.claim(owed.pk)
    assert mine is not None
    assert mine.attempts == 1
    assert timedelta(seconds=20) < mine.due_at - timezone.now() < timedelta(seconds=40)


def test_what_is_not_due_is_left_alone() -> None:
    owed = PromiseFactory(due_at=timezone.now() + timedelta(minutes=1))
    assert promises.keep_one(owed.pk) is False
    assert promises.sweep() == 0


@pytest.mark.django_db(transaction=True)
def test_many_workers_route_one_request_once() -> None:
    AdvocateFactory()
    owed = PromiseFactory()
    barrier = Barrier(8)
    results: list[bool] = []

    def work() -> None:
        barrier.wait()
        results.append(promises.keep_one(owed.pk))
        connection.close()

    threads = [Thread(target=work) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert results.count(True) == 1
    assert owed.help_request.history.filter(what="routed").count() == 1


def test_a_worker_that_dies_leaves_the_row_due_again(settings: Any) -> None:
    AdvocateFactory()
    owed = PromiseFactory()
    assert promises.claim(owed.pk)  # and then: kill -9
    Promise.objects.filter(pk=owed.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    assert promises.keep_one(owed.pk)


def test_a_late_worker_cannot_close_what_another_took_over() -> None:
    owed = PromiseFactory()
    slow = promises.claim(owed.pk)
    Promise.objects.filter(pk=owed.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    assert promises.claim(owed.pk)
    assert slow is not None
    assert promises.close(slow) is False


def test_an_error_is_noted_by_its_class_and_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(mine: Promise) -> bool:
        raise ValueError("maria@family.example")

    monkeypatch.setitem(keepers.KEEPERS, Promise.Kind.ROUTE, fail)
    owed = PromiseFactory()
    assert promises.keep_one(owed.pk) is False
    owed.refresh_from_db()
    assert owed.last_error == "ValueError"
    assert owed.due_at > timezone.now()


def test_a_poisoned_promise_is_given_up_in_plain_sight_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    AdvocateFactory()
    poison = PromiseFactory(attempts=promises.OTHER_TRIES)
    healthy = PromiseFactory()
    assert promises.sweep() == 2  # route, tell the advocate
    poison.refresh_from_db()
    healthy.refresh_from_db()
    assert poison.gave_up_at
    assert healthy.done_at


def test_nobody_who_fits_is_no_failure_and_a_lead_is_told_once() -> None:
    owed = PromiseFactory()
    for _ in range(3):
        Promise.objects.filter(pk=owed.pk).update(due_at=timezone.now() - timedelta(seconds=1))
        assert promises.keep_one(owed.pk) is False
    owed.refresh_from_db()
    assert (owed.attempts, owed.gave_up_at, owed.done_at) == (0, None, None)
    assert owed.help_request.promises.filter(kind=Promise.Kind.WAKE_LEAD).count() == 1
    assert owed.help_request.history.filter(what="waiting").count() == 1


def test_silence_closes_what_is_open_without_an_effect(mailoutbox: list[Any]) -> None:
    owed = PromiseFactory(kind=Promise.Kind.ACKNOWLEDGE)
    assert promises.silence(owed.help_request) == 1
    assert promises.sweep() == 0
    assert mailoutbox == []


def test_the_same_key_is_the_same_promise() -> None:
    owed = PromiseFactory()
    again = promises.promise(Promise.Kind.ROUTE, owed.help_request, timezone.now(), owed.key)
    assert again == owed


def test_every_submitted_request_is_kept_by_the_sweep_alone(
    ask: Callable[..., HelpRequest], mailoutbox: list[Any]
) -> None:
    advocate = AdvocateFactory()
    request = ask()
    assert promises.sweep() == 3  # acknowledge, route, tell the advocate
    request.refresh_from_db()
    assert request.advocate == advocate
    assert sorted(mail.to[0] for mail in mailoutbox) == [advocate.email, "maria@family.example"]
