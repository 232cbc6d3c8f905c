"""Does the database say what always holds? Counted every hour, shown to leads, asked after every fault of a drill.

Most of what must not be, a constraint refuses. These rules are the rest: what can only be seen by looking at several
rows at once, after everybody is done. Each names rows that are wrong; no row is changed, and none is opened.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from intake.models import Consent, Conversation, HelpRequest, Message, Promise, Reconciliation
from navigator.encryption import sealed

log = logging.getLogger(__name__)

LATE = timedelta(minutes=2)  # a promise that is due is kept within a minute, after an outage within another
IN_FLIGHT = timedelta(minutes=1)  # a mail that is being handed over cannot be called back
RECENT = timedelta(days=7)  # of mails: those before were looked at before
MOST = 1000  # rows counted for one rule: more are no different
Rows = QuerySet[Any]

OPEN = ~Q(status=HelpRequest.Status.CLOSED)
K = Promise.Kind


@dataclass(frozen=True)
class Rule:
    """`wrong` are the rows that must not be."""

    name: str
    says: str
    wrong: Callable[[], Rows]


def _pending(*kinds: Promise.Kind) -> Exists:
    return Exists(Promise.objects.pending().filter(help_request=OuterRef("pk"), kind__in=kinds))


def _with_nobody() -> Rows:
    new = Q(status=HelpRequest.Status.NEW)
    return HelpRequest.objects.filter(OPEN).filter(
        (new & ~_pending(K.ROUTE)) | (new & Q(advocate__isnull=False)) | (~new & Q(advocate=None))
    )


def _unwatched() -> Rows:
    """Somebody is woken before the promised time of the call passes, or was."""
    owed = HelpRequest.objects.filter(OPEN, first_contact_at=None, waiting_since=None)
    woken = Promise.objects.filter(help_request=OuterRef("pk"), kind=K.ESCALATE, done_at__isnull=False, last_error="")
    return owed.exclude(_pending(K.ESCALATE, K.TELL_LATE) | Exists(woken))


def _unacknowledged() -> Rows:
    told = Promise.objects.filter(help_request=OuterRef("pk"), kind__in=[K.ACKNOWLEDGE, K.CONFIRM])
    return HelpRequest.objects.filter(OPEN, merged_into=None).exclude(Exists(told))


def _written_after_a_stop() -> Rows:
    """By the last word of that person: who came back after a stop may be written to."""
    words = Consent.objects.filter(
        help_request=OuterRef("help_request"),
        participant__isnull=True,
        purpose=Consent.Purpose.CONTACT,
        at__lt=OuterRef("sent_at") - IN_FLIGHT,
    ).order_by("-pk")
    recent = Message.objects.filter(to_family=True, participant=None, sent_at__gt=timezone.now() - RECENT)
    return recent.annotate(last=words.values("act")[:1]).filter(last=Consent.Act.WITHDRAWN)


def _owed_after_a_stop() -> Rows:
    stopped = [HelpRequest.Outcome.WITHDRAWN, HelpRequest.Outcome.SPAM]
    return Promise.objects.pending().filter(
        help_request__status=HelpRequest.Status.CLOSED, help_request__outcome__in=stopped
    )


def _call_with_another() -> Rows:
    """Who holds the half hour has the request, unless they are away and nobody could take it over."""
    ahead = Conversation.objects.standing().filter(starts_at__gt=Now(), help_request__advocate__away_until=None)
    return ahead.exclude(help_request__advocate=None).exclude(advocate=F("help_request__advocate"))


def _call_of_a_closed_one() -> Rows:
    return Conversation.objects.standing().filter(help_request__status=HelpRequest.Status.CLOSED)


def _out_of_order() -> Rows:
    return HelpRequest.objects.filter(
        Q(first_contact_at__lt=F("created_at")) | Q(closed_at__lt=F("created_at")) | Q(erased_at__lt=F("created_at"))
    )


def _kept_without_its_mail() -> Rows:
    """A mail that was written, never sent, never silenced, and counts as done."""
    done = Message.objects.filter(promise__done_at__isnull=False, promise__last_error="", sent_at=None)
    return done.filter(recipient__isnull=False)


def _merged_in_a_chain() -> Rows:
    return HelpRequest.objects.filter(merged_into__merged_into__isnull=False)


def _erased_with_values(model: type[Model]) -> Callable[[], Rows]:
    values = Q()
    for name in sealed(model):
        values |= Q(**{f"{name}__isnull": False})
    return lambda: model._default_manager.filter(values, help_request__erased_at__isnull=False)


def _erased() -> list[Rule]:
    """One rule for each table with something encrypted that belongs to a request; of the request's own row a
    constraint says it."""
    return [
        Rule(
            f"erased, and still in {model._meta.verbose_name_plural}",
            "What a family deleted is gone everywhere.",
            _erased_with_values(model),
        )
        for model in apps.get_app_config("intake").get_models()
        if sealed(model) and model is not HelpRequest
    ]


def rules() -> list[Rule]:
    """All of them, in the order in which they are shown."""
    return [
        Rule("with nobody", "Each open request is with one advocate, or owed to one.", _with_nobody),
        Rule(
            "overdue promises",
            "What is due is done within two minutes.",
            lambda: Promise.objects.due().filter(due_at__lt=Now() - LATE),
        ),
        Rule(
            "given-up promises",
            "Nothing that we owe is given up.",
            lambda: Promise.objects.exclude(gave_up_at=None).exclude(help_request__status="closed"),
        ),
        Rule("unwatched calls", "A call that nobody has made yet wakes somebody before it is late.", _unwatched),
        Rule("unacknowledged", "Each family is owed, or was sent, the word that we have its request.", _unacknowledged),
        Rule("written after a stop", "Who told us to stop is not written to.", _written_after_a_stop),
        Rule("owed after a stop", "Nothing is owed to who told us to stop.", _owed_after_a_stop),
        Rule("a call with another", "Who has the half hour has the request.", _call_with_another),
        Rule("a call of a closed one", "A closed request has no half hour.", _call_of_a_closed_one),
        Rule("out of order", "Nothing ends before it begins.", _out_of_order),
        Rule("done, never sent", "What counts as told was sent.", _kept_without_its_mail),
        Rule("joined in a chain", "What was joined leads to the request that goes on.", _merged_in_a_chain),
        *_erased(),
    ]


def reconcile() -> dict[str, int]:
    """Rule -> rows that are wrong, MOST at the most; those without any are left out."""
    found = {rule.name: rule.wrong().order_by().values("pk")[:MOST].count() for rule in rules()}
    return {name: number for name, number in found.items() if number}


def note() -> int:
    """Look, and write down what was seen. How many rules are broken."""
    wrong = reconcile()
    Reconciliation.objects.create(wrong=wrong)
    for name, number in wrong.items():
        log.error("Reconciliation: %s: %s", name, number)
    return len(wrong)
