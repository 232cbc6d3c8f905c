"""The time zones of the United States in the words that people use, and instants on a family's own clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

ZONES = {
    "America/New_York": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Arizona",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Puerto Rico and U.S. Virgin Islands",
    "Pacific/Guam": "Guam",
}
CHOICES = [
    (zone, f"{words} (no daylight saving time)" if words == "Arizona" else words) for zone, words in ZONES.items()
]

_WINTER, _SUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)


def listed(zone: str) -> str:
    """The zone of `ZONES` whose clock shows the same as `zone` (an IANA name) all year; "" for none or no zone."""
    if not zone or zone in ZONES:
        return zone
    return next((name for name in ZONES if _offsets(name) == _offsets(zone)), "")


def _offsets(zone: str) -> tuple[object, object]:
    there = ZoneInfo(zone)
    return _WINTER.astimezone(there).utcoffset(), _SUMMER.astimezone(there).utcoffset()


def day_in_words(instant: datetime, zone: str) -> str:
    """`Tuesday, December 1`, on the clock of `zone`."""
    there = instant.astimezone(ZoneInfo(zone))
    return f"{there:%A, %B} {there.day}"


def clock_in_words(instant: datetime, zone: str) -> str:
    """`10:00 a.m.`"""
    there = instant.astimezone(ZoneInfo(zone))
    return f"{(there.hour - 1) % 12 + 1}:{there:%M} {'a.m.' if there.hour < 12 else 'p.m.'}"


def in_words(instant: datetime, zone: str) -> str:
    """`Tuesday, December 1, 10:00 a.m. Central`. A zone that is not listed is named by its short name, such as CST."""
    name = ZONES.get(listed(zone)) or f"{instant.astimezone(ZoneInfo(zone)):%Z}"
    return f"{day_in_words(instant, zone)}, {clock_in_words(instant, zone)} {name}"
