"""What a request's rows say, in the words and on the clock of whoever reads them."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from django.conf import settings
from django.utils import timezone

from doctors import matching
from intake import time_zones, triage
from intake.forms.match import QUESTIONS
from intake.models import HelpRequest, History, Promise, Step
from intake.models.reachable import Reachable
from intake.views.question import words

LANGUAGES = {"en": "English", "es": "Spanish"}
TOLD = [
    ("They have been told", "told", "disease"),
    ("What would help most", "help", "wants"),
    ("Could travel", "travel", "travel"),
]


def due(row: HelpRequest) -> str:
    """When we owe the call. Words, not only a color."""
    if row.first_contact_at or row.status == HelpRequest.Status.CLOSED:
        return "reached" if row.first_contact_at else "closed"
    left = row.contact_by - timezone.now()
    return f"OVERDUE by {_span(-left)}" if left < timedelta() else f"in {_span(left)}"


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 60 * 48:
        return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"
    return f"{minutes // 1440} days"


def clock_of(user: Any) -> str:
    """The time zone in which this member of staff reads times."""
    advocate = getattr(user, "advocate", None)
    return advocate.time_zone if advocate else settings.SITE_TIME_ZONE


def both_clocks(instant: datetime, row: HelpRequest, user: Any) -> str:
    """On the family's clock, and on the reader's where that differs."""
    theirs, own = time_zones.in_words(instant, row.time_zone), time_zones.in_words(instant, clock_of(user))
    return theirs if theirs == own else f"{theirs} for them ({own} for you)"


def sent(row: HelpRequest) -> str:
    """When the family sent it, short, on the site's clock: `Nov 24, 9:02 a.m.`"""
    there = row.created_at.astimezone(ZoneInfo(settings.SITE_TIME_ZONE))
    return f"{there:%b} {there.day}, {time_zones.clock_in_words(there, settings.SITE_TIME_ZONE)}"


def phone(row: Reachable) -> str:
    """`(312) 555-0142`"""
    if not row.phone:
        return ""
    return phonenumbers.format_number(phonenumbers.parse(row.phone), phonenumbers.PhoneNumberFormat.NATIONAL)


def told(row: HelpRequest) -> list[tuple[str, str]]:
    """The answers as the pages worded them."""
    given = row.told
    return [(label, words(QUESTIONS[step], name, given[name])) for label, step, name in TOLD if name in given]


def matches(row: HelpRequest) -> list[matching.Match]:
    """Places to speak about, for the state: we do not keep the ZIP code from which the family's own list had miles."""
    given = row.told
    if not given or row.status == HelpRequest.Status.CLOSED:
        return []
    criteria = matching.Criteria(
        place=None,
        state=row.state,
        disease=given.get("disease", "not_sure"),
        video_first=given.get("travel") == "video",
        wants=frozenset(given.get("wants", ())),
        veteran=row.is_veteran,
    )
    return matching.rank(criteria, limit=5)


def suspicion(codes: str) -> str:
    """Why something was set aside, in words."""
    known = dict(HelpRequest.Suspicion.choices)
    return "; ".join(str(known.get(code, code)) for code in codes.split())


def detail(line: History) -> str:
    """The code beside a line of history, in words where there are any."""
    codes: dict[str, dict[Any, Any]] = {
        History.What.CALLED: triage.RESULTS,
        History.What.CLOSED: dict(HelpRequest.Outcome.choices),
        History.What.WROTE: dict(Promise.Kind.choices),
        History.What.STEP: dict(Step.Code.choices),
    }
    if line.what == History.What.SET_ASIDE:
        return suspicion(line.detail)
    return str(codes.get(line.what, {}).get(line.detail, line.detail))
