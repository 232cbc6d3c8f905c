"""Half hours of real advocates: which are open, and taking, moving, giving back one; and whether it was held."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from intake import history, people, staffing
from intake.calling import TRY_TAKES, next_try, promise_call, unwatch
from intake.models import Advocate, Conversation, HelpRequest, History, Hold, Promise
from intake.models.reachable import Reachable
from intake.promises import promise
from intake.routing import AWAY, give, loaded, one_at_a_time, refusal

NOTICE = timedelta(hours=2)  # the earliest half hour that can be booked
ASK_AFTER = timedelta(minutes=50)  # after its start: was the conversation held?
REMINDERS = {"day": timedelta(hours=24), "hour": timedelta(hours=1)}
FARTHEST = 60  # days


class BookingError(Exception):
    """A sentence for who acts: why this cannot be done with the conversation now."""


class SlotTakenError(BookingError):
    """Somebody else has this half hour now, or it was never open."""


def open_times(
    *,
    state: str = "",
    language: str = Reachable.Language.ENGLISH,
    days: int = 14,
    now: datetime | None = None,
    zone: ZoneInfo | None = None,
    holder: str = "",
) -> list[datetime]:
    """Starts (UTC, in order) of half hours that at least one advocate has free in the next `days` days, who is licensed
    in `state` and speaks `language`. With `zone`, only at decent hours there (9:00 to 20:00, Sundays from noon). What
    is kept for another browser than `holder` is not open."""
    wanted = HelpRequest(kind=HelpRequest.Kind.CONVERSATION, state=state, language=language)
    return sorted(free(wanted, days=days, now=now or timezone.now(), zone=zone, holder=holder))


def free(
    wanted: HelpRequest, *, days: int, now: datetime, zone: ZoneInfo | None = None, holder: str = ""
) -> dict[datetime, list[Advocate]]:
    """Start -> the advocates who are free then, whoever has least open work first. `wanted` says state and language."""
    first = now.date() - timedelta(days=1)
    closed = staffing.holidays(first, days + 2)
    taken = _taken(now, holder)
    asks = HelpRequest(kind=HelpRequest.Kind.CONVERSATION, state=wanted.state, language=wanted.language)
    advocates = staffing.with_hours(loaded(Advocate.objects.active()))
    found: dict[datetime, list[Advocate]] = {}
    for advocate in sorted(advocates, key=lambda a: (a.open_requests, a.pk)):  # type: ignore[attr-defined]
        if not advocate.takes_conversations or refusal(advocate, asks, open_requests=0) not in ("", AWAY):
            continue
        for opens, closes in staffing.stretches(advocate, first=first, days=days + 2, closed=closed):
            for start in staffing.half_hours(opens, closes):
                if not now + NOTICE <= start <= now + timedelta(days=days) or (advocate.pk, start) in taken:
                    continue
                if zone is None or staffing.may_call(zone, now=start):
                    found.setdefault(start, []).append(advocate)
    return found


def _taken(now: datetime, holder: str) -> set[tuple[int, datetime]]:
    booked = Conversation.objects.filter(cancelled_at=None, starts_at__gte=now)
    kept = Hold.objects.filter(until__gt=now).exclude(holder=holder)
    return {*booked.values_list("advocate_id", "starts_at"), *kept.values_list("advocate_id", "starts_at")}


@transaction.atomic
def book(*, help_request: HelpRequest, starts_at: datetime, way: str, holder: str = "", by: Any = None) -> Conversation:
    """Take the half hour for this family, with whichever free advocate; what was kept for `holder` is let go. A request
    that waited for a call has one now. Raises SlotTakenError, also when a half hour is booked already."""
    request = HelpRequest.objects.select_for_update().get(pk=help_request.pk)
    if request.status == HelpRequest.Status.CLOSED or request.conversations.standing().exists():
        raise SlotTakenError
    for advocate in _candidates(request, starts_at, holder):
        try:
            with transaction.atomic():
                conversation = Conversation.objects.create(
                    help_request=request, advocate=advocate, starts_at=starts_at, way=way
                )
        except IntegrityError:
            continue  # another family was faster with this advocate
        Hold.objects.filter(holder=holder).delete()
        follow(request, conversation)
        history.record(help_request=request, what=History.What.BOOKED, by=by)
        _promise_mails(conversation)
        help_request.contact_by = request.contact_by
        return conversation
    raise SlotTakenError


def _candidates(request: HelpRequest, starts_at: datetime, holder: str = "") -> list[Advocate]:
    """Who was kept for this browser first, then who has the request, then whoever has least open work. What is free
    now stays free until the end of the caller's transaction."""
    one_at_a_time()
    now = timezone.now()
    days = min(max((starts_at - now).days + 1, 1), FARTHEST)
    kept = Hold.objects.filter(holder=holder, starts_at=starts_at).values_list("advocate_id", flat=True).first()
    found = free(request, days=days, now=now, holder=holder).get(starts_at, [])
    return sorted(found, key=lambda a: (a.pk != kept, a.pk != request.advocate_id))


