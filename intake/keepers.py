"""How each kind of promise is kept. Each keeper returns True when it is closed, False for "not possible yet"."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from intake import emails, history
from intake.calling import promise_call
from intake.emails import Mail
from intake.models import HelpRequest, History, Message, Promise
from intake.promises import Keeper, close
from intake.routing import assign
from intake.setting_aside import let_in
from navigator.encryption import sealed

LATE_BY = timedelta(hours=2)  # staffed hours that a late call is moved by

Writer = Callable[[Promise], Mail | None]


def route(mine: Promise) -> bool:
    """Assigned and closed in one transaction. What was set aside has waited long enough."""
    with transaction.atomic():
        let_in(HelpRequest.objects.defer(*sealed(HelpRequest)).select_for_update().get(pk=mine.help_request_id))
        return assign(mine.help_request) and close(mine)


def mail(write: Writer) -> Keeper:
    """A keeper that sends what `write` says; None means that there is nothing (any more) to say."""

    def keeper(mine: Promise) -> bool:
        message = _written(mine, write)
        if message is None:
            return close(mine)
        if message.sent_at is None:
            if not _may_go(mine, message):
                return close(mine)
            emails.send(message, mine)  # outside any transaction: a slow mail server holds no lock
        with transaction.atomic():
            if close(mine):
                Message.objects.filter(pk=message.pk).update(sent_at=timezone.now())
                history.record(help_request=mine.help_request, what=History.What.WROTE, detail=mine.kind)
        return True

    return keeper


def _may_go(mine: Promise, message: Message) -> bool:
    """Once more, at the last moment: somebody may have told us to stop since the mail was written. What is stopped
    while it is being handed over cannot be called back."""
    told = Message.objects.filter(pk=message.pk, recipient__isnull=False).exists()
    return told and Promise.objects.pending().filter(pk=mine.pk, attempts=mine.attempts).exists()


def _written(mine: Promise, write: Writer) -> Message | None:
    """The mail of this promise: made once, so that every try sends the same words under the same Message-ID."""
    with transaction.atomic():
        request = HelpRequest.objects.select_for_update().get(pk=mine.help_request_id)
        if request.erased_at or not Promise.objects.pending().filter(pk=mine.pk).exists():
            return None
        message = Message.objects.filter(promise=mine).first()
        if message:
            return message
        said = write(mine)
        return emails.store(said, mine) if said else None


def escalate(mine: Promise) -> bool:
    """An hour before a call is late, a lead hears of it; a booked conversation is asked after once it is over."""
    if not _still_owed(mine):
        return close(mine)
    return mail(emails.call_nearly_late)(mine)


def tell_late(mine: Promise) -> bool:
    """Before the promised time passes, the family hears the new one, and the promise starts over."""
    with transaction.atomic():
        request = HelpRequest.objects.select_for_update().get(pk=mine.help_request_id)
        if not _still_owed(mine):
            return close(mine)
        moved = History.objects.filter(help_request=request, what=History.What.PROMISE_MOVED, detail=mine.key).exists()
        if not moved:
            promise_call(request, within=LATE_BY, but=mine)
            history.record(help_request=request, what=History.What.PROMISE_MOVED, detail=mine.key)
    return mail(emails.running_late)(mine)


def _still_owed(mine: Promise) -> bool:
    """Nobody has reached them yet, and it is not them who want to think."""
    request = mine.help_request
    return request.status != HelpRequest.Status.CLOSED and not request.first_contact_at and not request.waiting_since


KEEPERS: dict[Promise.Kind, Keeper] = {
    Promise.Kind.ACKNOWLEDGE: mail(emails.received),
    Promise.Kind.ROUTE: route,
    Promise.Kind.TELL_ADVOCATE: mail(emails.new_on_your_desk),
    Promise.Kind.WAKE_LEAD: mail(emails.nobody_fits),
    Promise.Kind.SET_ASIDE: mail(emails.set_aside),
    Promise.Kind.ESCALATE: escalate,
    Promise.Kind.TELL_LATE: tell_late,
    Promise.Kind.CONFIRM: mail(emails.conversation_set),
    Promise.Kind.REMIND: mail(emails.conversation_soon),
    Promise.Kind.TELL_CANCELLED: mail(emails.conversation_cancelled),
    Promise.Kind.MISSED: mail(emails.conversation_missed),
    Promise.Kind.TRIED: mail(emails.tried),
    Promise.Kind.TELL_NEWS: mail(emails.news),
    Promise.Kind.TELL_CHANGED: mail(emails.details_changed),
    Promise.Kind.SEND_LINK: mail(emails.link_again),
    Promise.Kind.INVITE: mail(emails.invitation),
    Promise.Kind.RAISED: mail(emails.raised),
    Promise.Kind.HAND_OVER: mail(emails.nobody_to_hand_over),
}
assert set(KEEPERS) == set(Promise.Kind), "every kind of promise has its keeper"  # noqa: S101
