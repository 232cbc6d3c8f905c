"""Between a mail that was written and a mail that was sent, the family may have spoken."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from intake import emails, erasing, keepers, people, promises
from intake.models import HelpRequest
from tests.intake.factories import HelpRequestFactory
from tests.racing import at_once

pytestmark = pytest.mark.django_db
Ask = Callable[..., HelpRequest]


def written(monkeypatch: pytest.MonkeyPatch, then: Callable[[], Any]) -> None:
    """`then` happens when a mail is written down, before it is sent."""
    store = keepers._written

    def stored(*args: Any) -> Any:
        message = store(*args)
        then()
        return message

    monkeypatch.setattr(keepers, "_written", stored)


@pytest.mark.parametrize("verb", [erasing.withdraw, erasing.erase])
def test_a_mail_that_is_written_is_not_sent_after_a_stop(
    ask: Ask, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch, verb: Any
) -> None:
    row = ask()
    written(monkeypatch, lambda: verb(help_request=row))
    promises.keep_one(row.promises.get(kind="acknowledge").pk)
    assert mailoutbox == []


def test_nor_to_somebody_who_left(mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    row = HelpRequestFactory()
    father = people.add(
        help_request=row, role="patient", contact={"name": "Jo", "email": "jo@family.example", "reach_by": "email"}
    )
    written(monkeypatch, lambda: people.leave(participant=father, how="page"))
    promises.keep_one(row.promises.get(kind="invite").pk)
    assert mailoutbox == []


def test_a_mail_that_waits_follows_the_family_to_its_new_address(
    ask: Ask, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ask()
    with monkeypatch.context() as away:

        def refuse(*args: Any, **kwargs: Any) -> int:
            raise OSError

        away.setattr(mail.EmailMultiAlternatives, "send", refuse)
        promises.keep_one(row.promises.get(kind="acknowledge").pk)
    people.change_contact(person=row, contact={"email": "new@family.example"})
    row.promises.update(due_at=timezone.now() - timedelta(minutes=1))
    promises.sweep()
    opens = {message.to[0] for message in mailoutbox if "/my/" in message.body}
    assert opens == {"new@family.example"}, "the old address opens nothing"


def test_an_address_hears_once_an_hour_that_we_have_a_request(ask: Ask, mailoutbox: list[Any]) -> None:
    for _ in range(3):
        ask()
    promises.sweep()
    assert [message.subject for message in mailoutbox].count("We have your request") == 1
    HelpRequest.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    ask()
    promises.sweep()
    assert [message.subject for message in mailoutbox].count("We have your request") == 2


def test_who_was_never_told_of_one_is_told_of_the_next(ask: Ask, mailoutbox: list[Any]) -> None:
    erasing.withdraw(help_request=ask())
    ask()
    promises.sweep()
    assert [message.subject for message in mailoutbox].count("We have your request") == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(5))
def test_two_workers_at_once_acknowledge_once(ask: Ask, mailoutbox: list[Any], attempt: int) -> None:
    owed = [ask().promises.get(kind="acknowledge").pk for _ in range(2)]
    assert at_once(*(partial(promises.keep_one, pk) for pk in owed)) == []
    assert [message.subject for message in mailoutbox].count("We have your request") == 1


@pytest.mark.parametrize(
    "name",
    [
        "Win http://evil.example now",
        "see www.evil.example",
        "a@b.example",
        "evil.example",
        "x" * 61,
        "javascript:x",
        "",
    ],
)
def test_what_looks_like_an_address_is_greeted_without_it(name: str) -> None:
    assert emails.greeted(name) == "there"


@pytest.mark.parametrize("name", ["Maria Sample", "J. R. O'Neil Jr.", "Ana-Lucia d'Angelo", "李小龍", "St. John"])
def test_a_name_is_a_name(name: str) -> None:
    assert emails.greeted(name) == name
