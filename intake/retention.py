"""How long each thing is kept, and the night that lets go of it.

TABLE names every column of every table that may hold something about a person, with the rule that ends it; a test reads
the models and fails on a column that is not in it. A rule finds its rows, and lets go of them in batches, each row or
batch a transaction of its own: a night that is stopped goes on where it was, and one row that cannot be opened holds up
no other. A rehearsal counts what the same night would do, and changes nothing but
the list of nights.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils import timezone

from intake import erasing, people, routing
from intake.models import (
    Consent,
    Conversation,
    Digest,
    Export,
    HelpRequest,
    History,
    Hold,
    LinkAsk,
    Message,
    Note,
    Participant,
    PlanItem,
    Promise,
    Reconciliation,
    RetentionRun,
    Sharing,
    Step,
)
from navigator.models import SignInTries, Tally

log = logging.getLogger(__name__)

BATCH = 200
DAY, YEAR = timedelta(days=1), timedelta(days=365)

UNFINISHED = timedelta(minutes=60)  # SESSION_COOKIE_AGE; the row carries its own end
ASKS = DAY
INVITATION = 30 * DAY
SPAM = 30 * DAY
CLOSED = YEAR
LEDGER = 5 * YEAR + 2 * DAY  # the database lets go of a line after five calendar years, leap days and all
COUNTS = DAY
DIGESTS = 90 * DAY
NIGHTS = YEAR
APART = timedelta(hours=20)  # from the end of a night to the next

Rows = models.QuerySet[Any]
FOREVER = "stays"

Act = Callable[[Any], None]


@dataclass(frozen=True)
class Rule:
    """What ends after `period`: `rows` that are due at an instant, and how to `let_go` of some of them, of which the
    family may have spoken since they were listed. How many went."""

    name: str
    period: timedelta
    says: str
    rows: Callable[[datetime], Rows]
    let_go: Callable[[Rows], int]


@transaction.atomic
def _delete(due: Rows) -> int:
    """Past the model's own managers: a ledger's refuses."""
    return due._raw_delete(using="default")


@transaction.atomic
def _free(due: Rows) -> int:
    """While nobody keeps or books a time."""
    routing.one_at_a_time()
    return _delete(due)


def _each(act: Act, path: str = "") -> Callable[[Rows], int]:
    """One by one, each looked at again when its request is locked (`path` leads there from the request); one that fails
    is said, by its number alone, and comes again the next night."""

    def let_go(due: Rows) -> int:
        done = 0
        for pk in list(due.order_by("pk").values_list("pk", flat=True)):
            try:
                with transaction.atomic():
                    of_it = HelpRequest.objects.filter(**{f"{path}pk": pk})
                    list(of_it.select_for_update(of=("self",)).values_list("pk"))
                    if due.filter(pk=pk).exists():
                        act(pk)
                        done += 1
            except Exception as error:
                log.error("Row %s could not be let go of: %s", pk, type(error).__name__)
        return done

    return let_go


def _reduce(pk: int) -> None:
    erasing.reduce(help_request=HelpRequest(pk=pk), what=History.What.REDUCED)


def _uninvite(pk: int) -> None:
    people.leave(participant=Participant(pk=pk), how="no answer")


def _remove(pk: int) -> None:
    """The stub and everything that hangs on it."""
    for model in HANGS_ON_IT:
        models.QuerySet[Any](model).filter(help_request=pk)._raw_delete(using="default")
    models.QuerySet[Any](HelpRequest).filter(pk=pk)._raw_delete(using="default")


def _due_stubs(now: datetime) -> Rows:
    """Reduced, and every line about them older than the ledger keeps. What was joined with it goes first."""
    old = now - LEDGER
    fresh = models.Q(history__at__gte=old) | models.Q(consents__at__gte=old)
    late = HelpRequest.objects.filter(fresh).values("pk")
    stubs = HelpRequest.objects.filter(erased_at__lt=old).exclude(pk__in=late)
    return stubs.exclude(pk__in=HelpRequest.objects.filter(merged_into__isnull=False).values("merged_into"))


# Tables with a line about a request, those that point to others of them first.
HANGS_ON_IT: tuple[type[models.Model], ...] = (
    Message,
    Promise,
    Note,
    PlanItem,
    Step,
    Consent,
    Sharing,
    History,
    Conversation,
    Participant,
)

RULES = (
    Rule(
        "unfinished answers",
        UNFINISHED,
        "Answers that wait in a browser's session are deleted 60 minutes after the last touch.",
        lambda now: Session.objects.filter(expire_date__lt=now),
        _delete,
    ),
    Rule(
        "kept times",
        timedelta(minutes=15),
        "A half hour that was kept and not booked is deleted when its time is over.",
        lambda now: Hold.objects.filter(until__lt=now),
        _free,
    ),
    Rule(
        "lost links",
        ASKS,
        "That somebody asked for a lost link is deleted after a day.",
        lambda now: LinkAsk.objects.filter(asked_at__lt=now - ASKS),
        _delete,
    ),
    Rule(
        "unanswered invitations",
        INVITATION,
        "Who was named and did not answer for 30 days is forgotten.",
        lambda now: Participant.objects.filter(created_at__lt=now - INVITATION, agreed_at=None, left_at=None),
        _each(_uninvite, "participants__"),
    ),
    Rule(
        "spam",
        SPAM,
        "Spam is reduced to a stub 30 days after it was closed.",
        lambda now: _closed(now - SPAM).filter(outcome=HelpRequest.Outcome.SPAM),
        _each(_reduce),
    ),
    Rule(
        "closed requests",
        CLOSED,
        "A closed request is reduced to a stub after 12 months: kind, dates and outcome stay.",
        lambda now: _closed(now - CLOSED).exclude(outcome=HelpRequest.Outcome.SPAM),
        _each(_reduce),
    ),
    Rule(
        "stubs and their ledger",
        LEDGER,
        "A stub, its consents and its history are deleted five years after the last line about it.",
        _due_stubs,
        _each(_remove),
    ),
    Rule(
        "exports",
        LEDGER,
        "That something was exported is deleted after five years.",
        lambda now: Export.objects.filter(at__lt=now - LEDGER),
        _delete,
    ),
    Rule(
        "digests",
        DIGESTS,
        "That a morning's mail was sent is deleted after 90 days.",
        lambda now: Digest.objects.filter(day__lt=(now - DIGESTS).date()),
        _delete,
    ),
    Rule(
        "nights",
        NIGHTS,
        "What a night let go of is deleted after a year.",
        lambda now: RetentionRun.objects.filter(started_at__lt=now - NIGHTS),
        _delete,
    ),
    Rule(
        "looks at what always holds",
        DIGESTS,
        "What the hourly look found is deleted after 90 days.",
        lambda now: Reconciliation.objects.filter(at__lt=now - DIGESTS),
        _delete,
    ),
    Rule(
        "tries to sign in",
        DIGESTS,
        "Tries to sign in are forgotten 90 days after the first of them.",
        lambda now: SignInTries.objects.filter(since__lt=now - DIGESTS),
        _delete,
    ),
    Rule(
        "counts of use",
        COUNTS,
        "Counts of use are forgotten a day after their period has ended.",
        lambda now: Tally.objects.filter(ends_at__lt=now - COUNTS),
        _delete,
    ),
    Rule(
        "the admin's own log",
        NIGHTS,
        "Django's log of what staff changed (advocates, hours, texts) is deleted after a year.",
        lambda now: LogEntry.objects.filter(action_time__lt=now - NIGHTS),
        _delete,
    ),
)


def _closed(before: datetime) -> Rows:
    return HelpRequest.objects.filter(status=HelpRequest.Status.CLOSED, erased_at=None, closed_at__lt=before)


def nightly() -> int:
    """The night, unless one ended a short while ago. Asked every hour. How many rows went."""
    recent = RetentionRun.objects.filter(is_rehearsal=False, ended_at__gt=timezone.now() - APART)
    return 0 if recent.exists() else sum(run().values())


def run(*, dry_run: bool = False, now: datetime | None = None) -> dict[str, int]:
    """Every rule once, in its order. Rule -> rows. A real night is written down as it goes on, a rehearsal at its
    end."""
    now = now or timezone.now()
    if dry_run:
        counts = {rule.name: rule.rows(now).count() for rule in RULES}
        RetentionRun.objects.create(counts=counts, is_rehearsal=True, ended_at=timezone.now())
        return counts
    night = RetentionRun.objects.create()
    for rule in RULES:
        night.counts[rule.name] = _keep(rule, now)
        night.save(update_fields=["counts"])
    night.ended_at = timezone.now()
    night.save(update_fields=["ended_at"])
    log.info("Retention: %s", ", ".join(f"{name} {number}" for name, number in night.counts.items() if number))
    return dict(night.counts)


def _keep(rule: Rule, now: datetime) -> int:
    """What is due as the night begins, in batches. A rule that fails is said, and holds up no other."""
    due, done = list(rule.rows(now).order_by("pk").values_list("pk", flat=True)), 0
    try:
        for start in range(0, len(due), BATCH):
            done += rule.let_go(rule.rows(now).filter(pk__in=due[start : start + BATCH]))
    except Exception as error:
        log.error("The rule on %s stopped: %s", rule.name, type(error).__name__)
    return done


# Table -> until when -> its columns. "stub": emptied when the request is reduced, by "closed requests" or "spam", or at
# once when the family deletes everything. "ledger": with "stubs and their ledger". FOREVER has nothing of a family.
TABLE: dict[str, dict[str, str]] = {
    "intake.HelpRequest": {
        "stub": "name email phone email_hash phone_hash reach_by may_leave_message may_say_why best_time not_times "
        "time_zone language gets answers access_needs questions next_step state zip_prefix is_veteran for_whom "
        "routing_reason fingerprint link_id",
        "ledger": "id reference submission_key kind created_at status advocate assigned_at contact_by first_contact_at "
        "tries last_try_at next_try_at next_step_on waiting_since news_since escalated_at plan_shown_at merged_into "
        "closed_at outcome erased_at set_aside_because",
    },
    "intake.Participant": {
        "stub": "name email phone email_hash phone_hash reach_by may_leave_message may_say_why best_time not_times "
        "time_zone language gets link_id",
        "ledger": "id help_request role created_at agreed_at left_at erased_at",
    },
    "intake.Sharing": {
        "stub": "receiver what",
        "ledger": "id help_request asked_by asked_at answered_at agreed ended_at shared_at",
    },
    "intake.Note": {"stub": "body", "ledger": "id help_request kind by participant at"},
    "intake.PlanItem": {"stub": "text", "ledger": "id help_request kind who due_on done_on created_by created_at"},
    "intake.Message": {
        "stub": "recipient body",
        "ledger": "id promise help_request to_family participant subject message_id created_at sent_at",
    },
    "intake.Step": {"ledger": "id help_request code done_on by"},
    "intake.Conversation": {
        "ledger": "id help_request advocate starts_at way sequence created_at changed_at cancelled_at held_at missed_at"
    },
    "intake.Promise": {
        "ledger": "id kind help_request conversation participant key due_at attempts done_at gave_up_at last_error "
        "created_at"
    },
    "intake.Consent": {"ledger": "id help_request participant purpose sharing act words version how by at"},
    "intake.History": {"ledger": "id help_request what by detail at"},
    "intake.Export": {"exports": "id by at reason columns rows"},
    "intake.Hold": {"kept times": "id advocate starts_at holder until"},
    "intake.LinkAsk": {"lost links": "id email_hash asked_at done_at"},
    "intake.Digest": {"digests": "id advocate day due_at attempts sent_at"},
    "intake.Reconciliation": {"looks at what always holds": "id at wrong"},
    "intake.RetentionRun": {"nights": "id started_at ended_at counts is_rehearsal"},
    "sessions.Session": {"unfinished answers": "session_key session_data expire_date"},
    "admin.LogEntry": {
        "the admin's own log": "id action_time user content_type object_id object_repr action_flag change_message"
    },
    "intake.OutcomeFigures": {FOREVER: "id month figures made_at"},
    "intake.Advocate": {
        FOREVER: "id user first_name credentials email states languages takes_matches takes_conversations "
        "serves_veterans capacity time_zone away_until wants_digest is_lead is_active is_sample"
    },
    "intake.WorkingHours": {FOREVER: "id advocate weekday starts ends"},
    "intake.DayOff": {FOREVER: "id date advocate name"},
    "auth.User": {
        FOREVER: "id password last_login is_superuser username first_name last_name email is_staff is_active "
        "date_joined"
    },
    "auth.Group": {FOREVER: "id name"},
    "auth.Permission": {FOREVER: "id name content_type codename"},
    "contenttypes.ContentType": {FOREVER: "id app_label model"},
    "navigator.Generation": {FOREVER: "id number"},
    "navigator.Device": {FOREVER: "id user key last_step created_at"},
    "navigator.BackupCode": {FOREVER: "id device digest"},
    "navigator.SignInTries": {"tries to sign in": "id account network since number"},
    "navigator.Tally": {"counts of use": "id name ends_at number"},
    "navigator.StaffEvent": {FOREVER: "id what user by at"},
    "navigator.KeyProbe": {FOREVER: "id sealed lookup"},
    "navigator.SearchEntry": {FOREVER: "id key kind title path summary body words"},
    "navigator.SearchWord": {FOREVER: "id word stem entries heads"},
}
