"""How long a listing may speak for itself: fresh for 90 days, doubtful after that, folded away after 180."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

FRESH = timedelta(days=90)
FOLDED = timedelta(days=180)


@dataclass(frozen=True)
class Freshness:
    """`state` is fresh, stale, old or unchecked; `checked` says when and how, `warning` is "" while fresh."""

    state: str
    checked: str
    warning: str

    @property
    def folded(self) -> bool:
        """Phone and access facts stand behind the warning."""
        return self.state == "old"


def freshness(
    *, verified_on: date | None, verified_how: str, source_checked: date | None, source: str, today: date | None = None
) -> Freshness:
    """Our own look counts before the date of the source. No date at all means that nobody of us has looked.

    `verified_how` and `source` are words that end a sentence: "by phone", "the NCI list of cancer centers".
    """
    day = verified_on or source_checked
    if day is None:
        return Freshness("unchecked", "Not yet checked by us", "Ask the hospital to confirm what you read here.")
    how = verified_how if verified_on else f"against {source}"
    checked = f"Checked on {day:%B} {day.day}, {day.year}, {how}"
    age = (today or timezone.localdate()) - day
    if age <= FRESH:
        return Freshness("fresh", checked, "")
    warning = "This may be out of date. Ask the hospital to confirm it."
    return Freshness("stale" if age <= FOLDED else "old", checked, warning)
