"""What became of requests, in numbers for the public, in which nobody can be found.

Counted once for each calendar quarter, thirty days after it ended, and never again: quarters do not overlap, so that
no two of them can be subtracted. Within a quarter each table parts the same whole into groups of at least SMALLEST;
what is smaller goes together under "Other" until that is large enough too. So every sum and every difference of what
is published is again a group of at least SMALLEST, or nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median, quantiles
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from intake.models import HelpRequest, History, OutcomeFigures
from navigator.caching import forget_public_pages

# The smallest group of people that is ever published. Source: the cell suppression policy of the US Centers for
# Medicare & Medicaid Services, which shows no cell of 1 to 10.
SMALLEST = 11
SETTLED_AFTER = timedelta(days=30)
QUARTERS_BACK = 8
OTHER = "other"
NOT_COUNTED = (HelpRequest.Outcome.SPAM, HelpRequest.Outcome.DUPLICATE)

Groups = dict[str, int]


@dataclass(frozen=True)
class Row:
    """One line of a table: words, how many, and how many of a hundred."""

    words: str
    number: int
    percent: int


def make(*, now: datetime | None = None) -> int:
    """Count every settled quarter that has no figures yet. How many were made. Twice is once."""
    now = now or timezone.now()
    made = 0
    for first, last in _settled_quarters(now):
        with transaction.atomic():
            if OutcomeFigures.objects.filter(month=last).exists():
                continue
            OutcomeFigures.objects.create(month=last, figures=_count(first, last))
            forget_public_pages()
            made += 1
    return made


def fold(groups: Mapping[str, int]) -> Groups:
    """The same people in fewer groups: each at least SMALLEST, small ones together under OTHER. Empty groups are left
    out. Nothing at all when all together are too few."""
    kept = sorted(((number, name) for name, number in groups.items() if number and name != OTHER), reverse=True)
    other = groups.get(OTHER, 0)
    while kept and (kept[-1][0] < SMALLEST or 0 < other < SMALLEST):
        other += kept.pop()[0]
    if 0 < other < SMALLEST:
        return {}
    return {name: number for number, name in kept} | ({OTHER: other} if other else {})


def rows(groups: Mapping[str, int], words: Mapping[str, str]) -> list[Row]:
    """Largest first, what is small last."""
    total = sum(groups.values())
    ordered = sorted(groups.items(), key=lambda group: (group[0] == OTHER, -group[1]))
    return [Row(words.get(name, "Other"), number, round(100 * number / total)) for name, number in ordered]


def quarter_in_words(last: date) -> str:
    """`July to September 2026`, for the first day of its last month."""
    first = date(last.year, last.month - 2, 1)
    return f"{first:%B} to {last:%B %Y}"


def _settled_quarters(now: datetime) -> list[tuple[date, date]]:
    """The first days of the first and the last month of each quarter that is settled, oldest first."""
    today, found = now.astimezone(ZoneInfo(settings.SITE_TIME_ZONE)).date(), []
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    for _ in range(QUARTERS_BACK):
        after, first = first, _months_back(first, 3)
        if _midnight(after) + SETTLED_AFTER <= now:
            found.append((first, _months_back(after, 1)))
    return found[::-1]


def _months_back(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.SITE_TIME_ZONE)).astimezone(UTC)


def _count(first: date, last: date) -> dict[str, Any]:
    """Of the requests that came in that quarter. Spam and what was joined with another request is not counted."""
    began, ended = _midnight(first), _midnight(_months_back(first, -3))
    came = HelpRequest.objects.filter(created_at__gte=began, created_at__lt=ended).exclude(outcome__in=NOT_COUNTED)
    told = list(came.values_list("pk", "kind", "outcome", "created_at", "first_contact_at", "contact_by"))
    if len(told) < SMALLEST:
        return {}
    late = _late([pk for pk, *_ in told])
    kinds, outcomes, promised = Groups(), Groups(), Groups()
    hours = []
    for pk, kind, outcome, created_at, reached_at, call_by in told:
        _add(kinds, kind)
        _add(outcomes, outcome or "open")
        _add(
            promised,
            "not_reached" if reached_at is None else "later" if pk in late or reached_at > call_by else "in_time",
        )
        if reached_at:
            hours.append((reached_at - created_at) / timedelta(hours=1))
    return {
        "total": len(told),
        "kinds": fold(kinds),
        "outcomes": fold(outcomes),
        "promised": fold(promised),
        "hours": _hours(hours),
    }


def _late(pks: list[int]) -> set[int]:
    """Those to whom a call was promised at a new time."""
    moved = History.objects.filter(help_request__in=pks, what=History.What.PROMISE_MOVED)
    return set(moved.values_list("help_request_id", flat=True))


def _add(groups: Groups, name: str) -> None:
    groups[name] = groups.get(name, 0) + 1


def _hours(waited: list[float]) -> dict[str, int]:
    """Half of those who were reached, and nine of ten, waited at most so many whole hours; nothing for a few."""
    if len(waited) < 2 * SMALLEST:
        return {}
    return {"half": round(median(waited)), "nine_of_ten": round(quantiles(waited, n=10)[-1])}