@transaction.atomic
def move(*, conversation: Conversation, starts_at: datetime, by: Any = None) -> Conversation:
    """Another half hour, with the same advocate if they are free, else with another who may. Raises SlotTakenError and
    then leaves the old time as it was."""
    conversation, request = _locked(conversation)
    if not _stands(conversation) or request.status == HelpRequest.Status.CLOSED:
        raise SlotTakenError
    candidates = sorted(_candidates(request, starts_at), key=lambda a: a.pk != conversation.advocate_id)
    for advocate in candidates:
        try:
            with transaction.atomic():
                conversation.advocate, conversation.starts_at = advocate, starts_at
                conversation.sequence += 1
                conversation.save()
        except IntegrityError:
            conversation.sequence -= 1
            continue
        _hush(conversation)
        follow(request, conversation)
        history.record(help_request=request, what=History.What.MOVED, by=by)
        _promise_mails(conversation)
        return conversation
    raise SlotTakenError


def _stands(conversation: Conversation) -> bool:
    return not (conversation.cancelled_at or conversation.held_at or conversation.missed_at)


def hand(conversation: Conversation, to: Advocate, *, by: Any) -> None:
    """The half hour stays, with another advocate, whose hours are not asked: whoever decides knows. Raises BookingError
    when they have another call then. In the caller's transaction, which holds the request's row."""
    conversation.advocate = to
    conversation.sequence += 1
    try:
        with transaction.atomic():
            conversation.save()
    except IntegrityError as error:
        raise BookingError(f"{to.first_name} has another call at the half hour that is booked.") from error
    _hush(conversation)
    history.record(help_request=conversation.help_request, what=History.What.MOVED, by=by)
    _promise_mails(conversation)


def follow(request: HelpRequest, conversation: Conversation) -> None:
    """The request (locked) goes where its conversation goes, and its call-by time with it: this is the call that was
    owed. In the caller's transaction."""
    unwatch(request)
    request.contact_by = conversation.starts_at
    request.waiting_since = request.next_try_at = None
    request.save(update_fields=["contact_by", "waiting_since", "next_try_at"])
    if request.advocate_id and request.advocate_id != conversation.advocate_id:
        give(request, conversation.advocate, reason=f"{conversation.advocate.first_name}: has the half hour")


@transaction.atomic
def cancel(*, conversation: Conversation, by: Any = None) -> None:
    """Give the half hour back. The request stays open. A family that cancels is waited for, and its advocate sees it;
    where our staff cancel, the family is owed a call. Twice is once, and what is over stays as it was."""
    conversation, request = _locked(conversation)
    if not _stands(conversation):
        return
    conversation.cancelled_at = timezone.now()
    conversation.save(update_fields=["cancelled_at", "changed_at"])
    _hush(conversation)
    history.record(help_request=request, what=History.What.CANCELLED, by=by)
    _tell(conversation, Promise.Kind.TELL_CANCELLED, f"tell_cancelled:{conversation.pk}")
    if request.status == HelpRequest.Status.CLOSED:
        return
    if by is None:
        request.news_since = request.waiting_since = timezone.now()
        request.save(update_fields=["news_since", "waiting_since"])
    elif not request.first_contact_at:
        promise_call(request)


