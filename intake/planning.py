"""The plan after a call: who does what by when, which places were called, which documents are missing.

The advocate writes it, line by line; the family sees it from the moment it is shown, and ticks off its own lines.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake import history, notes
from intake.models import HelpRequest, History, PlanItem
from intake.models.reachable import Reachable
from navigator.security import clean_text

LONGEST = 300  # characters of a line
MOST = 40  # lines


class PlanError(Exception):
    """A sentence for who writes: why this cannot be done with the plan now."""


@transaction.atomic
def add_item(
    *, help_request: HelpRequest, kind: str, text: str, responsible: str = "", due_on: date | None = None, by: Any
) -> PlanItem:
    """One more line. `responsible` is a `PlanItem.Who`, asked of a step and of nothing else. Raises PlanError."""
    request = _open(help_request)
    text = clean_text(text)
    if kind not in PlanItem.Kind.values:
        raise PlanError("Choose what kind of line this is.")
    if not text or len(text) > LONGEST:
        raise PlanError(f"Write the line in {LONGEST} characters or fewer.")
    if "[" in text or "]" in text:
        raise PlanError("Fill in what stands in square brackets.")
    if kind == PlanItem.Kind.STEP and responsible not in PlanItem.Who.values:
        raise PlanError("Say who does it.")
    if request.plan_items.count() >= MOST:
        raise PlanError(f"A plan has {MOST} lines at most. Take one out first.")
    item = PlanItem.objects.create(
        help_request=request,
        kind=kind,
        text=text,
        who=responsible if kind == PlanItem.Kind.STEP else "",
        due_on=due_on,
        created_by=by,
    )
    history.record(help_request=request, what=History.What.PLAN, by=by, detail=kind)
    return item


@transaction.atomic
def mark_done(*, item: PlanItem, by: Any = None) -> None:
    """It is done: said by staff, or (`by` empty) by the family about a line of its own. Twice is once. Raises
    PlanError."""
    item, request = _locked(item)
    if by is None and item.who != PlanItem.Who.FAMILY:
        raise PlanError("This line is not yours to tick off.")
    if item.done_on:
        return
    item.done_on = timezone.now().astimezone(request.zone).date()
    item.save(update_fields=["done_on"])
    history.record(help_request=request, what=History.What.PLAN, by=by, detail="done")
    if by is None:
        notes.news(request)


@transaction.atomic
def remove_item(*, item: PlanItem, by: Any) -> None:
    """The line was wrong, or is no longer needed. Raises PlanError."""
    item, request = _locked(item)
    item.delete()
    history.record(help_request=request, what=History.What.PLAN, by=by, detail="removed")


@transaction.atomic
def show_plan(*, help_request: HelpRequest, by: Any) -> None:
    """From now on the family sees the plan; everybody who gets the plan hears of it, and again when there is more to
    see. Raises PlanError."""
    request = _open(help_request)
    if not request.plan_items.exists():
        raise PlanError("Write a line first.")
    shown = request.plan_shown_at
    if shown and not request.history.filter(what=History.What.PLAN, at__gt=shown).exists():
        raise PlanError("The family has seen this already: nothing is new.")
    request.plan_shown_at = timezone.now()
    request.save(update_fields=["plan_shown_at"])
    line = history.record(help_request=request, what=History.What.PLAN_SHOWN, by=by)
    notes.tell_news(help_request=request, what=Reachable.Gets.PLAN, stamp=f"plan:{line.pk}")


def _open(help_request: HelpRequest) -> HelpRequest:
    request = HelpRequest.objects.select_for_update().get(pk=help_request.pk)
    if request.status == HelpRequest.Status.CLOSED:
        raise PlanError("This request is closed.")
    return request


def _locked(item: PlanItem) -> tuple[PlanItem, HelpRequest]:
    """The request's row first, then the line as it is now. Raises PlanError, also for a line that was taken out
    meanwhile."""
    request = _open(item.help_request)
    found = request.plan_items.select_for_update().filter(pk=item.pk).first()
    if found is None:
        raise PlanError("This line was taken out.")
    return found, request
