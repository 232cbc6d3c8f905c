"""What stands on a request's page, and what can be done there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from intake import staffing, time_zones, triage
from intake.admin import forms, words
from intake.admin.scope import may_work
from intake.models import Advocate, HelpRequest, History

# Lines of history after which a page on the screen is still true.
NO_CHANGE = (History.What.LOOKED, History.What.WROTE, History.What.SEEN_BY_FAMILY)


@dataclass(frozen=True)
class Act:
    """A verb of `intake.triage` with its button and its form."""

    label: str
    form: type[forms.ActForm]
    verb: Callable[..., None]


ACTS = {
    "take": Act("Take it", forms.TakeForm, triage.take),
    "call": Act("Log a call", forms.CallForm, triage.log_call),
    "next-step": Act("Set the next step", forms.NextStepForm, triage.set_next_step),
    "reassign": Act("Give it to somebody else", forms.ReassignForm, triage.reassign),
    "close": Act("Close it", forms.CloseForm, triage.close),
    "spam": Act("Mark as spam", forms.TakeForm, triage.mark_spam),
}


def last_change(row: HelpRequest) -> int:
    """The newest line of history that is more than a look."""
    lines = row.history.exclude(what__in=NO_CHANGE)
    return lines.order_by("-pk").values_list("pk", flat=True).first() or 0


def contents(row: HelpRequest, user: Any, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Everything about one request for one member of staff. `typed` holds what was sent to an act and refused."""
    now = timezone.now()
    lines = [
        (time_zones.in_words(line.at, words.clock_of(user)), line, words.detail(line))
        for line in row.history.select_related("by")
    ]
    return {
        "row": row,
        "due": words.due(row),
        "call_by": words.both_clocks(row.contact_by, row, user),
        "there": time_zones.in_words(now, row.time_zone),
        "may_call": staffing.may_call(row.zone, now=now),
        "phone": words.phone(row),
        "language": words.LANGUAGES.get(row.language, row.language),
        "told": words.told(row),
        "matches": words.matches(row),
        "conversations": [
            (words.both_clocks(each.starts_at, row, user), each)
            for each in row.conversations.select_related("advocate")
        ],
        "consents": [(time_zones.in_words(each.at, words.clock_of(user)), each) for each in row.consents.all()],
        "mails": [
            (time_zones.in_words(mail.sent_at, words.clock_of(user)) if mail.sent_at else "", mail)
            for mail in row.messages.all()
        ],
        "promises": [
            (time_zones.in_words(each.due_at, words.clock_of(user)), each) for each in row.promises.filter(done_at=None)
        ],
        "lines": [line for line in lines if line[1].what != History.What.LOOKED],
        "looks": [line for line in lines if line[1].what == History.What.LOOKED],
        "acts": _acts(row, user, typed),
        "warning": "" if row.advocate_id else forms.warning(row, user),
    }


def _acts(row: HelpRequest, user: Any, typed: Mapping[str, Any]) -> list[tuple[str, str, forms.ActForm]]:
    """What this person can do now. What was typed stays typed, on top of how the request stands now."""
    if row.status == HelpRequest.Status.CLOSED or not may_work(user):
        return []
    seen, shown = last_change(row), []
    for name, act in ACTS.items():
        if not _makes_sense(name, row, user):
            continue
        data = {**typed[name].dict(), "seen": seen} if name in typed else None
        form = act.form(data, initial={"seen": seen}, auto_id=f"{name}-%s", label_suffix="", row=row)
        shown.append((name, act.label, form))
    return shown


def _makes_sense(act: str, row: HelpRequest, user: Any) -> bool:
    if act == "take":
        return row.advocate_id is None and Advocate.objects.active().filter(user=user).exists()
    return act != "call" or row.advocate_id is not None
