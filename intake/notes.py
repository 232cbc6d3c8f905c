"""What is written about a request, by staff and by the family. Kept encrypted; history says that, never what."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from intake import consent, history, people
from intake.calling import promise_call
from intake.models import Consent, HelpRequest, History, Note, Participant, Promise
from intake.models.reachable import Reachable
from intake.promises import promise
from navigator.encryption import sealed
from navigator.security import clean_text

LONGEST = 2000  # characters


class NoteError(Exception):
    """A sentence for who writes: why this cannot be kept."""


def for_staff(*, help_request: HelpRequest, body: str, by: Any) -> Note:
    """A note that the family never sees on its page; it is part of what they can download. Raises NoteError."""
    return _write(help_request, Note.Kind.STAFF, body, History.What.NOTE, by=by)


@transaction.atomic
def to_family(*, help_request: HelpRequest, body: str, by: Any) -> Note:
    """A message on the family's page; a mail says only that there is one. Raises NoteError, also when the family asked
    us to stop."""
    request = HelpRequest.objects.select_for_update().get(pk=help_request.pk)
    if consent.last(request) == Consent.Act.WITHDRAWN:
        raise NoteError("The family asked us to stop. Nothing is written to them.")
    if request.merged_into_id:
        raise NoteError("This request was joined with another one. Write there.")
    note = _write(help_request, Note.Kind.TO_FAMILY, body, History.What.MESSAGE, by=by)
    tell_news(help_request=help_request, what=Reachable.Gets.UPDATES, stamp=f"note:{note.pk}")
    return note


@transaction.atomic
def from_family(*, help_request: HelpRequest, body: str, participant: Participant | None = None) -> Note:
    """What the family wants us to know. The desk sees that there is news. Raises NoteError."""
    note = _write(help_request, Note.Kind.FROM_FAMILY, body, History.What.FAMILY_NOTE, participant=participant)
    news(help_request)
    return note


def news(help_request: HelpRequest) -> None:
    """The family did something that the desk should see. Whom we waited for is owed a call again, if nobody reached
    them yet. In the caller's transaction."""
    request = HelpRequest.objects.defer(*sealed(HelpRequest)).select_for_update().get(pk=help_request.pk)
    if request.status == HelpRequest.Status.CLOSED:
        return
    waited, request.waiting_since = request.waiting_since, None
    request.news_since = timezone.now()
    request.save(update_fields=["news_since", "waiting_since"])
    if waited and not request.first_contact_at:
        promise_call(request)


def tell_news(*, help_request: HelpRequest, what: str, stamp: str) -> None:
    """Owe everybody who gets `what` the word that their page has something new. In the caller's transaction."""
    for participant in people.listeners(help_request, what):
        key = f"tell_news:{stamp}:{participant.pk if participant else 0}"
        promise(Promise.Kind.TELL_NEWS, help_request, timezone.now(), key, participant=participant)


@transaction.atomic
def _write(
    help_request: HelpRequest,
    kind: Note.Kind,
    body: str,
    what: History.What,
    *,
    by: Any = None,
    participant: Participant | None = None,
) -> Note:
    body = clean_text(body, lines=True)
    if not body:
        raise NoteError("Write something first.")
    if len(body) > LONGEST:
        raise NoteError(f"Write {LONGEST:,} characters or fewer.")
    request = HelpRequest.objects.select_for_update().get(pk=help_request.pk)
    if request.erased_at:
        raise NoteError("This request was deleted.")
    note = Note.objects.create(help_request=request, kind=kind, body=body, by=by, participant=participant)
    history.record(help_request=request, what=what, by=by)
    return note
