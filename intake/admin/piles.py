"""The piles of the desk: what the list of requests can be narrowed to, and what home counts. Each is served by an index
in the order of the queue."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from intake.admin import words
from intake.admin.scope import SEALED, own, seen_by, sees_all
from intake.models import HelpRequest

MOST = 1_000  # nothing is counted further: "1,000+"

Requests = QuerySet[HelpRequest]


@dataclass(frozen=True)
class Pile:
    """`chosen` gives the requests of it that somebody may see, now."""

    label: str
    chosen: Callable[[Any], Requests]


def _queue() -> Any:
    return HelpRequest.objects.defer(*SEALED).queue()


def _open(user: Any) -> Requests:
    return _let_in(seen_by(user, _queue()).open())


def _let_in(rows: Requests) -> Requests:
    """What is set aside is in one pile only."""
    return rows.filter(set_aside_because="")


def _aside(user: Any) -> Requests:
    """Of no advocate, so everybody sees them. As in `_with`: one condition, for the index."""
    return _queue().exclude(set_aside_because="")


def _mine(user: Any) -> Requests:
    advocate = own(user)
    return _queue().open().filter(advocate=advocate.pk if advocate else 0).order_by("contact_by", "pk")


def _unassigned(user: Any) -> Requests:
    """Everybody sees them. Said in one condition, because PostgreSQL takes two for a much rarer thing."""
    return _let_in(_queue().open().filter(advocate=None)).order_by("contact_by", "pk")


def _today(user: Any) -> Requests:
    """Still to come on the reader's own calendar: a first call owed, or a next step of today or before."""
    now, zone = timezone.now(), ZoneInfo(words.clock_of(user))
    today = now.astimezone(zone).date()
    midnight = datetime.combine(today + timedelta(days=1), time(), zone)
    call = Q(first_contact_at=None, contact_by__gte=now, contact_by__lt=midnight)
    return _open(user).filter(call | Q(next_step_on__lte=today))


def _overdue(user: Any) -> Requests:
    return _open(user).filter(first_contact_at=None, contact_by__lt=timezone.now())


def _with(moment: str) -> Callable[[Any], Requests]:
    """Those where `moment` is set. It is of no closed one: a constraint says so, and one more condition here would cost
    the index."""
    return lambda user: seen_by(user, _queue()).filter(**{f"{moment}__isnull": False})


def _closed(user: Any) -> Requests:
    """One's own; for who sees all, all. The last one first."""
    advocate, rows = own(user), _queue().filter(status=HelpRequest.Status.CLOSED).order_by("-closed_at", "-pk")
    return rows if sees_all(user) else rows.filter(advocate=advocate.pk if advocate else 0)


PILES = {
    "mine": Pile("Mine", _mine),
    "unassigned": Pile("Unassigned", _unassigned),
    "today": Pile("Due today", _today),
    "overdue": Pile("Overdue", _overdue),
    "news": Pile("With news from the family", _with("news_since")),
    "waiting": Pile("Waiting for the family", _with("waiting_since")),
    "raised": Pile("Raised to a lead", _with("escalated_at")),
    "aside": Pile("Set aside", _aside),
    "closed": Pile("Closed", _closed),
}


def pile(name: str | None, user: Any) -> Requests:
    """The requests of one pile that `user` may see; all of the open ones for a name that is none."""
    chosen = PILES.get(name or "")
    return chosen.chosen(user) if chosen else _open(user)


def capped(rows: QuerySet[Any]) -> int:
    """How many, counted up to one more than `MOST`."""
    return rows[: MOST + 1].count()


def in_words(count: int) -> str:
    """`12`, or `1,000+`."""
    return f"{MOST:,}+" if count > MOST else f"{count:,}"


class CappedPaginator(Paginator):
    """Counts no further than `MOST`, and shows no more: who needs the rest narrows the list."""

    @cached_property
    def counted(self) -> int:
        return capped(self.object_list)  # type: ignore[arg-type]

    @cached_property
    def count(self) -> int:
        return min(self.counted, MOST)

    @property
    def in_words(self) -> str:
        return in_words(self.counted)
