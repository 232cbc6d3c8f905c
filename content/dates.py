"""Months, for review cycles."""

import calendar
import datetime


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day of the month later on, or that month's last day: August 31 and six months is February 28 or 29."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
