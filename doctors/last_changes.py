"""The day on which each listing last changed: for search engines and for the open data."""

import datetime

from django.db.models import Max
from django.utils import timezone

from doctors.keeping import KINDS, Listing
from doctors.models import ListingChange

Days = dict[tuple[str, str], datetime.date]


def last_changes() -> Days:
    """(kind, slug) -> the day of the last line of its history. One query, however long the history."""
    rows = ListingChange.objects.order_by().values_list("kind", "slug").annotate(last=Max("at"))
    return {(kind, slug): timezone.localdate(last) for kind, slug, last in rows}


def last_change(listing: Listing, days: Days) -> datetime.date | None:
    """The day of a listing's last change. One without a history goes by the last look at it, or by the day of its
    source. None if nobody knows a day."""
    looks = [getattr(listing, f"{group}_verified_on") for group in listing.facts]
    known = [day for day in (*looks, listing.source_checked) if day]
    return days.get((KINDS[type(listing)], listing.slug)) or max(known, default=None)
