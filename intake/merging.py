"""Two requests of one family become one: found by the blind index, joined by staff, and nothing is lost.

What was written, agreed, planned and named goes with it; the lines of the ledger and of the history stay where they
were written, and mails where they were sent from.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from intake import booking, history, links, triage
from intake.calling import watch
from intake.models import Conversation, HelpRequest, History, Note, Promise


class MergeError(Exception):
    """A sentence for staff: why these two cannot be joined."""


def duplicates(help_request: HelpRequest) -> list[HelpRequest]:
    """Other requests with the same e-mail address or phone number, of who asked or of anybody named; newest first."""
    emails, phones = _keys(help_request)
    same = Q(email_hash__in=emails) | Q(participants__email_hash__in=emails)
    same |= Q(phone_hash__in=phones) | Q(participants__phone_hash__in=phones)
    others = HelpRequest.objects.filter(same, erased_at=None, merged_into=None).exclude(pk=help_request.pk)
    return list(others.select_related("advocate").distinct().order_by("-pk"))


@transaction.atomic
def merge(*, help_request: HelpRequest, into: HelpRequest, by: Any) -> None:
    """Join `help_request` with `into`, which goes on. The earlier promise of a call is kept; a half hour that stands
    goes along, if there is none yet, else it is given back and the family told. Raises MergeError."""
    gone, kept = _both(help_request, into)
    _call_goes_along(gone, kept, by)
    _papers_go_along(gone, kept)
    gone.steps.exclude(code__in=kept.steps.values("code")).update(help_request=kept)
    _sooner(gone, kept)
    gone.merged.update(merged_into=kept)
    gone.merged_into = kept
    triage.end(gone, HelpRequest.Outcome.DUPLICATE, by=by)
    history.record(help_request=gone, what=History.What.MERGED, by=by, detail=f"into {kept.reference}")
    history.record(help_request=kept, what=History.What.MERGED, by=by, detail=f"from {gone.reference}")


def _both(help_request: HelpRequest, into: HelpRequest) -> tuple[HelpRequest, HelpRequest]:
    """Both rows, locked in one order so that two who join them the other way round do not wait for each other."""
    if help_request.pk == into.pk:
        raise MergeError("This is the same request.")
    rows = HelpRequest.objects.select_for_update().filter(pk__in=[help_request.pk, into.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    gone, kept = found[help_request.pk], found[into.pk]
    if HelpRequest.Status.CLOSED in (gone.status, kept.status):
        raise MergeError("One of them is closed.")
    if kept not in duplicates(gone):
        raise MergeError("These two have no address and no phone number in common.")
    return gone, kept


def _call_goes_along(gone: HelpRequest, kept: HelpRequest, by: Any) -> None:
    call = gone.conversations.standing().first()
    if call and kept.conversations.standing().exists():
        booking.cancel(conversation=call, by=by)
        Promise.objects.pending().filter(conversation=call).update(help_request=kept)
    elif call:
        Conversation.objects.filter(pk=call.pk).update(help_request=kept)
        Promise.objects.pending().filter(conversation=call).update(help_request=kept)
        call.refresh_from_db()
        booking.follow(kept, call)


def _papers_go_along(gone: HelpRequest, kept: HelpRequest) -> None:
    """What only who asked wrote or answered stays behind, if another person asked in the other request: it would stand
    on the page of somebody else."""
    notes, same = gone.notes.all(), links.same_person(gone, kept)
    if not same:
        notes = notes.exclude(kind=Note.Kind.FROM_FAMILY, participant=None)
    notes.update(help_request=kept)
    gone.plan_items.update(help_request=kept)
    gone.participants.update(help_request=kept)
    gone.promises.pending().exclude(participant=None).update(help_request=kept)
    if same:
        gone.sharings.update(help_request=kept)


def _sooner(gone: HelpRequest, kept: HelpRequest) -> None:
    """Who was reached in one was reached; else the earlier promise of the two is kept."""
    kept.first_contact_at = min(filter(None, [kept.first_contact_at, gone.first_contact_at]), default=None)
    if kept.first_contact_at and kept.status == HelpRequest.Status.ASSIGNED:
        kept.status = HelpRequest.Status.REACHED
    kept.news_since = timezone.now()
    owed = not kept.first_contact_at and not kept.conversations.standing().exists()
    sooner = owed and (gone.contact_by < kept.contact_by or kept.waiting_since)
    if sooner:
        kept.contact_by, kept.waiting_since = gone.contact_by, None
    kept.save()
    if sooner:
        watch(kept)


def _keys(help_request: HelpRequest) -> tuple[set[str], set[str]]:
    people = [help_request, *help_request.participants.all()]
    return {p.email_hash for p in people} - {""}, {p.phone_hash for p in people} - {""}
