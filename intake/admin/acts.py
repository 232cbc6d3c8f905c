"""What can be done on a request's page: each act is one verb of intake, with its button, its form and its section."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from intake import booking, consent, erasing, merging, notes, people, planning, time_zones, triage, wording
from intake import sharing as sharings
from intake.admin import forms, people_forms
from intake.admin.act_forms import ActForm
from intake.admin.scope import own, sees_all
from intake.models import Conversation, HelpRequest, History, Participant, PlanItem, Sharing, Step

# What a verb says no with: a sentence for staff.
REFUSED = (
    booking.BookingError,
    merging.MergeError,
    notes.NoteError,
    people.PeopleError,
    planning.PlanError,
    sharings.SharingError,
    triage.TriageError,
)

# Lines of history after which a page on the screen is still true.
NO_CHANGE = (History.What.LOOKED, History.What.WROTE, History.What.SEEN_BY_FAMILY)

CALL, CASE, PLAN = "After a call", "The request", "The plan"
PEOPLE, SHARE = "Other people", "Telling a place"


@dataclass(frozen=True)
class Act:
    """A verb with its button and its form. `on_row`: the verb takes the row that the form chose, not the request."""

    label: str
    form: type[ActForm]
    verb: Callable[..., Any]
    section: str = CASE
    on_row: bool = False
    leads_only: bool = False


def join(*, help_request: HelpRequest, other: HelpRequest, by: Any) -> None:
    """The older of the two goes on: its number is the one that the family has known for longest."""
    older, younger = sorted((help_request, other), key=lambda row: row.pk)
    merging.merge(help_request=younger, into=older, by=by)


def agree(*, sharing: Sharing, how: str, by: Any) -> None:
    """The words that stand on the page were read out to them, and they said yes."""
    sharings.agree(sharing=sharing, words=sharings.words_of(sharing), how=how, by=by)


def name_somebody(*, help_request: HelpRequest, role: str, name: str, email: str, phone: str, by: Any) -> None:
    """The family named somebody on the phone. Clock and language are those of who asked, until they say otherwise."""
    reach_by = HelpRequest.ReachBy.EMAIL if email else HelpRequest.ReachBy.PHONE
    contact = {"name": name, "email": email, "phone": phone, "reach_by": reach_by}
    contact |= {"time_zone": help_request.time_zone, "language": help_request.language}
    people.add(help_request=help_request, role=role, contact=contact, by=by)


def let_join(*, participant: Participant, how: str, by: Any) -> None:
    """The words of consent were read out to them, and they said yes."""
    people.join(participant=participant, words=consent.named_words(), how=how, by=by)


def move(*, conversation: Conversation, starts_at: datetime, by: Any) -> None:
    """To a half hour that is still open."""
    try:
        booking.move(conversation=conversation, starts_at=starts_at, by=by)
    except booking.SlotTakenError as error:
        raise booking.BookingError("Somebody else has this time now. Choose another.") from error


ACTS = {
    "take": Act("Take it", forms.TakeForm, triage.take),
    "let-in": Act("A family: let it in", ActForm, triage.let_in),
    "call": Act("Log a call", forms.CallForm, triage.log_call, CALL),
    "held": Act("The booked talk took place", forms.ConversationForm, booking.mark_held, CALL, on_row=True),
    "missed": Act("They were not there", forms.ConversationForm, booking.mark_missed, CALL, on_row=True),
    "move": Act("Move the booked talk", forms.MoveForm, move, CALL, on_row=True),
    "cancel": Act("Cancel the booked talk", forms.AheadForm, booking.cancel, CALL, on_row=True),
    "next-step": Act("Set the next step", forms.NextStepForm, triage.set_next_step, CALL),
    "note": Act("Write a note for staff", forms.NoteForm, notes.for_staff, CALL),
    "message": Act("Write to the family", forms.MessageForm, notes.to_family, CALL),
    "wait": Act("Wait for the family", forms.WaitForm, triage.wait_for_family, CALL),
    "seen": Act("I have seen the news", ActForm, triage.seen, CALL),
    "done": Act("Tick off a step", forms.StepForm, triage.do_step, PLAN),
    "not-done": Act("It was not done after all", forms.UndoStepForm, triage.undo_step, PLAN),
    "plan-add": Act("Add a line to the plan", forms.PlanForm, planning.add_item, PLAN),
    "plan-done": Act("A line is done", forms.DoneItemForm, planning.mark_done, PLAN, on_row=True),
    "plan-remove": Act("Take a line out", forms.PlanItemForm, planning.remove_item, PLAN, on_row=True),
    "plan-show": Act("Show the plan to the family", ActForm, planning.show_plan, PLAN),
    "share-ask": Act("Ask the family if we may tell a place", people_forms.SharingForm, sharings.ask, SHARE),
    "share-yes": Act("They said yes", people_forms.AnswerForm, agree, SHARE, on_row=True),
    "share-no": Act("They said no", people_forms.AnswerForm, sharings.decline, SHARE, on_row=True),
    "shared": Act("I have told the place", people_forms.SharedForm, sharings.mark_shared, SHARE, on_row=True),
    "share-end": Act("They took their yes back", people_forms.EndSharingForm, sharings.end, SHARE, on_row=True),
    "name": Act("Name another person", people_forms.PersonForm, name_somebody, PEOPLE),
    "contact": Act("Change how to reach them", people_forms.ContactForm, people.change_contact, PEOPLE, on_row=True),
    "agreed": Act("A person said yes", people_forms.JoiningForm, let_join, PEOPLE, on_row=True),
    "leave": Act("A person leaves, or said no", people_forms.ParticipantForm, people.leave, PEOPLE, on_row=True),
    "raise": Act("Ask the leads for help", forms.ReasonForm, triage.escalate),
    "settle": Act("The lead has settled it", ActForm, triage.settle, leads_only=True),
    "reassign": Act("Give it to somebody else", forms.ReassignForm, triage.reassign),
    "merge": Act("Join it with another request", forms.MergeForm, join),
    "close": Act("Close it", forms.CloseForm, triage.close),
    "withdraw": Act("They take their consent back", forms.HowForm, erasing.withdraw),
    "spam": Act("Mark as spam", ActForm, triage.mark_spam),
    "reopen": Act("Open it again", forms.ReopenForm, triage.reopen),
}
WHEN_CLOSED = ("note", "reopen", "share-end", "withdraw")


def last_change(row: HelpRequest) -> int:
    """The newest line of history that is more than a look."""
    lines = row.history.exclude(what__in=NO_CHANGE)
    return lines.order_by("-pk").values_list("pk", flat=True).first() or 0


def since(row: HelpRequest, seen: int) -> QuerySet[History]:
    """What somebody did after a page was opened, newest last."""
    return row.history.filter(pk__gt=seen).exclude(what__in=NO_CHANGE).select_related("by").order_by("pk")


def may(act: Act, user: Any) -> bool:
    """Beyond the right to work on the request at all."""
    return sees_all(user) or not act.leads_only


def makes_sense(name: str, row: HelpRequest, user: Any, facts: "Facts") -> bool:
    """Is it worth a form now? The verb decides in the end."""
    if row.erased_at or row.status == HelpRequest.Status.CLOSED:
        return not row.erased_at and name in WHEN_CLOSED and facts.allows(name, row)
    if name == "take":
        advocate = own(user)
        return row.advocate_id is None and bool(advocate and advocate.is_active and user.is_active)
    return name != "reopen" and may(ACTS[name], user) and facts.allows(name, row)


@dataclass(frozen=True)
class Facts:
    """What the page has read anyway, so that no act asks again."""

    begun: bool  # a booked half hour that stands has begun
    standing: bool
    ahead: bool  # ... has not begun
    others: bool
    unanswered: bool  # somebody who was named has not answered
    plan: bool
    undone: bool
    steps: bool
    asked: bool
    agreed: bool
    untold: bool
    mergeable: bool

    @classmethod
    def of(
        cls,
        *,
        conversations: Iterable[Conversation],
        others: Iterable[Participant],
        items: Sequence[PlanItem],
        steps: Sequence[Step],
        sharings: Iterable[Sharing],
        mergeable: bool,
    ) -> "Facts":
        """From the lists of the page."""
        ends = ("cancelled_at", "held_at", "missed_at")
        standing = [c for c in conversations if not any(getattr(c, name) for name in ends)]
        agreed = [s for s in sharings if s.agreed and not s.ended_at]
        return cls(
            begun=any(c.starts_at <= timezone.now() for c in standing),
            standing=bool(standing),
            ahead=any(c.starts_at > timezone.now() for c in standing),
            others=any(not p.left_at for p in others),
            unanswered=any(not p.left_at and not p.agreed_at for p in others),
            plan=bool(items),
            undone=any(not item.done_on for item in items),
            steps=bool(steps),
            asked=any(not s.answered_at for s in sharings),
            agreed=bool(agreed),
            untold=any(not s.shared_at for s in agreed),
            mergeable=mergeable,
        )

    def allows(self, name: str, row: HelpRequest) -> bool:
        """Has this act something to work on?"""
        needs: dict[str, Any] = {
            "let-in": row.set_aside_because,
            "call": row.advocate_id,
            "held": self.begun,
            "missed": self.begun,
            "move": self.ahead,
            "cancel": self.ahead,
            "agreed": self.unanswered,
            "leave": self.others,
            "wait": not self.standing and (row.first_contact_at or row.tries),
            "seen": row.news_since,
            "not-done": self.steps,
            "plan-done": self.undone,
            "plan-remove": self.plan,
            "plan-show": self.plan,
            "share-yes": self.asked,
            "share-no": self.asked,
            "shared": self.untold,
            "share-end": self.agreed,
            "settle": row.escalated_at,
            "merge": self.mergeable,
            "reopen": not row.merged_into_id,
        }
        return bool(needs.get(name, True))


def letter(name: str, row: HelpRequest, user: Any, cleaned: dict[str, Any]) -> str:
    """The text to start from, if the family is written to after this act; empty if not."""
    advocate = own(user) or row.advocate
    next_try = cleaned.get("next_try")
    return wording.letter(
        name,
        advocate=advocate.first_name if advocate else "",
        call_by=f"by {time_zones.in_words(row.contact_by, row.time_zone)}",
        next_try=time_zones.in_words(next_try, row.time_zone) if next_try else "",
        outcome=cleaned.get("outcome", ""),
        result=cleaned.get("result", ""),
    )
