"""The page itself: where it stands, what we hold, and the way to everything else."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from intake import time_zones
from intake.forms.my import masked_email, masked_phone
from intake.links import Opened
from intake.models import Consent, HelpRequest, Note
from intake.models.reachable import Reachable
from intake.views.my import standing
from intake.views.my.opening import for_family

CONFLICT = 409

Gets = Reachable.Gets


@require_safe
@for_family
def page(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    return as_it_stands(request, token, opened)


def as_it_stands(request: HttpRequest, token: str, opened: Opened, *, problem: str = "") -> HttpResponse:
    """The page now; with `problem`, why what was asked for could not be done (409)."""
    row = opened.help_request
    conversation = standing.latest(row) if opened.gets(Gets.CALLS) else None
    is_open = row.status != HelpRequest.Status.CLOSED
    context: dict[str, Any] = {
        "token": token,
        "opened": opened,
        "help_request": row,
        "problem": problem,
        "is_open": is_open,
        "joined_elsewhere": row.merged_into_id is not None,
        "sees_updates": opened.gets(Gets.UPDATES),
        "steps": standing.steps(opened, conversation),
        "next_words": standing.next_words(opened, conversation),
        "conversation": conversation,
        "when": time_zones.in_words(conversation.starts_at, opened.person.time_zone) if conversation else "",
        "can_change": bool(conversation and standing.can_change(conversation)),
        "can_choose_again": standing.can_choose_again(opened, conversation),
        "doors": _doors(token, opened),
        "notes": _notes(opened),
        "held": _held(opened),
        "agreed": _agreed(opened),
    }
    return render(request, "intake/my.html", context, status=CONFLICT if problem else 200)


def _doors(token: str, opened: Opened) -> list[tuple[str, str]]:
    """The pages beside this one that this person may open now."""
    row, names = opened.help_request, []
    if opened.is_asker and row.status != HelpRequest.Status.CLOSED:
        names += [("Pick your questions for the call", "my-questions"), ("People in this request", "my-people")]
    if _is_plan_shown(opened):
        names.append(("Your plan", "my-plan"))
    if opened.is_asker:
        names.append(("What we may tell others", "my-sharing"))
    return [(label, reverse(name, args=[token])) for label, name in names]


def _is_plan_shown(opened: Opened) -> bool:
    return opened.help_request.plan_shown_at is not None and opened.gets(Gets.PLAN)


def _notes(opened: Opened) -> list[tuple[Note, str, str]]:
    """What was written to this person and by this person, newest first: the note, by whom, when."""
    kinds = [Note.Kind.FROM_FAMILY, *([Note.Kind.TO_FAMILY] if opened.gets(Gets.UPDATES) else [])]
    found = opened.help_request.notes.filter(kind__in=kinds, body__isnull=False).select_related("by__advocate")
    mine = [note for note in found if note.kind == Note.Kind.TO_FAMILY or note.participant_id == _pk(opened)]
    return [(note, _writer(note), _at(opened, note.at)) for note in reversed(mine)]


def _pk(opened: Opened) -> int | None:
    return opened.participant.pk if opened.participant else None


def _writer(note: Note) -> str:
    if note.by is None:
        return "You"
    advocate = getattr(note.by, "advocate", None)
    return advocate.first_name if advocate else "Our team"


def _at(opened: Opened, instant: Any) -> str:
    return time_zones.in_words(instant, opened.person.time_zone)


def _held(opened: Opened) -> list[tuple[str, str]]:
    """Each field that we hold about this person, in words; what would tell too much is masked."""
    person = opened.person
    not_times = [Reachable.NotTimes(code).label for code in person.not_times.split()]
    gets = [Gets(code).label for code in person.gets.split()]
    return [
        *(_asked(opened) if opened.is_asker else []),
        ("Name", person.name or ""),
        ("Phone", masked_phone(person.phone).capitalize() or "None"),
        ("E-mail", masked_email(person.email) or "None"),
        ("We reach you by", Reachable.ReachBy(person.reach_by).label),
        ("Best time", Reachable.BestTime(person.best_time).label),
        ("No calls on", ", ".join(not_times) or "No such times"),
        ("May we leave a message", "Yes, without a word about health" if person.may_leave_message else "No"),
        ("May we say why we call", "Yes" if person.may_say_why else "No"),
        ("Your clock", time_zones.ZONES.get(time_zones.listed(person.time_zone)) or person.time_zone),
        ("Language", dict(Reachable.Language.choices).get(person.language, person.language)),
        ("You get", "; ".join(gets) or "Nothing but what we must say"),
        *(_locked(opened.help_request) if opened.is_asker else []),
    ]


def _asked(opened: Opened) -> list[tuple[str, str]]:
    row = opened.help_request
    is_call = row.kind == HelpRequest.Kind.CONVERSATION
    return [
        ("You asked for", "A call at a time you chose" if is_call else "Help from a nurse advocate"),
        ("When", time_zones.day_in_words(row.created_at, row.time_zone)),
        ("Who it is for", HelpRequest.ForWhom(row.for_whom).label),
    ]


def _locked(row: HelpRequest) -> list[tuple[str, str]]:
    """What is kept and not shown here; the download has it."""
    kept = {
        "Your answers to our questions": row.answers,
        "What helps you take part": row.access_needs,
        "The questions that you picked": row.questions,
        "The next step": row.next_step,
        "State and first digits of the ZIP code": row.state or row.zip_prefix,
    }
    return [(label, "Kept, not shown here") for label, value in kept.items() if value]


def _agreed(opened: Opened) -> dict[str, Any]:
    """The last act about being contacted: given or taken back, when, and the words."""
    acts = opened.help_request.consents.filter(participant=opened.participant, purpose=Consent.Purpose.CONTACT)
    found = acts.order_by("-pk").first()
    if found is None:
        return {}
    return {"stands": found.act == Consent.Act.GIVEN, "when": _at(opened, found.at), "words": found.words}
