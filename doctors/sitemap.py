"""What search engines are told of the directory: what is current and open to everybody, with the day of its last
change.

Left out: answers to a ZIP code, comparisons, call sheets and reports (they say noindex), laboratories (no family can
go there), and listings that ended (their pages stay for whoever has the address).
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from doctors.last_changes import last_change, last_changes
from doctors.models import Center, Program, Specialist
from doctors.states import STATES
from navigator.sitemaps import Page

NAME = "doctors"

Days = Iterable[datetime.date | None]


def pages() -> list[Page]:
    """For `navigator.sitemaps.register`. Four queries, however many listings. A list is as new as its newest entry."""
    days = last_changes()
    places = [*_read(Center.objects.current().filter(treats_patients=True)), *_read(Program.objects.current())]
    doctors = _read(Specialist.objects.listed())
    changed = {listing.get_absolute_url(): last_change(listing, days) for listing in [*places, *doctors]}
    by_state = defaultdict(list)
    for place in places:
        by_state[place.state].append(changed[place.get_absolute_url()])
    return [
        (reverse("centers"), _newest(day for found in by_state.values() for day in found)),
        *((reverse("state", args=[code]), _newest(by_state[code])) for code in STATES),
        (reverse("open-data"), None),
        *changed.items(),
    ]


def _read(rows: QuerySet[Any]) -> list[Any]:
    """By slug, and no more of each than its address and its days."""
    model = rows.model
    looks = [f"{group}_verified_on" for group in model.facts]
    state = ["state"] if hasattr(model, "state") else []
    return list(rows.order_by("slug").only("slug", "source_checked", *looks, *state))


def _newest(days: Days) -> datetime.date | None:
    return max((day for day in days if day), default=None)
