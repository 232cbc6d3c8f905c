"""Stopping and forgetting, when the family says so."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from intake import consent, history, people, promises, sharing, triage
from intake.models import Consent, HelpRequest, History
from intake.models.help_request import new_link_id
from intake.models.reachable import PERSONAL
from navigator.encryption import sealed

# What a stub has instead of how a family lives and may be reached.
FORGOTTEN: dict[str, Any] = {
    **dict.fromkeys(("email_hash", "phone_hash", "zip_prefix", "state", "routing_reason", "fingerprint"), ""),
    **dict.fromkeys(("is_veteran",), False),
    "for_whom": HelpRequest.ForWhom.UNSAID,
    **people.UNKNOWN,
}
SEALED = sealed(HelpRequest)  # is emptied without being opened


@transaction.atomic
def withdraw(*, help_request: HelpRequest, how: str = "the family's page", by: Any = None) -> None:
    """The family takes its consent back, in whatever way (`how`; `by` is who of our staff was told): nobody contacts
    them any more. What they had joined with this request goes with it. Twice is once."""
    request = _locked(help_request)
    for joined in [request, *_same_person(request)]:
        _withdraw_one(joined, how, by)


def _withdraw_one(request: HelpRequest, how: str, by: Any) -> None:
    """A closed request too: it must not be opened again."""
    is_closed = request.status == HelpRequest.Status.CLOSED
    if is_closed and consent.last(request) == Consent.Act.WITHDRAWN:
        return
    sharing.end_all(request, how=how, by=by)
    consent.take_back(help_request=request, how=how, by=by)
    history.record(help_request=request, what=History.What.WITHDRAWN, by=by)
    if is_closed:
        promises.silence(request)
    else:
        triage.close(help_request=request, outcome=HelpRequest.Outcome.WITHDRAWN, by=by)


@transaction.atomic
def erase(*, help_request: HelpRequest, by: Any = None) -> None:
    """Everything that says who they are or how they are is gone at once, in what they had joined with it too. A stub
    stays (kind, dates, outcome), and the ledger of consents, which holds our own words only. Twice is once."""
    joined = _same_person(_locked(help_request))
    withdraw(help_request=help_request, by=by)
    for request in [help_request, *joined]:
        reduce(help_request=request, what=History.What.ERASED, by=by)


def _same_person(request: HelpRequest) -> list[HelpRequest]:
    """What was joined with this request, of the same address or number: what is another person's stays theirs."""
    same = Q()
    for name in ("email_hash", "phone_hash"):
        if value := getattr(request, name):
            same |= Q(**{name: value})
    return list(request.merged.filter(same).defer(*SEALED).select_for_update()) if same else []


def _locked(help_request: HelpRequest) -> HelpRequest:
    return HelpRequest.objects.defer(*SEALED).select_for_update().get(pk=help_request.pk)


@transaction.atomic
def reduce(*, help_request: HelpRequest, what: History.What, by: Any = None) -> None:
    """A closed request becomes a stub: what is encrypted is gone, on the row and on everything that belongs to it.
    `what` says why in the history. Twice is once."""
    request = _locked(help_request)
    if request.erased_at:
        return
    for name, empty in {**dict.fromkeys(SEALED), **FORGOTTEN}.items():
        setattr(request, name, empty)
    request.link_id = new_link_id()
    request.erased_at = timezone.now()
    request.save()
    for participant in request.participants.filter(erased_at=None).defer(*PERSONAL):
        people.forget(participant)
    request.messages.update(recipient=None, body=None)
    request.notes.update(body=None)
    request.plan_items.update(text=None)
    request.sharings.update(receiver=None, what=None)
    history.record(help_request=request, what=what, by=by)
