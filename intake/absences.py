"""When an advocate goes away, or leaves: what is on that desk goes to others, and every family keeps its time.

Whether somebody is away stands on the advocate (`away_until`, `is_active`); days off of one day move nothing. Run by
the admin after an advocate was changed, and by the nightly task for whom nobody fitted then.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake import booking, history, staffing
from intake.models import Advocate, Conversation, HelpRequest, History, Promise
from intake.promises import promise
from intake.routing import choose, give, is_away, loaded, one_at_a_time


@dataclass(frozen=True)
class HandOver:
    """How many requests went to others, how many stay because their call is after the absence, and for how many nobody
    was found: the leads are told of each of those."""

    moved: int = 0
    kept: int = 0
    waiting: int = 0


def hand_over(*, advocate: Advocate, by: Any = None) -> HandOver:
    """Move the open requests of somebody who is away or no longer active; of anybody else, none. Each request is a
    transaction of its own, so that one that cannot move holds up no other. Twice is once."""
    advocate = Advocate.objects.select_related("user").get(pk=advocate.pk)
    if _is_here(advocate):
        return HandOver()
    theirs = HelpRequest.objects.open().filter(advocate=advocate).order_by("contact_by", "pk")
    done = [_hand_over_one(pk, advocate, by) for pk in theirs.values_list("pk", flat=True)]
    return HandOver(done.count("moved"), done.count("kept"), done.count("waiting"))


def hand_over_all() -> None:
    """Once more for everybody who is away and still has something: somebody may have room by now."""
    for advocate in Advocate.objects.filter(help_requests__in=HelpRequest.objects.open()).distinct():
        hand_over(advocate=advocate)


def _is_here(advocate: Advocate) -> bool:
    away = advocate.away_until and timezone.now().astimezone(advocate.zone).date() < advocate.away_until
    return bool(advocate.is_active and advocate.user.is_active and not away)


@transaction.atomic
def _hand_over_one(pk: int, advocate: Advocate, by: Any) -> str:
    request = HelpRequest.objects.select_for_update().get(pk=pk)
    if request.advocate_id != advocate.pk or request.status == HelpRequest.Status.CLOSED:
        return ""  # somebody was faster
    conversation = request.conversations.standing().filter(starts_at__gt=timezone.now()).first()
    if conversation:
        return _with_its_call(request, conversation, advocate, by)
    one_at_a_time()
    others = staffing.with_hours(loaded(Advocate.objects.active().exclude(pk=advocate.pk)))
    choice = choose(request, others)
    if choice.advocate is None:
        return _wait(request, advocate, by)
    give(request, choice.advocate, reason=f"{advocate.first_name} is away. {choice.reason}")
    history.record(
        help_request=request, what=History.What.HANDED_OVER, by=by, detail=f"to advocate {request.advocate_id}"
    )
    return "moved"


def _with_its_call(request: HelpRequest, conversation: Conversation, advocate: Advocate, by: Any) -> str:
    """The half hour stays as the family has it: with somebody else who is free then, or with whom it is, if that is
    after the absence."""
    still_theirs = advocate.is_active and advocate.user.is_active and conversation.advocate_id == advocate.pk
    if still_theirs and not is_away(advocate, conversation.starts_at):
        return "kept"
    try:
        booking.move(conversation=conversation, starts_at=conversation.starts_at, by=by)
    except booking.SlotTakenError:
        return _wait(request, advocate, by)
    history.record(help_request=request, what=History.What.HANDED_OVER, by=by)
    return "moved"


def _wait(request: HelpRequest, advocate: Advocate, by: Any) -> str:
    """It stays where it is, and a lead hears of it: once for an absence."""
    until = f"{advocate.away_until:%Y%m%d}" if advocate.away_until else "gone"
    key = f"hand_over:{request.pk}:{advocate.pk}:{until}"
    promise(Promise.Kind.HAND_OVER, request, timezone.now(), key)
    return "waiting"
