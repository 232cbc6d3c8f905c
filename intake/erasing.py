"""Stopping and forgetting, when the family says so."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from intake import consent, history, triage
from intake.models import HelpRequest, History, Message
from intake.models.help_request import new_link_id


@transaction.atomic
def withdraw(*, help_request: HelpRequest, by: Any = None) -> None:
    """The family takes its consent back: nobody contacts them any more. Twice is once."""
    request = HelpRequest.objects.select_for_update().get(pk=help_request.pk)
    if request.status == HelpRequest.Status.CLOSED:
        return
    consent.take_back(help_request=request, how="the family's page")
    history.record(help_request=request, what=History.What.WITHDRAWN, by=by)
    triage.close(help_request=request, outcome=HelpRequest.Outcome.WITHDRAWN, by=by)


@transaction.atomic
def erase(*, help_request: HelpRequest, by: Any = None) -> None:
    """Everything that says who they are or how they are is gone at once. A stub stays (kind, dates, outcome), and the
    ledger of consents, which holds our own words only. Twice is once."""
    withdraw(help_request=help_request, by=by)
    request = HelpRequest.objects.select_for_update().get(pk=help_request.pk)
    if request.erased_at:
        return
    for name in ("name", "email", "phone", "answers", "access_needs", "next_step"):
        setattr(request, name, None)
    request.email_hash = request.phone_hash = request.zip_prefix = request.state = ""
    request.is_veteran = request.may_leave_message = False
    request.link_id = new_link_id()
    request.erased_at = timezone.now()
    request.save()
    Message.objects.filter(help_request=request).update(recipient=None, body=None)
    history.record(help_request=request, what=History.What.ERASED, by=by)
