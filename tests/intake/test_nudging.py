"""The doorbell: real Redis, a real worker, and a broker that is away or deaf."""

import socket
import time
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from django.core.management import call_command
from django.utils import timezone
from kombu.exceptions import OperationalError

from intake import nudging, readiness, tasks
from intake.models import HelpRequest, Promise
from navigator.celery import app
from tests.intake.factories import AdvocateFactory, PromiseFactory


@pytest.mark.django_db(transaction=True)
def test_a_request_is_routed_by_a_real_worker_through_a_real_broker(ask: Callable[..., HelpRequest]) -> None:
    advocate = AdvocateFactory()
    app.control.purge()  # what other tests rang for would be answered first
    with start_worker(app, perform_ping_check=False, pool="solo"):
        request = ask()
        end = time.monotonic() + 30
        while time.monotonic() < end and request.advocate_id is None:
            time.sleep(0.05)
            request.refresh_from_db()
    assert request.advocate == advocate


@pytest.fixture(autouse=True)
def _no_silence_from_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudging, "_silent_until", 0.0)


def test_publishing_to_a_deaf_broker_ends_soon() -> None:
    """A socket that accepts and never answers: what blocks Celery for ever by default."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"redis://127.0.0.1:{deaf.getsockname()[1]}/0"
        started = time.monotonic()
        with app.connection(address) as connection, pytest.raises(OperationalError):
            tasks.keep_promise.apply_async((1,), retry=False, connection=connection)
    assert time.monotonic() - started < 5


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_hangs_costs_the_family_nothing(
    ask: Callable[..., HelpRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    rung = Event()

    def hang(*args: Any, **kwargs: Any) -> None:
        rung.set()
        time.sleep(2)
        raise OperationalError

    monkeypatch.setattr(tasks.keep_promise, "apply_async", hang)
    started = time.monotonic()
    request = ask()
    took = time.monotonic() - started
    assert rung.wait(2)
    assert took < 1
    assert request.promises.filter(kind="route", done_at=None).exists()
    time.sleep(2)  # until the thread has given up and fallen silent
    assert nudging._silent_until > time.monotonic()


def test_a_full_queue_drops_the_nudge_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudging, "_start", lambda: None)
    monkeypatch.setattr(nudging, "_waiting", type(nudging._waiting)(maxsize=2))
    for pk in range(5):
        nudging.nudge(pk)
    assert nudging._waiting.qsize() == 2


@pytest.mark.django_db
def test_the_command_keeps_promises_without_a_broker(capsys: pytest.CaptureFixture[str]) -> None:
    AdvocateFactory()
    PromiseFactory()
    call_command("sweep")
    assert "2 promises kept" in capsys.readouterr().out


@pytest.mark.django_db
def test_tasks_are_thin() -> None:
    AdvocateFactory()
    owed = PromiseFactory()
    tasks.keep_promise(owed.pk)
    tasks.sweep()
    tasks.tidy()
    assert not Promise.objects.due().exists()


@pytest.mark.django_db
def test_readiness_is_judged_by_the_oldest_due_promise() -> None:
    assert readiness.oldest_due() == "ok"
    PromiseFactory(due_at=timezone.now() - timezone.timedelta(minutes=2))
    assert "1 due for more than a minute" in readiness.oldest_due()
