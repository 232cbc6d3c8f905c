"""The plan that was agreed in a call: who does what by when, which places were called, which documents are missing. To
read, to print, and to tick off what is the family's own; what is on it is the desk's matter (`intake.planning`)."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from intake import planning, time_zones
from intake.forms.my import STALE, TickForm
from intake.links import Opened
from intake.models import HelpRequest, PlanItem
from intake.models.reachable import Reachable
from intake.views.my.opening import for_family
from intake.views.my.page import CONFLICT

# In the order of the page: the kind, its heading.
PARTS = (
    (PlanItem.Kind.STEP, "Who does what, by when"),
    (PlanItem.Kind.PLACE, "Places that were called"),
    (PlanItem.Kind.DOCUMENT, "Documents that are missing"),
)


@require_safe
@for_family
def plan(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    if not _is_shown(opened):
        return redirect("my", token)
    return _page(request, token, opened)


@require_POST
@for_family
def tick(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    """A line of the family's own is done."""
    if not _is_shown(opened):
        return redirect("my", token)
    typed = request.POST.get("item", "")
    item = next((one for one in _items(opened) if str(one.pk) == typed), None)
    if item is None or not TickForm(request.POST, person=opened.person, item=item).is_valid():
        return _page(request, token, opened, problem=f"{STALE}.")
    try:
        planning.mark_done(item=item)
    except planning.PlanError as error:
        return _page(request, token, opened, problem=str(error))
    return redirect("my-plan", token)


def _is_shown(opened: Opened) -> bool:
    return opened.help_request.plan_shown_at is not None and opened.gets(Reachable.Gets.PLAN)


def _items(opened: Opened) -> list[PlanItem]:
    return list(opened.help_request.plan_items.filter(text__isnull=False))


def _page(request: HttpRequest, token: str, opened: Opened, *, problem: str = "") -> HttpResponse:
    row, items = opened.help_request, _items(opened)
    shown_at = row.plan_shown_at or row.created_at
    parts = [(title, [_line(item, token, opened) for item in items if item.kind == kind]) for kind, title in PARTS]
    context = {
        "token": token,
        "title": "Your plan",
        "problem": problem,
        "advocate": row.advocate,
        "shown_on": time_zones.day_in_words(shown_at, opened.person.time_zone),
        "parts": [(title, lines) for title, lines in parts if lines],
    }
    return render(request, "intake/my_plan.html", context, status=CONFLICT if problem else 200)


def _line(item: PlanItem, token: str, opened: Opened) -> tuple[str, str, str, TickForm | None]:
    """What, who, by when or since when, and the button of a line that is the family's own to do."""
    due = f"By {_day(item.due_on)}" if item.due_on else ""
    when = f"Done on {_day(item.done_on)}" if item.done_on else due
    return item.text or "", PlanItem.Who(item.who).label if item.who else "", when, _button(item, token, opened)


def _button(item: PlanItem, token: str, opened: Opened) -> TickForm | None:
    is_open = opened.help_request.status != HelpRequest.Status.CLOSED
    if item.done_on or item.who != PlanItem.Who.FAMILY or not is_open:
        return None
    form = TickForm(person=opened.person, item=item, auto_id=f"tick{item.pk}_%s")
    form.helper.form_action = reverse("my-plan-done", args=[token])
    return form


def _day(day: date) -> str:
    return f"{day:%A, %B} {day.day}"
