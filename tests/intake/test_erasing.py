import pytest
from django.apps import apps
from django.db import connection

from intake import erasing, links, promises
from intake.models import Consent, HelpRequest, Message
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
