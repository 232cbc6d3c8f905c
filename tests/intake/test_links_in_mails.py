"""From the mail to the page: the address in each mail opens what the mail says, and no more."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from intake import booking, people, promises, resending
from intake.models import Conversation, HelpRequest, Participant, Promise
from tests.intake.factories import AdvocateFactory
from tests.intake.family import known, other, send
from tests.intake.pages import sound

pytestmark = pytest.mark.django_db


@pytest.fixture
def call() -> Conversation:
    ana = AdvocateFactory(first_name="Ana", hours=range(7))
    request = known(kind="conversation", advocate=ana, assigned_at=datetime(2026, 1, 1, tzinfo=UTC), status="assigned")
    other(request)
    start = booking.open_times(state="IL", days=28)[-1]
    return booking.book(help_request=request, starts_at=start, way="phone")


def mails(kind: str, mailoutbox: list[Any]) -> dict[str, list[str]]:
    """Address -> the paths in its mail of this kind."""
    Promise.objects.pending().filter(kind=kind).update(due_at=datetime(2026, 1, 1, tzinfo=UTC))
    mailoutbox.clear()
    for owed in Promise.objects.pending().filter(kind=kind):
        promises.keep_one(owed.pk)
    return {mail.to[0]: [urlsplit(url).path for url in re.findall(r"https?://\S+", mail.body)] for mail in mailoutbox}


def test_each_person_moves_the_call_from_their_own_confirmation(
    client: Client, call: Conversation, mailoutbox: list[Any]
) -> None:
    paths = mails(Promise.Kind.CONFIRM, mailoutbox)
    assert set(paths) == {"maria@family.example", "rosa@other.example"}
    for address, (about, own) in paths.items():
        text = sound(client.get(about))
        assert "Move the call" in text
        assert "Maria" not in text
        assert ("Maria Sample" if "maria" in address else "Rosa Other") in sound(client.get(own))
    assert paths["maria@family.example"][0] != paths["rosa@other.example"][0]
    assert send(client, paths["rosa@other.example"][0] + "cancel/").status_code == 302
    call.refresh_from_db()
    assert call.cancelled_at


def test_a_reminder_opens_the_call_and_nothing_else(client: Client, call: Conversation, mailoutbox: list[Any]) -> None:
    paths = mails(Promise.Kind.REMIND, mailoutbox)
    assert set(paths) == {"maria@family.example", "rosa@other.example"}
    for path, *more in paths.values():
        assert path.endswith("/call/")
        assert more == []
        assert sound(client.get(path))


def test_the_link_again_opens_their_own_page(client: Client, call: Conversation, mailoutbox: list[Any]) -> None:
    resending.ask(email="rosa@other.example")
    resending.answer()
    ((path,),) = mails(Promise.Kind.SEND_LINK, mailoutbox).values()
    assert "Rosa Other" in sound(client.get(path))
    assert "Somebody asked us" in mailoutbox[0].body


def test_who_has_just_agreed_is_told_so(call: Conversation, mailoutbox: list[Any]) -> None:
    robert = other(call.help_request, name="Robert Sample", email="robert@family.example", agreed_at=None)
    people.join(participant=robert, words="words", how="page")
    mails(Promise.Kind.SEND_LINK, mailoutbox)
    assert "You said yes" in mailoutbox[0].body
    assert Participant.objects.get(pk=robert.pk).is_in
    assert HelpRequest.objects.get().participants.count() == 2
