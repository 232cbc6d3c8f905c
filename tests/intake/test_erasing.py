from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from intake import consent, erasing, links, promises
from intake.models import Consent, HelpRequest, Message
from navigator.encryption import lookup_hash
from tests.intake.factories import AdvocateFactory, ConversationFactory, HelpRequestFactory, PromiseFactory

pytestmark = pytest.mark.django_db
VALUES = ("Maria", "family.example", "3125550142")


def test_withdrawing_closes_and_silences_and_is_noted_once() -> None:
    owed = PromiseFactory()
    erasing.withdraw(help_request=owed.help_request)
    erasing.withdraw(help_request=owed.help_request)
    request = HelpRequest.objects.get()
    assert request.outcome == HelpRequest.Outcome.WITHDRAWN
    assert Consent.objects.get().act == Consent.Act.WITHDRAWN
    assert promises.sweep() == 0


def test_a_closed_request_can_be_withdrawn_too() -> None:
    request = closed()
    consent.give(help_request=request, words="words", how="page")
    erasing.withdraw(help_request=request, how="letter", by=(lead := AdvocateFactory().user))
    erasing.withdraw(help_request=request)
    request.refresh_from_db()
    assert request.outcome == HelpRequest.Outcome.HELPED
    assert list(request.consents.values_list("act", "how", "by")) == [
        ("given", "page", None),
        ("withdrawn", "letter", lead.pk),
    ]
    assert not consent.stands(request)


@pytest.mark.parametrize(
    ("joined", "is_gone"),
    [
        ({}, True),
        ({"email": "other@family.example"}, True),  # the same phone
        ({"phone": None}, True),
        ({"email": "other@family.example", "phone": "+13125550199"}, False),
        ({"email": None, "phone": "+13125550199"}, False),
    ],
)
def test_what_they_had_joined_is_gone_with_it_and_nobody_elses(joined: dict[str, str | None], is_gone: bool) -> None:
    kept = of_family(HelpRequestFactory())
    other = of_family(closed(outcome="duplicate", merged_into=kept, **joined))
    consent.give(help_request=other, words="words", how="page")
    erasing.erase(help_request=kept)
    for row in (kept, other):
        row.refresh_from_db()
    assert kept.erased_at
    assert bool(other.erased_at) is is_gone
    assert consent.stands(other) is not is_gone


def closed(**fields: Any) -> HelpRequest:
    return HelpRequestFactory(**{"status": "closed", "outcome": "helped", "closed_at": timezone.now(), **fields})


def of_family(row: HelpRequest) -> HelpRequest:
    row.email_hash = lookup_hash(row.email) if row.email else ""
    row.phone_hash = lookup_hash(row.phone) if row.phone else ""
    row.save()
    return row


def test_erasing_leaves_a_stub_and_no_value_anywhere_in_the_database() -> None:
    AdvocateFactory()
    conversation = ConversationFactory()
    request = conversation.help_request
    Message.objects.create(
        promise=PromiseFactory(help_request=request),
        help_request=request,
        to_family=True,
        recipient=request.email,
        subject="We have your request",
        body="Hello Maria Sample",
        message_id="<1@x>",
    )
    token = links.token(request)
    erasing.erase(help_request=request)
    erasing.erase(help_request=request)
    request.refresh_from_db()
    conversation.refresh_from_db()
    assert request.erased_at
    assert request.told == {}
    assert conversation.cancelled_at
    assert (request.name, request.state, request.zip_prefix, request.email_hash) == (None, "", "", "")
    for message in Message.objects.all():
        assert (message.recipient, message.body) == (None, None)
    with pytest.raises(links.LinkError):
        links.find(token)
    assert request.history.filter(what="erased").count() == 1


def test_no_table_holds_a_personal_value_in_clear() -> None:
    HelpRequestFactory()
    with connection.cursor() as cursor:
        for model in apps.get_app_config("intake").get_models():
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608
            text = str(cursor.fetchall())
            assert not [value for value in VALUES if value in text], model
