"""Telling one named place something about a family: asked for each place and each time, and obeyed at once.

What the family answers stands in the ledger of consents with the exact words; a `Sharing` says what it is about. Doing
it (the call to the hospital) is the advocate's; `mark_shared` is refused unless the family agrees at that moment.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake import consent, history, notes
from intake.models import HelpRequest, History, Sharing
from intake.models.reachable import Reachable
from navigator import identity
from navigator.encryption import sealed
from navigator.security import clean_text

# What can be told, in the words of the page: "... may tell X: my name and ...".
WHAT = {
    "contact": "my name and how to reach me",
    "told": "what I have been told about my illness",
    "wish": "what I would like a second opinion on",
    "cover": "how I pay for care, as far as I say so on the phone",
    "records": "where my records, scans and slides are",
}
LONGEST_NAME = 120  # characters


class SharingError(Exception):
    """A sentence for who acts: why this cannot be asked, answered or done now."""


def words_of(sharing: Sharing) -> str:
    """What stands beside the box, and what is kept in the ledger when it is ticked."""
    who = identity.current().legal_name
    what = "; ".join(WHAT[code] for code in sharing.codes)
    return (
        f"I agree that {who} tells {sharing.receiver}, and nobody else: {what}. "
        "This is for this one time, so that they can say whether they can see me and what they need. "
        "I can take this back at any time. What they were told by then, they know."
    )


@transaction.atomic
def ask(*, help_request: HelpRequest, receiver: str, what: Sequence[str], by: Any) -> Sharing:
    """Put the question on the family's page, and tell them that there is something. Raises SharingError."""
    request = _open(help_request)
    receiver = clean_text(receiver)
    if not receiver or len(receiver) > LONGEST_NAME:
        raise SharingError(f"Name one place, in {LONGEST_NAME} characters or fewer.")
    codes = [code for code in WHAT if code in what]
    if not codes or set(what) - set(WHAT):
        raise SharingError("Choose what would be told.")
    if any(each.receiver == receiver for each in request.sharings.filter(answered_at=None)):
        raise SharingError("This question waits for an answer already.")
    asked = Sharing.objects.create(help_request=request, receiver=receiver, what=json.dumps(codes), asked_by=by)
    history.record(help_request=request, what=History.What.SHARING_ASKED, by=by)
    notes.tell_news(help_request=request, what=Reachable.Gets.UPDATES, stamp=f"sharing:{asked.pk}")
    return asked


@transaction.atomic
def agree(*, sharing: Sharing, words: str, how: str, by: Any = None) -> None:
    """The family says yes to the exact `words`. `by` is who of our staff was told so. Raises SharingError."""
    sharing, request = _unanswered(sharing)
    if words != words_of(sharing):
        raise SharingError("The words have changed since they were shown. Read them again.")
    sharing.agreed, sharing.answered_at = True, timezone.now()
    sharing.save(update_fields=["agreed", "answered_at"])
    consent.give(help_request=request, words=words, how=how, sharing=sharing, by=by)
    history.record(help_request=request, what=History.What.SHARING_AGREED, by=by)
    notes.news(request)


@transaction.atomic
def decline(*, sharing: Sharing, how: str, by: Any = None) -> None:
    """The family says no. Raises SharingError."""
    sharing, request = _unanswered(sharing)
    sharing.agreed, sharing.answered_at = False, timezone.now()
    sharing.save(update_fields=["agreed", "answered_at"])
    consent.take_back(help_request=request, how=how, sharing=sharing, by=by)
    history.record(help_request=request, what=History.What.SHARING_DECLINED, by=by)
    notes.news(request)


@transaction.atomic
def end(*, sharing: Sharing, how: str, by: Any = None) -> None:
    """The family takes its yes back, in any way and at any time, of a closed request too. Twice is once. Raises
    SharingError where there was no yes."""
    sharing, request = _locked(sharing)
    if not sharing.agreed:
        raise SharingError("There is no agreement to take back.")
    if sharing.ended_at:
        return
    sharing.ended_at = timezone.now()
    sharing.save(update_fields=["ended_at"])
    consent.take_back(help_request=request, how=how, sharing=sharing, by=by)
    history.record(help_request=request, what=History.What.SHARING_ENDED, by=by)
    notes.news(request)


@transaction.atomic
def mark_shared(*, sharing: Sharing, by: Any) -> None:
    """The place was told, once. Raises SharingError unless the family agrees now."""
    sharing, request = _locked(sharing)
    if request.status == HelpRequest.Status.CLOSED:
        raise SharingError("This request is closed.")
    if sharing.shared_at:
        raise SharingError("This was done already.")
    if not sharing.may_share or not consent.stands(request, sharing=sharing):
        raise SharingError("The family does not agree to this now. Tell the place nothing.")
    sharing.shared_at = timezone.now()
    sharing.save(update_fields=["shared_at"])
    history.record(help_request=request, what=History.What.SHARED, by=by)
    notes.tell_news(help_request=request, what=Reachable.Gets.UPDATES, stamp=f"shared:{sharing.pk}")


def end_all(help_request: HelpRequest, *, how: str, by: Any = None) -> None:
    """Who takes back everything takes back each yes; what waited for an answer is not asked any more. In the caller's
    transaction."""
    sharings = help_request.sharings.defer(*sealed(Sharing))
    for sharing in sharings.filter(agreed=True, ended_at=None):
        end(sharing=sharing, how=how, by=by)
    for sharing in sharings.filter(answered_at=None):
        if help_request.status != HelpRequest.Status.CLOSED:
            decline(sharing=sharing, how=how, by=by)


def _open(help_request: HelpRequest) -> HelpRequest:
    request = HelpRequest.objects.select_for_update().get(pk=help_request.pk)
    if request.status == HelpRequest.Status.CLOSED:
        raise SharingError("This request is closed.")
    return request


def _locked(sharing: Sharing) -> tuple[Sharing, HelpRequest]:
    """Both rows as they are now; the request first, as everywhere."""
    of_it = HelpRequest.objects.filter(sharings=sharing.pk).defer(*sealed(HelpRequest))
    request = of_it.select_for_update(of=("self",)).get()
    return Sharing.objects.defer(*sealed(Sharing)).select_for_update().get(pk=sharing.pk), request


def _unanswered(sharing: Sharing) -> tuple[Sharing, HelpRequest]:
    sharing, request = _locked(sharing)
    if request.status == HelpRequest.Status.CLOSED:
        raise SharingError("This request is closed.")
    if sharing.answered_at:
        raise SharingError("This question was answered already.")
    return sharing, request
