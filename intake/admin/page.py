"""What stands on a request's page: read once, in a number of queries that does not rise with its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from intake import building_blocks, consent, merging, routing, sharing, time_zones
from intake.admin import forms, people, words
from intake.admin.act_forms import ActForm
from intake.admin.acts import ACTS, CALL, CASE, PEOPLE, PLAN, SHARE, Facts, last_change, makes_sense, since
from intake.admin.scope import may_work, seen_by
from intake.models import Advocate, HelpRequest, History, Note, Promise, Step

MOST_CHANGES = 20  # lines on a refused page


@dataclass(frozen=True)
class Refused:
    """An act that was not done: its name, what was sent, and its form with why. `is_stale`: somebody was faster."""

    name: str
    typed: Mapping[str, Any]
    form: ActForm
    is_stale: bool = False


def contents(row: HelpRequest, user: Any, refused: Refused | None = None) -> dict[str, Any]:
    """Everything about one request for one member of staff. What was sent and refused stays in its form."""
    now, clock = timezone.now(), words.clock_of(user)
    # Joined requests wrote their own consents: the ledger of another row is not this one's.
    consents = list(row.consents.select_related("participant", "sharing", "by"))
    others = [] if row.erased_at else list(row.participants.all())
    conversations = list(row.conversations.select_related("advocate"))
    items, steps = list(row.plan_items.all()), list(row.steps.all())
    sharings, same = list(row.sharings.all()), _same(row, user)
    owed = list(row.promises.filter(done_at=None))
    facts = Facts.of(
        conversations=conversations,
        others=others,
        items=items,
        steps=steps,
        sharings=sharings,
        mergeable=any(link and not other.closed_at for other, link in same),
    )
    lines = [
        (time_zones.in_words(line.at, clock), line, words.detail(line)) for line in row.history.select_related("by")
    ]
    return {
        "row": row,
        "due": words.due(row),
        "call_by": words.both_clocks(row.contact_by, row, user),
        "next_try": words.both_clocks(row.next_try_at, row, user) if row.next_try_at else "",
        "since": _since(row, clock),
        "aside": _aside(row, owed, clock),
        "people": [] if row.erased_at else people.everybody(row, others, consents, user, now),
        "left": [other for other in others if other.left_at],
        "told": words.told(row),
        "matches": words.matches(row),
        "conversations": [(words.both_clocks(each.starts_at, row, user), each) for each in conversations],
        "consents": [(time_zones.in_words(each.at, clock), each) for each in consents],
        "notes": _notes(row, clock),
        "steps": _steps(steps),
        "items": items,
        "blocks": [text for blocks in building_blocks.BLOCKS.values() for _, text in blocks],
        "contact_words": consent.named_words() if facts.unanswered else "",
        "sharings": [(each, "" if each.answered_at or row.erased_at else sharing.words_of(each)) for each in sharings],
        "mails": [
            (time_zones.in_words(mail.sent_at, clock) if mail.sent_at else "", mail)
            for mail in row.messages.select_related("participant")
        ],
        "promises": [(time_zones.in_words(each.due_at, clock), each) for each in owed],
        "calls": [line for line in lines if line[1].what == History.What.CALLED],
        "lines": [line for line in lines if line[1].what != History.What.LOOKED],
        "looks": [line for line in lines if line[1].what == History.What.LOOKED],
        "same": same,
        "refusals": _refusals(row),
        "sections": _sections(row, user, facts, refused),
        "refused": refused,
        "changes": _changes(row, refused, clock),
        "warning": "" if row.advocate_id else forms.warning(row, user),
    }


def _since(row: HelpRequest, clock: str) -> list[tuple[str, str]]:
    """What else is up with it, and since when."""
    signs: list[tuple[str, datetime | None]] = [
        ("News from the family", row.news_since),
        ("Waiting for the family", row.waiting_since),
        ("Raised to a lead", row.escalated_at),
    ]
    return [(label, time_zones.in_words(at, clock)) for label, at in signs if at]


def _aside(row: HelpRequest, owed: list[Promise], clock: str) -> str:
    """Why it is set aside, and when it is let in by itself; empty when it is not."""
    routes = [each for each in owed if each.kind == Promise.Kind.ROUTE]
    if not row.set_aside_because or not routes:
        return ""
    return f"{words.suspicion(row.set_aside_because)}. Let in by itself {time_zones.in_words(routes[0].due_at, clock)}"


def _notes(row: HelpRequest, clock: str) -> list[tuple[str, Note]]:
    found = row.notes.select_related("by", "participant").order_by("-pk")
    return [(time_zones.in_words(note.at, clock), note) for note in found]


def _steps(done: list[Step]) -> list[tuple[str, Any]]:
    """Every step of the work, with the day it was done."""
    days = {step.code: step.done_on for step in done}
    return [(str(label), days.get(code)) for code, label in Step.Code.choices]


def _same(row: HelpRequest, user: Any) -> list[tuple[HelpRequest, bool]]:
    """Other requests of this family, and whether the reader may open each."""
    found = [] if row.erased_at else merging.duplicates(row)
    if not found:
        return []
    mine = set(
        seen_by(user, HelpRequest.objects.filter(pk__in=[each.pk for each in found])).values_list("pk", flat=True)
    )
    return [(each, each.pk in mine) for each in found]


def _refusals(row: HelpRequest) -> list[tuple[Advocate, str]]:
    """Each active advocate, and what speaks against giving them this request; nothing for who could have it."""
    if row.status == HelpRequest.Status.CLOSED:
        return []
    active = routing.loaded(Advocate.objects.active()).prefetch_related("days_off", "working_hours")
    loads: list[tuple[Advocate, int]] = [(a, getattr(a, "open_requests")) for a in active]  # noqa: B009
    return [(a, routing.refusal(a, row, open_requests=load)) for a, load in loads if a.pk != row.advocate_id]


def _changes(row: HelpRequest, refused: Refused | None, clock: str) -> list[tuple[str, History, str]]:
    """Who did what, when, since the refused page was opened."""
    if not refused or not refused.is_stale:
        return []
    seen = str(refused.typed.get("seen", ""))
    lines = since(row, int(seen) if seen.isdecimal() and len(seen) < 19 else 0).order_by("-pk")[:MOST_CHANGES]
    return [(time_zones.in_words(line.at, clock), line, words.detail(line)) for line in lines]


def _sections(
    row: HelpRequest, user: Any, facts: Facts, refused: Refused | None
) -> list[tuple[str, list[tuple[str, str, ActForm, bool]]]]:
    """What this person can do now, in the order of a call. What was typed stays typed, on top of how it stands now."""
    if not may_work(user):
        return []
    seen = last_change(row)
    shown: dict[str, list[tuple[str, str, ActForm, bool]]] = {name: [] for name in (CALL, CASE, PLAN, PEOPLE, SHARE)}
    for name, act in ACTS.items():
        if not makes_sense(name, row, user, facts):
            continue
        is_refused = bool(refused and refused.name == name)
        form = _form(name, row, user, seen, refused if is_refused else None)
        shown[act.section].append((name, act.label, form, is_refused))
    return [(section, found) for section, found in shown.items() if found]


def _form(name: str, row: HelpRequest, user: Any, seen: int, refused: Refused | None) -> ActForm:
    initial = {"seen": seen, "write": name in ("close", "wait", "reopen")}
    settings: dict[str, Any] = {"row": row, "user": user, "auto_id": f"{name}-%s", "label_suffix": ""}
    if refused is None:
        return ACTS[name].form(initial=initial, **settings)
    data: Any = refused.typed.copy()  # type: ignore[attr-defined]
    data["seen"] = seen
    form = ACTS[name].form(data, initial=initial, **settings)
    form.full_clean()
    for sentence in refused.form.non_field_errors():
        form.add_error(None, sentence)
    return form