@transaction.atomic
def mark_held(*, conversation: Conversation, by: Any) -> None:
    """They talked: the promise of the call is kept. Raises BookingError before its time, or when it is over."""
    conversation, request = _begun(conversation)
    conversation.held_at = timezone.now()
    conversation.save(update_fields=["held_at", "changed_at"])
    _hush(conversation)
    request.first_contact_at = request.first_contact_at or conversation.held_at
    request.status = HelpRequest.Status.REACHED
    request.next_try_at = request.waiting_since = None
    request.save(update_fields=["first_contact_at", "status", "next_try_at", "waiting_since"])
    unwatch(request)
    history.record(help_request=request, what=History.What.HELD, by=by)


@transaction.atomic
def mark_missed(*, conversation: Conversation, by: Any) -> None:
    """The family was not there: they are told, may choose again, and whom nobody has reached yet is tried once more.
    Raises BookingError before its time, or when it is over."""
    conversation, request = _begun(conversation)
    conversation.missed_at = timezone.now()
    conversation.save(update_fields=["missed_at", "changed_at"])
    _hush(conversation)
    request.tries += 1
    request.last_try_at = conversation.missed_at
    if request.first_contact_at:
        request.waiting_since = conversation.missed_at
    else:
        request.next_try_at = next_try(request)
    request.save(update_fields=["tries", "last_try_at", "next_try_at", "waiting_since"])
    if request.next_try_at:
        promise_call(request, after=request.next_try_at, within=TRY_TAKES)
    history.record(help_request=request, what=History.What.MISSED, by=by)
    _tell(conversation, Promise.Kind.MISSED, f"missed:{conversation.pk}:{conversation.sequence}")


def _locked(conversation: Conversation) -> tuple[Conversation, HelpRequest]:
    """Both rows as they are now. First the request, everywhere."""
    request = HelpRequest.objects.select_for_update().get(conversations=conversation.pk)
    found = Conversation.objects.select_for_update(of=("self",)).select_related("help_request").get(pk=conversation.pk)
    return found, request


def _begun(conversation: Conversation) -> tuple[Conversation, HelpRequest]:
    conversation, request = _locked(conversation)
    if request.status == HelpRequest.Status.CLOSED or not _stands(conversation):
        raise BookingError("This conversation is over.")
    if conversation.starts_at > timezone.now():
        raise BookingError("This conversation has not begun yet.")
    if request.advocate_id is None:
        raise BookingError("Take the request first.")
    return conversation, request


def _hush(conversation: Conversation) -> None:
    """What was still to be said about its time is not said any more."""
    said = Q(kind__in=[Promise.Kind.CONFIRM, Promise.Kind.REMIND, Promise.Kind.ESCALATE])
    Promise.objects.pending().filter(said, conversation=conversation).update(done_at=Now(), last_error="moved")


def _tell(conversation: Conversation, kind: Promise.Kind, key: str) -> None:
    """To who asked, and to everybody else who gets the times of calls."""
    request, now = conversation.help_request, timezone.now()
    others = [someone for someone in people.listeners(request, Reachable.Gets.CALLS) if someone]
    for participant in (None, *others):
        tail = f":{participant.pk}" if participant else ""
        promise(kind, request, now, key + tail, conversation=conversation, participant=participant)


def _promise_mails(conversation: Conversation) -> None:
    """The confirmation now; reminders a day and an hour before, if still ahead; a question to the lead after."""
    request, now = conversation.help_request, timezone.now()
    tail = f"{conversation.pk}:{conversation.sequence}"
    _tell(conversation, Promise.Kind.CONFIRM, f"confirm:{tail}")
    for participant in people.listeners(request, Reachable.Gets.CALLS):
        for name, before in REMINDERS.items():
            due = conversation.starts_at - before
            key = f"remind:{tail}:{name}" + (f":{participant.pk}" if participant else "")
            if due > now:
                promise(Promise.Kind.REMIND, request, due, key, conversation=conversation, participant=participant)
    due = conversation.starts_at + ASK_AFTER
    promise(Promise.Kind.ESCALATE, request, due, f"escalate:{request.pk}:{tail}", conversation=conversation)
