"""The sweep does all that is due, and one failure holds up nothing else."""

from collections.abc import Callable
from typing import Any

import pytest

from intake import promises, resending, sweeping, tasks
from intake.models import HelpRequest, LinkAsk

pytestmark = pytest.mark.django_db


def test_a_lost_link_and_what_is_owed_are_seen_to(ask: Callable[..., HelpRequest], mailoutbox: list[Any]) -> None:
    request = ask()
    promises.silence(request)
    LinkAsk.objects.create(email_hash=request.email_hash)
    tasks.sweep()
    assert [message.subject for message in mailoutbox] == ["The address of your page"]


def test_one_that_fails_holds_up_no_other(
    ask: Callable[..., HelpRequest], mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    ask()

    def broken() -> int:
        raise RuntimeError("maria@family.example")

    monkeypatch.setattr(resending, "answer", broken)
    assert sweeping.sweep() > 0
    assert mailoutbox
    assert "RuntimeError" in caplog.text
    assert "maria" not in caplog.text
