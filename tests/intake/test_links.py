"""What an address opens, and everything that it must not open."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.signing import TimestampSigner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake import erasing, links, people
from intake.models import Conversation, HelpRequest, Participant
from tests.intake.factories import AdvocateFactory, ConversationFactory, HelpRequestFactory
from tests.intake.family import known, other

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)
START = datetime(2026, 12, 3, 16, tzinfo=UTC)

Find = Callable[[str], object]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def call() -> Conversation:
    advocate = AdvocateFactory()
    request = known(kind="conversation", advocate=advocate, assigned_at=NOW, status="assigned")
    return ConversationFactory(help_request=request, advocate=advocate, starts_at=START)


def each(call: Conversation) -> dict[str, tuple[str, Find]]:
    """A good token of each purpose, and who reads it."""
    named = other(call.help_request, email="b@other.example", agreed_at=None)
    return {
        "my": (links.token(call.help_request), links.find),
        "my of somebody else": (links.token(other(call.help_request)), links.find),
        "join": (links.join_url(named).split("/")[-3], links.find_invited),
        "call": (links.call_token(call, call.help_request), links.find_call),
    }


KINDS = ("my", "my of somebody else", "join", "call")


def test_a_token_opens_its_own_request_only() -> None:
    first, second = HelpRequestFactory(), HelpRequestFactory()
    assert links.find(links.token(first)) == links.Opened(first)
    assert links.find(links.token(second)) == links.Opened(second)


def test_somebody_else_opens_their_own_page(call: Conversation) -> None:
    rosa = other(call.help_request)
    opened = links.find(links.token(rosa))
    assert (opened.help_request, opened.participant, opened.person) == (call.help_request, rosa, rosa)
    assert not opened.is_asker


def test_a_call_opens_for_who_was_told(call: Conversation) -> None:
    rosa = other(call.help_request)
    opened, found = links.find_call(links.call_token(call, rosa))
    assert (opened.person, found) == (rosa, call)
    assert links.call_url(call, rosa).startswith(f"{settings.SITE_URL}/my/")


@pytest.mark.parametrize("kind", KINDS)
def test_a_tampered_token_opens_nothing(call: Conversation, kind: str) -> None:
    """Each place of the token changed, in turn to each class of characters; one missing, one too many."""
    token, find = each(call)[kind]
    find(token)
    classes = ("aZ7_", "bY8-", "cX9:", "d /.", "é\x00\u202e\ud800")
    for place in range(len(token)):
        for one in classes[place % len(classes)]:
            if one != token[place]:
                with pytest.raises(links.LinkError):
                    find(token[:place] + one + token[place + 1 :])
        with pytest.raises(links.LinkError):
            find(token[:place] + token[place + 1 :])
    for wrong in ("", "x" + token, token + "x", token.upper(), token + ":", token * 2, "x" * 5000, "::", f" {token}"):
        with pytest.raises(links.LinkError):
            find(wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_of_one_purpose_opens_nothing_of_another(call: Conversation, kind: str) -> None:
    token, own = each(call)[kind]
    for find in (links.find, links.find_invited, links.find_call):
        if find is not own:
            with pytest.raises(links.LinkError):
                find(token)
    for salt in ("other", links.PERMIT_SALT, ""):
        with pytest.raises(links.LinkError):
            own(TimestampSigner(salt=salt).sign(token.split(":")[0]))


@pytest.mark.parametrize("kind", KINDS)
def test_two_families_tokens_cannot_be_mixed(call: Conversation, kind: str) -> None:
    token, find = each(call)[kind]
    advocate = AdvocateFactory()
    theirs = known(
        email="else@where.example", kind="conversation", advocate=advocate, assigned_at=NOW, status="assigned"
    )
    another, _ = each(ConversationFactory(help_request=theirs, advocate=advocate, starts_at=START))[kind]
    one, two = token.split(":"), another.split(":")
    for first in (one, two):
        for second in (one, two):
            for third in (one, two):
                mixed = ":".join([first[0], second[1], third[2]])
                if mixed not in (token, another):
                    with pytest.raises(links.LinkError):
                        find(mixed)


def test_the_call_of_another_family_does_not_open(call: Conversation) -> None:
    """Even with a good signature: the person must be in the request of the call."""
    stranger = known(email="else@where.example")
    with pytest.raises(links.LinkError):
        links.find_call(links.call_token(call, stranger))


@pytest.mark.parametrize(("kind", "days"), [("my", 180), ("my of somebody else", 180), ("join", 14)])
def test_an_old_token_opens_nothing(call: Conversation, kind: str, days: int) -> None:
    token, find = each(call)[kind]
    with time_machine.travel(NOW + timedelta(days=days, seconds=-1), tick=False):
        find(token)
    with time_machine.travel(NOW + timedelta(days=days, seconds=1), tick=False), pytest.raises(links.LinkError):
        find(token)


def test_a_call_closes_when_it_is_over(call: Conversation) -> None:
    token = links.call_token(call, call.help_request)
    with time_machine.travel(START + timedelta(minutes=29), tick=False):
        links.find_call(token)
    with time_machine.travel(START + timedelta(minutes=30), tick=False), pytest.raises(links.LinkError):
        links.find_call(token)


@pytest.mark.parametrize("how", ["held_at", "missed_at"])
def test_a_call_that_is_dealt_with_does_not_open(call: Conversation, how: str) -> None:
    Conversation.objects.update(**{how: NOW})
    with pytest.raises(links.LinkError):
        links.find_call(links.call_token(call, call.help_request))


def test_after_erasing_nothing_opens(call: Conversation) -> None:
    """Not with an address of before, and not with one of the row as it is now."""
    tokens = each(call)
    erasing.erase(help_request=call.help_request)
    for token, find in tokens.values():
        with pytest.raises(links.LinkError):
            find(token)
    for person in [HelpRequest.objects.get(), *Participant.objects.all()]:
        with pytest.raises(links.LinkError):
            links.find(links.token(person))


def test_after_leaving_nothing_opens(call: Conversation) -> None:
    rosa = other(call.help_request)
    tokens = [(links.token(rosa), links.find), (links.call_token(call, rosa), links.find_call)]
    people.leave(participant=rosa, how="page")
    rosa.refresh_from_db()
    tokens.append((links.token(rosa), links.find))
    for token, find in tokens:
        with pytest.raises(links.LinkError):
            find(token)
    links.find(links.token(call.help_request))


def test_who_was_only_named_has_no_page_yet(call: Conversation) -> None:
    with pytest.raises(links.LinkError):
        links.find(links.token(other(call.help_request, agreed_at=None)))


@pytest.mark.parametrize("answer", ["yes", "no", "closed"])
def test_an_invitation_is_for_one_answer(call: Conversation, answer: str) -> None:
    named = other(call.help_request, agreed_at=None)
    token = links.join_url(named).split("/")[-3]
    assert links.find_invited(token) == named
    if answer == "yes":
        people.join(participant=named, words="words", how="page")
    elif answer == "no":
        people.leave(participant=named, how="page")
    else:
        erasing.withdraw(help_request=call.help_request)
    with pytest.raises(links.LinkError):
        links.find_invited(token)


def joined(into: HelpRequest, **fields: object) -> HelpRequest:
    return known(status="closed", closed_at=NOW, outcome="duplicate", merged_into=into, **fields)


@pytest.mark.parametrize(
    ("fields", "follows"),
    [
        ({}, True),
        ({"email": "new@family.example"}, True),  # the same phone
        ({"phone": None}, True),  # the same e-mail address
        ({"phone": "+13125550199"}, True),
        ({"email": "new@family.example", "phone": "+13125550199"}, False),
        ({"email": "new@family.example", "phone": None}, False),
        ({"email": None, "phone": "+13125550199"}, False),
    ],
)
def test_a_joined_request_leads_on_for_the_same_person(fields: dict[str, object], follows: bool) -> None:
    survivor = known()
    earlier = joined(survivor, **fields)
    assert links.find(links.token(earlier)).help_request == (survivor if follows else earlier)


def test_empty_is_not_the_same_address() -> None:
    survivor = known(email=None)
    earlier = joined(survivor, email=None, phone="+13125550199")
    assert links.find(links.token(earlier)).help_request == earlier


def test_it_follows_step_by_step_and_ends() -> None:
    last = known()
    first = joined(middle := joined(last))
    assert links.find(links.token(first)).help_request == last
    HelpRequest.objects.filter(pk=middle.pk).update(merged_into=first)  # in a circle: cannot be, and ends
    assert links.find(links.token(first)).help_request in (first, middle)


def test_every_refusal_costs_the_same(call: Conversation) -> None:
    good = links.token(call.help_request)
    rosa = other(call.help_request)
    left = links.token(rosa)
    people.leave(participant=rosa, how="page")
    with time_machine.travel(NOW - timedelta(days=181), tick=False):
        old = links.token(call.help_request)
    counts = set()
    for token in (good[:-1], left, old, "x", TimestampSigner(salt=links.SALT).sign("never-given-to-anyone")):
        with CaptureQueriesContext(connection) as queries, pytest.raises(links.LinkError):
            links.find(token)
        counts.add(len(queries))
    assert counts == {2}


@pytest.mark.parametrize("fields", [{}, {"email": "new@family.example", "phone": None}])
def test_a_call_goes_along_when_its_request_is_joined(call: Conversation, fields: dict[str, object]) -> None:
    token, survivor = links.call_token(call, call.help_request), known(**fields)
    HelpRequest.objects.filter(pk=call.help_request_id).update(
        status="closed", closed_at=NOW, outcome="duplicate", merged_into=survivor
    )
    Conversation.objects.update(help_request=survivor)
    if fields:  # another person's
        with pytest.raises(links.LinkError):
            links.find_call(token)
    else:
        opened, found = links.find_call(token)
        assert (opened.person, found.help_request) == (survivor, survivor)


class TestPermits:
    def test_is_for_one_purpose_person_and_state(self, call: Conversation) -> None:
        one, two, rosa = call.help_request, known(email="else@where.example"), other(call.help_request)
        mark = links.permit("cancel", one, call.pk, START)
        assert links.is_good(mark, "cancel", one, call.pk, START)
        assert not links.is_good(mark, "move", one, call.pk, START)
        assert not links.is_good(mark, "cancel", two, call.pk, START)
        assert not links.is_good(mark, "cancel", rosa, call.pk, START)
        assert not links.is_good(mark, "cancel", one, call.pk, START + timedelta(minutes=30))
        assert not links.is_good(mark, "cancel", one, call.pk)

    def test_the_parts_of_a_state_do_not_run_together(self, call: Conversation) -> None:
        one = call.help_request
        assert not links.is_good(links.permit("note", one, "a", "b"), "note", one, "a\n'b'")
        assert not links.is_good(links.permit("note", one, 1), "note", one, "1")

    def test_ends_after_an_hour(self, call: Conversation) -> None:
        mark = links.permit("cancel", call.help_request)
        with time_machine.travel(NOW + timedelta(minutes=59), tick=False):
            assert links.is_good(mark, "cancel", call.help_request)
        with time_machine.travel(NOW + timedelta(minutes=61), tick=False):
            assert not links.is_good(mark, "cancel", call.help_request)

    def test_a_changed_one_is_no_permit(self, call: Conversation) -> None:
        mark = links.permit("cancel", call.help_request)
        for place in range(len(mark)):
            assert not links.is_good(mark[:place] + "é" + mark[place + 1 :], "cancel", call.help_request)
        for wrong in ("", "x", links.token(call.help_request), mark + "x", "x" * 5000):
            assert not links.is_good(wrong, "cancel", call.help_request)

    def test_says_nothing_of_the_state(self, call: Conversation) -> None:
        mark = links.permit("contact", call.help_request, "+13125550142")
        assert "0142" not in mark
        assert call.help_request.link_id not in mark
