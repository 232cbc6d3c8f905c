"""Everything that we hold about one person of a request, as a file for programs and as one for people.

Each column of each table that belongs to a request is in the file, or in LEFT_OUT with the reason; a test reads the
models and fails on one that is in neither. Who asked gets the request; somebody else gets what is theirs: their own
contact, consents, mails and notes, and of the request what they chose to get.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from intake import history, links, sharing, time_zones
from intake.forms.match import QUESTIONS
from intake.links import Opened
from intake.models import (
    Advocate,
    Consent,
    Conversation,
    HelpRequest,
    History,
    Message,
    Note,
    Participant,
    PlanItem,
    Promise,
    Sharing,
    Step,
)
from intake.models.reachable import Reachable
from navigator import identity

KEY, TECHNICAL = "a key of our tables", "says how our machines worked, nothing about anybody"
SECRET = "opens the page, as the address of the page does"  # noqa: S105
INDEX = "made from the address or number that is in the file"

# "Model.column" -> why the file has it not. "*" stands for every model.
LEFT_OUT = {
    "*.id": KEY,
    "*.help_request": KEY,
    "*.participant": "each file is of one person: it is who reads it",
    "*.link_id": SECRET,
    "*.email_hash": INDEX,
    "*.phone_hash": INDEX,
    "HelpRequest.submission_key": KEY,
    "HelpRequest.fingerprint": INDEX,
    "Promise.key": KEY,
    "Promise.conversation": KEY,
    "Promise.attempts": TECHNICAL,
    "Promise.last_error": TECHNICAL,
    "Message.promise": KEY,
    "Message.message_id": KEY,
    "Message.to_family": "the file has mails to the family; mails to our staff carry a link and no story",
    "Consent.version": "made from the words, which are in the file",
}
# Of somebody else, who asked gets what they typed and what became of it. The rest is in that person's own file.
OF_OTHERS = ("role", "name", "created_at", "agreed_at", "left_at")

# Columns that hold JSON.
LISTS = ("HelpRequest.answers", "HelpRequest.questions", "Sharing.what")

# Section of the file -> its heading for people.
SECTIONS: dict[str, tuple[str, type[models.Model]]] = {
    "conversations": ("Calls", Conversation),
    "people": ("Other people in the request", Participant),
    "consents": ("What was agreed, and taken back", Consent),
    "notes": ("Notes", Note),
    "plan": ("The plan", PlanItem),
    "steps": ("Steps that are done", Step),
    "sharings": ("Telling others", Sharing),
    "messages": ("Mails to you", Message),
    "promises": ("What we owed, and when it was done", Promise),
    "history": ("Who did what, and when", History),
}


@dataclass(frozen=True)
class Cell:
    """One column of one row: its name and value for programs, its label and words for people."""

    name: str
    label: str
    value: Any
    words: str


Row = list[Cell]
Part = dict[str, list[Row]]  # of one request: section -> rows; "request" or "person" has one row


@transaction.atomic
def download(*, opened: Opened, kind: str) -> str:
    """The whole file, as "json" or "text". That it was made is in the history, and so in the file."""
    history.record(help_request=opened.help_request, what=History.What.DOWNLOADED, detail=kind)
    parts = everything(opened)
    return as_json(parts) if kind == "json" else as_text(parts, opened)


def everything(opened: Opened) -> list[Part]:
    """Of the request, and of each that was joined with it and is of the same person."""
    if opened.participant:
        return [_part(opened)]
    joined = opened.help_request.merged.filter(erased_at=None)
    same = [one for one in joined if links.same_person(one, opened.help_request)]
    return [_part(opened), *(_part(Opened(one)) for one in same)]


def as_json(parts: list[Part]) -> str:
    """UTC times, codes as they are stored."""
    told = [
        {section: [{cell.name: cell.value for cell in row} for row in rows] for section, rows in part.items()}
        for part in parts
    ]
    made = {"made_at": timezone.now().isoformat(), "site": settings.SITE_URL, "requests": told}
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def as_text(parts: list[Part], opened: Opened) -> str:
    """The same in words, on this person's clock."""
    who = identity.current()
    now = time_zones.in_words(timezone.now(), opened.person.time_zone)
    lines = [f"What {who.name} holds about you", f"Made on {now}", f"Questions: {who.phone}, {who.email}", ""]
    titles = {"request": "Your request", "person": "You", **{name: title for name, (title, _) in SECTIONS.items()}}
    for part in parts:
        for section, rows in part.items():
            lines += ["", titles[section].upper(), ""]
            for row in rows:
                lines += [f"{cell.label}: {_indented(cell.words)}" for cell in row if cell.words] + [""]
            if not rows:
                lines += ["None.", ""]
    return "\n".join(lines).strip() + "\n"


