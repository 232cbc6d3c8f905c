"""The first page of the desk: whom to call next, what waits, and how the desk has done. Counts and codes only; every
figure comes from an index, in as many questions for a million requests as for one."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import TruncDate, TruncWeek
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from intake import charts, reconciling, time_zones
from intake.admin import words
from intake.admin.piles import PILES, capped, in_words, pile
from intake.admin.scope import own, seen_by, sees_all
from intake.models import HelpRequest, History, Promise, Reconciliation
from intake.waits import Whole, nearest_rank

NEXT, OTHERS = 8, 4  # lines of one's own list, and of each other one
DAYS, WEEKS, OUTCOME_DAYS, LOOK_DAYS = 28, 8, 90, 7
COUNTED = [name for name in PILES if name != "closed"]


def home(user: Any) -> dict[str, Any]:
    """What stands there for this person: their requests, and figures of the whole desk."""
    everything = sees_all(user)
    return {
        "lists": _lists(user, everything),
        "counts": _counts(user),
        "charts": _charts(),
        "sees_all": everything,
        "looks": looks() if everything else [],
        "look_days": LOOK_DAYS,
        **(_sound() if everything else {}),
    }


def _lists(user: Any, everything: bool) -> list[tuple[str, list[tuple[HelpRequest, str]]]]:
    """Whom to call: one's own by call-by time; before them, for a lead, what nobody has."""

    def waiting(name: str) -> QuerySet[HelpRequest]:
        return pile(name, user).filter(first_contact_at=None).select_related("advocate")

    nobody = ("Nobody has these yet", waiting("unassigned")[:OTHERS])
    mine = [("Mine", waiting("mine")[:NEXT])] if own(user) else []
    if everything:
        with_somebody = waiting("").exclude(advocate=None).order_by("contact_by", "pk")
        found = [nobody, *mine, ("The whole desk", with_somebody[:OTHERS])]
    else:
        found = [*mine, nobody]
    return [(title, [(row, words.due(row)) for row in rows]) for title, rows in found]


def _counts(user: Any) -> list[tuple[str, str, str]]:
    """Address, number, words."""
    queue = reverse("admin:intake_helprequest_changelist")
    found = [
        (f"{queue}?desk={name}", in_words(capped(pile(name, user))), PILES[name].label.lower()) for name in COUNTED
    ]
    given_up = seen_by(user, Promise.objects.exclude(gave_up_at=None), path="help_request__")
    promises = f"{reverse('admin:intake_promise_changelist')}?gave_up_at__isempty=0"
    return [*found, (promises, in_words(capped(given_up)), "given-up promises")]


def looks() -> list[tuple[str, int, int]]:
    """Who opened requests that are not theirs in the last days: how many looks at those of somebody else, how many at
    those of nobody. The most first."""
    since = timezone.now() - timedelta(days=LOOK_DAYS)
    lines = History.objects.filter(what=History.What.LOOKED, at__gte=since, by__isnull=False)
    others = Q(help_request__advocate__isnull=False) & ~Q(help_request__advocate__user=F("by"))
    nobody = Q(help_request__advocate=None)
    found = lines.order_by().values("by__username")
    counted = found.annotate(others=Count("pk", filter=others), nobody=Count("pk", filter=nobody))
    kept = counted.filter(Q(others__gt=0) | Q(nobody__gt=0)).order_by("-others", "-nobody", "by__username")
    return list(kept.values_list("by__username", "others", "nobody")[:10])


def _sound() -> dict[str, Any]:
    """When what always holds was looked at last, and what was wrong: a sentence and a number each."""
    last = Reconciliation.objects.first()
    says = {rule.name: rule.says for rule in reconciling.rules()} if last and last.wrong else {}
    wrong = [(says.get(name, name), number) for name, number in last.wrong.items()] if last else []
    return {"looked_over": time_zones.in_words(last.at, settings.SITE_TIME_ZONE) if last else "", "wrong": wrong}


def _charts() -> list[tuple[charts.Chart, SafeString]]:
    days, waits, outcomes = by_day(), by_week(), by_outcome()
    return [(days, charts.stacked(days)), (waits, charts.lines(waits)), (outcomes, charts.bars(outcomes))]


def _site_zone() -> ZoneInfo:
    return ZoneInfo(settings.SITE_TIME_ZONE)


def _today() -> date:
    return timezone.now().astimezone(_site_zone()).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), _site_zone())


def _day(day: date) -> str:
    """`Nov 24`"""
    return f"{day:%b} {day.day}"


def by_day() -> charts.Chart:
    """Requests of each of the last 28 days, on the site's calendar, by kind."""
    days = [_today() - timedelta(days=back) for back in reversed(range(DAYS))]
    rows = HelpRequest.objects.filter(created_at__gte=_midnight(days[0])).order_by()
    dated = rows.annotate(day=TruncDate("created_at", tzinfo=_site_zone()))
    found = {(day, kind): number for day, kind, number in dated.values_list("day", "kind").annotate(n=Count("*"))}
    return charts.Chart(
        name="by-day",
        title=f"Requests a day, last {DAYS} days",
        unit="requests",
        labels=[_day(day) for day in days],
        series=[
            charts.Series(label, [found.get((day, kind), 0) for day in days])
            for kind, label in HelpRequest.Kind.choices
        ],
    )


def by_week() -> charts.Chart:
    """Hours from the request to the first call that reached the family: within how many half of the requests of each
    week were reached, and nine in ten (nearest rank). Who has not been reached is not in it."""
    monday = _today() - timedelta(days=_today().weekday())
    weeks = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    waits = _waits(_midnight(weeks[0]))
    return charts.Chart(
        name="by-week",
        title=f"Hours to the first call, by week, last {WEEKS} weeks",
        unit="hours",
        labels=[_day(week) for week in weeks],
        series=[
            charts.Series("Half within", [nearest_rank(waits[week], 50) for week in weeks]),
            charts.Series("9 in 10 within", [nearest_rank(waits[week], 90) for week in weeks]),
        ],
    )


def _waits(since: datetime) -> dict[date, list[tuple[int, int]]]:
    """Monday -> each wait in hours, in order, with how many waited so long."""
    rows = HelpRequest.objects.filter(created_at__gte=since, first_contact_at__isnull=False)
    span = ExpressionWrapper(F("first_contact_at") - F("created_at"), output_field=DurationField())
    wait = Whole(span, seconds=3600)
    grouped = rows.annotate(week=TruncWeek("created_at", tzinfo=_site_zone()), wait=wait).order_by()
    found: dict[date, list[tuple[int, int]]] = defaultdict(list)
    for week, hours, number in sorted(grouped.values_list("week", "wait").annotate(n=Count("*"))):
        found[week.date()].append((hours, number))
    return found


def by_outcome() -> charts.Chart:
    """How the requests ended that were closed in the last 90 days."""
    rows = HelpRequest.objects.filter(
        status=HelpRequest.Status.CLOSED, closed_at__gte=_midnight(_today() - timedelta(days=OUTCOME_DAYS))
    )
    found = dict(rows.order_by().values_list("outcome").annotate(n=Count("*")))
    return charts.Chart(
        name="by-outcome",
        title=f"Outcomes, last {OUTCOME_DAYS} days",
        unit="requests",
        labels=[label for _, label in HelpRequest.Outcome.choices],
        series=[charts.Series("Requests", [found.get(outcome, 0) for outcome in HelpRequest.Outcome.values])],
    )
