"""Half hours of real advocates: which are open, and taking, moving, giving back one."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from intake import history, staffing
from intake.models import Advocate, Conversation, HelpRequest, History, Promise
from intake.models.conversation import LENGTH
from intake.promises import promise
from intake.routing import loaded, refusal

NOTICE = timedelta(hours=2)  # the earliest half hour that can be booked
ASK_AFTER = timedelta(minutes=50)  # after its start: was the conversation held?
REMINDERS = {"day": timedelta(hours=24), "hour": timedelta(hours=1)}


class SlotTakenError(Exception):
    """Somebody else has this half hour now, or it was never open."""


def open_times(
    *, state: str = "", days: int = 14, now: datetime | None = None, zone: ZoneInfo | None = None
) -> list[datetime]:
    """Starts (UTC, in order) of half hours that at least one advocate licensed in `state` has free in the next `days`
    days. With `zone`, only at decent hours there (9:00 to 20:00, Sundays from noon)."""
    return sorted(_free(state=state, days=days, now=now or timezone.now(), zone=zone))


def _free(*, state: str, days: int, now: datetime, zone: ZoneInfo | None) -> dict[datetime, list[Advocate]]:
    """Start -> the advocates who are free then, whoever has least open work first."""
    first = now.date() - timedelta(days=1)
    closed = staffing.holidays(first, days + 2)
    taken = set(
        Conversation.objects.filter(cancelled_at=None, starts_at__gte=now).values_list("advocate_id", "starts_at")
    )
    wanted = HelpRequest(kind=HelpRequest.Kind.CONVERSATION, state=state)
    advocates = staffing.with_hours(loaded(Advocate.objects.active()))
    free: dict[datetime, list[Advocate]] = {}
    for advocate in sorted(advocates, key=lambda a: (a.open_requests, a.pk)):  # type: ignore[attr-defined]
        if not advocate.takes_conversations or refusal(advocate, wanted, open_requests=0) not in ("", "away"):
            continue
        for starts, ends in staffing.stretches(advocate, first=first, days=days + 2, closed=closed):
            for start in _half_hours(starts, ends):
                if not now + NOTICE <= start <= now + timedelta(days=days) or (advocate.pk, start) in taken:
                    continue
                if zone is None or staffing.may_call(zone, now=start):
                    free.setdefault(start, []).append(advocate)
    return free


def _half_hours(starts: datetime, ends: datetime) -> list[datetime]:
    """On the clock's half hours, whole within the stretch."""
    late = timedelta(minutes=starts.minute % 30, seconds=starts.second)
    start = starts + (timedelta(minutes=30) - late if late else timedelta())
    found = []
    while start + LENGTH <= ends:
        found.append(start)
        start += LENGTH
    return found


@transaction.atomic
def book(*, help_request: HelpRequest, starts_at: datetime, way: str) -> Conversation:
    """Take the half hour for this family, with whichever free advocate. Raises SlotTakenError."""
    for advocate in _candidates(help_request, starts_at):
        try:
            with transaction.atomic():
                conversation = Conversation.objects.create(
                    help_request=help_request, advocate=advocate, starts_at=starts_at, way=way
                )
        except IntegrityError:
            continue  # another family was faster with this advocate
        history.record(help_request=help_request, what=History.What.BOOKED)
        _promise_mails(conversation)
        return conversation
    raise SlotTakenError


def _candidates(help_request: HelpRequest, starts_at: datetime) -> list[Advocate]:
    days = max((starts_at - timezone.now()).days + 1, 1)
    return _free(state=help_request.state, days=min(days, 60), now=timezone.now(), zone=None).get(starts_at, [])


@transaction.atomic
def move(*, conversation: Conversation, starts_at: datetime, by: Any = None) -> Conversation:
    """Another half hour, with the same advocate if they are free, else with another who may. Raises SlotTakenError and
    then leaves the old time as it was."""
    conversation = Conversation.objects.select_for_update().select_related("help_request").get(pk=conversation.pk)
    request = conversation.help_request
    if conversation.cancelled_at or request.status == HelpRequest.Status.CLOSED:
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
        _follow(request, conversation)
        history.record(help_request=request, what=History.What.MOVED, by=by)
        _promise_mails(conversation)
        return conversation
    raise SlotTakenError


def _follow(request: HelpRequest, conversation: Conversation) -> None:
    """The request goes where its conversation goes, and its call-by time with it."""
    from intake.routing import give

    request.contact_by = conversation.starts_at
    request.save(update_fields=["contact_by"])
    if request.advocate_id and request.advocate_id != conversation.advocate_id:
        give(request, conversation.advocate, reason=f"{conversation.advocate.first_name}: has the moved half hour")


@transaction.atomic
def cancel(*, conversation: Conversation, by: Any = None) -> None:
    """Give the half hour back. The request stays open: an advocate sees that the family cancelled. Twice is once."""
    conversation = Conversation.objects.select_for_update().select_related("help_request").get(pk=conversation.pk)
    if conversation.cancelled_at:
        return
    conversation.cancelled_at = timezone.now()
    conversation.save(update_fields=["cancelled_at"])
    request = conversation.help_request
    history.record(help_request=request, what=History.What.CANCELLED, by=by)
    key = f"tell_cancelled:{conversation.pk}"
    promise(Promise.Kind.TELL_CANCELLED, request, timezone.now(), key, conversation=conversation)


def _promise_mails(conversation: Conversation) -> None:
    """The confirmation now; reminders a day and an hour before, if still ahead; a question to the lead after."""
    request, now = conversation.help_request, timezone.now()
    tail = f"{conversation.pk}:{conversation.sequence}"
    promise(Promise.Kind.CONFIRM, request, now, f"confirm:{tail}", conversation=conversation)
    for name, before in REMINDERS.items():
        due = conversation.starts_at - before
        if due > now:
            promise(Promise.Kind.REMIND, request, due, f"remind:{tail}:{name}", conversation=conversation)
    due = conversation.starts_at + ASK_AFTER
    promise(Promise.Kind.ESCALATE, request, due, f"escalate:{request.pk}:{tail}", conversation=conversation)
