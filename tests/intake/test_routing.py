from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from intake import promises, routing, staffing
from intake.models import Advocate, HelpRequest, History, Promise
from tests.intake.factories import AdvocateFactory, ConversationFactory, HelpRequestFactory, PromiseFactory

pytestmark = pytest.mark.django_db


def choice(request: HelpRequest) -> routing.Choice:
    return routing.choose(request, staffing.with_hours(routing.loaded(Advocate.objects.active())))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"states": "WI"}, "not licensed in IL"),
        ({"capacity": 0}, "full (0 open)"),
        ({"takes_matches": False}, "takes no doctor matches"),
        ({"languages": "es"}, "does not speak the language asked for"),
        ({"away_until": date(2999, 1, 1)}, "away"),
    ],
)
def test_each_refusal_is_said(fields: dict[str, Any], reason: str) -> None:
    AdvocateFactory(**fields)
    chosen = choice(HelpRequestFactory())
    assert chosen.advocate is None
    assert reason in chosen.reason


def test_an_advocate_without_conversations_gets_none() -> None:
    AdvocateFactory(takes_conversations=False)
    assert choice(HelpRequestFactory(kind="conversation")).advocate is None


def test_nobody_active_is_said_too() -> None:
    AdvocateFactory(is_active=False)
    assert choice(HelpRequestFactory()).reason == "nobody is active"


def test_the_one_with_least_open_work_gets_it() -> None:
    busy, free = AdvocateFactory(), AdvocateFactory()
    HelpRequestFactory(advocate=busy, status="assigned", assigned_at=timezone.now())
    assert choice(HelpRequestFactory()).advocate == free


def test_a_veteran_goes_to_who_knows_va_care_even_with_more_work() -> None:
    AdvocateFactory()
    knows = AdvocateFactory(serves_veterans=True)
    HelpRequestFactory(advocate=knows, status="assigned", assigned_at=timezone.now())
    chosen = choice(HelpRequestFactory(is_veteran=True))
    assert chosen.advocate == knows
    assert "knows VA care" in chosen.reason


def test_without_a_state_anybody_may_have_it() -> None:
    advocate = AdvocateFactory(states="")
    assert choice(HelpRequestFactory(state="")).advocate == advocate


def test_assigning_twice_is_once() -> None:
    AdvocateFactory()
    request = HelpRequestFactory()
    assert routing.assign(request)
    assert routing.assign(request)
    assert request.history.filter(what="routed").count() == 1
    assert Promise.objects.filter(kind=Promise.Kind.TELL_ADVOCATE).count() == 1


def test_a_booked_conversation_goes_to_its_advocate() -> None:
    AdvocateFactory()
    conversation = ConversationFactory()
    assert routing.assign(conversation.help_request)
    conversation.help_request.refresh_from_db()
    assert conversation.help_request.advocate == conversation.advocate


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_are_spread_evenly() -> None:
    advocates = [AdvocateFactory(), AdvocateFactory()]
    requests = [HelpRequestFactory() for _ in range(12)]

    def route(some: list[HelpRequest]) -> None:
        for request in some:
            routing.assign(request)
        connection.close()

    threads = [Thread(target=route, args=(requests[n::4],)) for n in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    loads = [advocate.help_requests.count() for advocate in advocates]
    assert sorted(loads) == [6, 6]


def test_loads_are_counted_without_closed_requests() -> None:
    advocate = AdvocateFactory()
    HelpRequestFactory(
        advocate=advocate,
        assigned_at=timezone.now(),
        status="closed",
        outcome="helped",
        closed_at=timezone.now() - timedelta(days=1),
    )
    assert routing.loaded(Advocate.objects.all()).get().open_requests == 0


@pytest.mark.django_db(transaction=True)
def test_a_thousand_requests_at_once_to_ten_advocates() -> None:
    """Each is offered to two workers at a time, as the nudge and the sweep do."""
    advocates = [AdvocateFactory(capacity=200) for _ in range(10)]
    HelpRequest.objects.bulk_create([HelpRequestFactory.build(advocate=None) for _ in range(1000)])
    Promise.objects.bulk_create(
        [PromiseFactory.build(help_request=row, key=f"route:{row.pk}") for row in HelpRequest.objects.all()]
    )
    owed = list(Promise.objects.filter(kind="route").values_list("pk", flat=True))

    def work(some: list[int]) -> None:
        for pk in some:
            promises.keep_one(pk)
        connection.close()

    threads = [Thread(target=work, args=(owed[start::2],)) for start in (0, 0, 1, 1)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not Promise.objects.pending().filter(kind="route").exists()
    loads = [advocate.help_requests.count() for advocate in advocates]
    assert sum(loads) == 1000
    assert max(loads) - min(loads) <= 1
    assert History.objects.filter(what="routed").count() == 1000
    told = Promise.objects.filter(kind=Promise.Kind.TELL_ADVOCATE).values("help_request").distinct()
    assert told.count() == Promise.objects.filter(kind=Promise.Kind.TELL_ADVOCATE).count() == 1000
