"""Which advocate a request goes to, and why: a short function over data of the advocates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from intake import history, staffing
from intake.models import Advocate, HelpRequest, History, Promise
from intake.promises import promise

AWAY = "away"


@dataclass(frozen=True)
class Choice:
    """Who, or nobody; and the reason in a sentence for staff."""

    advocate: Advocate | None
    reason: str


def refusal(advocate: Advocate, help_request: HelpRequest, *, open_requests: int) -> str:
    """Why this advocate cannot be given this request; empty if nothing speaks against it."""
    if is_away(advocate, timezone.now()):
        return AWAY
    if help_request.kind == HelpRequest.Kind.CONVERSATION and not advocate.takes_conversations:
        return "takes no conversations"
    if help_request.kind == HelpRequest.Kind.DOCTOR_MATCH and not advocate.takes_matches:
        return "takes no doctor matches"
    if help_request.state and help_request.state not in advocate.states.split():
        return f"not licensed in {help_request.state}"
    if help_request.language not in advocate.languages.split():
        return "does not speak the language asked for"
    if open_requests >= advocate.capacity:
        return f"full ({open_requests} open)"
    return ""


def loaded(advocates: QuerySet[Advocate]) -> QuerySet[Advocate]:
    """With `open_requests`: counted for each from the index of the queue, however many are closed."""
    theirs = HelpRequest.objects.open().filter(advocate=OuterRef("pk")).order_by().values("advocate")
    return advocates.annotate(open_requests=Coalesce(Subquery(theirs.annotate(n=Count("pk")).values("n")), 0))


def callers(help_request: HelpRequest) -> list[Advocate]:
    """Whose hours decide when this family is called: the advocate who has it; while nobody has, everybody who could be
    given it, full or not; nobody like that, all who are active."""
    active = staffing.with_hours(Advocate.objects.active())
    today = timezone.now()
    has = [a for a in active if a.pk == help_request.advocate_id and not is_away(a, today)]
    return has or [a for a in active if refusal(a, help_request, open_requests=0) in ("", AWAY)] or active


def is_away(advocate: Advocate, now: datetime) -> bool:
    """On the advocate's own calendar."""
    return staffing.is_away(advocate, now.astimezone(advocate.zone).date())


def choose(help_request: HelpRequest, advocates: Sequence[Advocate]) -> Choice:
    """Fits the state, the language, the kind and the veteran's need; then who has the least open work.

    `advocates` come from `loaded` and `staffing.with_hours`.
    """
    refusals = {a: refusal(a, help_request, open_requests=a.open_requests) for a in advocates}  # type: ignore[attr-defined]
    fitting = [advocate for advocate, reason in refusals.items() if not reason]
    if not fitting:
        reasons = "; ".join(f"{advocate.first_name}: {reason}" for advocate, reason in refusals.items())
        return Choice(None, reasons or "nobody is active")
    pool = [a for a in fitting if a.serves_veterans] if help_request.is_veteran else []
    best = min(pool or fitting, key=lambda a: (a.open_requests, a.pk))  # type: ignore[attr-defined]
    why = [f"licensed in {help_request.state}"] if help_request.state else []
    why += ["knows VA care"] if pool else []
    why.append(f"least open work ({best.open_requests})")  # type: ignore[attr-defined]
    return Choice(best, f"{best.first_name}: {', '.join(why)}")


def give(help_request: HelpRequest, advocate: Advocate, *, reason: str) -> None:
    """Put the request on the advocate's desk and owe the word of it. In the caller's transaction."""
    help_request.advocate = advocate
    help_request.assigned_at = timezone.now()
    help_request.routing_reason = reason[:300]
    if help_request.status == HelpRequest.Status.NEW:
        was_reached = help_request.first_contact_at
        help_request.status = HelpRequest.Status.REACHED if was_reached else HelpRequest.Status.ASSIGNED
    help_request.save(update_fields=["advocate", "assigned_at", "routing_reason", "status"])
    stamp = f"{help_request.assigned_at:%Y%m%d%H%M%S%f}"
    key = f"tell_advocate:{help_request.pk}:{advocate.pk}:{stamp}"
    promise(Promise.Kind.TELL_ADVOCATE, help_request, timezone.now(), key)


def one_at_a_time() -> None:
    """Whoever is about to look at loads or free times, and then to take of them, waits here for whoever does so now:
    two at once would give both to the same advocate, or one half hour to two families. Until the end of the caller's
    transaction; a request's own row is locked before it, everywhere."""
    everybody = Advocate.objects.active().select_for_update(of=("self",), no_key=True)
    list(everybody.order_by("pk").values_list("pk"))


@transaction.atomic
def assign(help_request: HelpRequest) -> bool:
    """Give a new request to exactly one advocate; a second call changes nothing. False when nobody fits: the request
    stays first in the queue, a lead is told once, and the promise to route comes back."""
    help_request = HelpRequest.objects.select_for_update().get(pk=help_request.pk)
    if help_request.status != HelpRequest.Status.NEW:
        return True
    booked = help_request.conversations.standing().select_related("advocate").first()
    if booked:
        choice = Choice(booked.advocate, f"{booked.advocate.first_name}: has the booked half hour")
    else:
        one_at_a_time()
        choice = choose(help_request, staffing.with_hours(loaded(Advocate.objects.active())))
    if choice.advocate is None:
        _wait(help_request, choice.reason)
        return False
    give(help_request, choice.advocate, reason=choice.reason)
    history.record(help_request=help_request, what=History.What.ROUTED, detail=f"to advocate {choice.advocate.pk}")
    return True


def _wait(help_request: HelpRequest, reason: str) -> None:
    """Say it once in the history, and wake a lead after a minute of waiting."""
    due = timezone.now() + timedelta(minutes=1)
    key = f"wake_lead:{help_request.pk}"
    if not Promise.objects.filter(key=key).exists():
        history.record(help_request=help_request, what=History.What.WAITING)
        HelpRequest.objects.filter(pk=help_request.pk).update(routing_reason=reason[:300])
        promise(Promise.Kind.WAKE_LEAD, help_request, due, key)