def _indented(words: str) -> str:
    return words.strip().replace("\n", "\n    ")


def _part(opened: Opened) -> Part:
    zone, person = opened.person.time_zone, opened.participant
    rows = _theirs(opened, person) if person else _whole(opened.help_request)
    part: Part = {"person" if person else "request": [_row(opened.person, zone)]}
    for section in SECTIONS:
        if section in rows:
            names = OF_OTHERS if section == "people" else None
            part[section] = [_row(row, zone, names) for row in rows[section]]
    return part


def _whole(request: HelpRequest) -> dict[str, Iterable[models.Model]]:
    return {
        "conversations": request.conversations.select_related("advocate"),
        "people": request.participants.filter(erased_at=None),
        "consents": request.consents.filter(participant=None).select_related("by__advocate", "sharing"),
        "notes": request.notes.filter(participant=None).select_related("by__advocate"),
        "plan": request.plan_items.select_related("created_by__advocate"),
        "steps": request.steps.select_related("by__advocate"),
        "sharings": request.sharings.select_related("asked_by__advocate"),
        "messages": request.messages.filter(participant=None, to_family=True),
        "promises": request.promises.filter(participant=None),
        "history": request.history.select_related("by__advocate"),
    }


def _theirs(opened: Opened, person: Participant) -> dict[str, Iterable[models.Model]]:
    request, gets = opened.help_request, Reachable.Gets
    own = Q(participant=person)
    to_all = Q(kind=Note.Kind.TO_FAMILY) if opened.gets(gets.UPDATES) else Q(pk=None)
    rows: dict[str, Iterable[models.Model]] = {
        "consents": request.consents.filter(own).select_related("by__advocate", "sharing"),
        "notes": request.notes.filter(own | to_all).select_related("by__advocate"),
        "messages": request.messages.filter(own),
        "promises": request.promises.filter(own),
    }
    if opened.gets(gets.CALLS):
        rows["conversations"] = request.conversations.select_related("advocate")
    if opened.gets(gets.PLAN) and request.plan_shown_at:
        rows["plan"] = request.plan_items.select_related("created_by__advocate")
    return rows


def is_left_out(field: "models.Field[Any, Any]") -> bool:
    return f"*.{field.name}" in LEFT_OUT or f"{field.model.__name__}.{field.name}" in LEFT_OUT


def _row(row: models.Model, zone: str, names: Iterable[str] | None = None) -> Row:
    fields = [field for field in row._meta.concrete_fields if not is_left_out(field)]
    return [_cell(row, field, zone) for field in fields if names is None or field.name in names]


def _cell(row: models.Model, field: "models.Field[Any, Any]", zone: str) -> Cell:
    label = str(field.verbose_name).capitalize()
    value = getattr(row, field.name)
    if isinstance(value, models.Model):
        value = _name(value)
    if isinstance(value, datetime):
        return Cell(field.name, label, value.isoformat(), time_zones.in_words(value, zone))
    if isinstance(value, date):
        return Cell(field.name, label, value.isoformat(), f"{value:%A, %B} {value.day}, {value.year}")
    if f"{field.model.__name__}.{field.name}" in LISTS and value:
        told = json.loads(value)
        return Cell(field.name, label, told, _answers(told) if isinstance(told, dict) else _listed(told))
    if isinstance(value, bool):
        return Cell(field.name, label, value, "Yes" if value else "No")
    chosen: Any = dict(field.flatchoices).get(value, value)
    return Cell(field.name, label, value, "" if chosen is None else str(chosen))


def _listed(codes: list[str]) -> str:
    return "; ".join(sharing.WHAT.get(code, code) for code in codes)


def _name(row: models.Model) -> str:
    """Of staff the first name that families see; of anything else what it is called."""
    if isinstance(row, Advocate):
        return row.first_name
    if isinstance(row, HelpRequest):
        return row.reference
    if isinstance(row, Sharing):
        return row.receiver or ""
    advocate = getattr(row, "advocate", None)
    return advocate.first_name if advocate else "our staff"


def _answers(told: dict[str, Any]) -> str:
    """Each question with its answer, in the words of the form."""
    asked = {name: field for form in QUESTIONS.values() for name, field in form.base_fields.items()}
    lines = [""]
    for name, answer in told.items():
        words = dict(getattr(asked.get(name), "choices", ()))
        given = answer if isinstance(answer, list) else [answer]
        question = asked[name].label if name in asked else name
        lines.append(f"{question} {', '.join(str(words.get(one, one)) for one in given)}")
    return "\n    ".join(lines)
