"""A directory of the usual size, read once for a page: the columns that decide a list, and no more.

A larger one is not read: it has its centers, which are few everywhere, and says that it is large.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from doctors.models import OFFERS, Center, Program

SMALL = 400  # programs: so many are ranked in memory within a few milliseconds
_WAYS = ("referral_required", "video_visit", "records_review")
# `needs` and `ordering` read nothing else of a program.
_DECIDES = (
    *("name", "center", "latitude", "longitude", "state", "evidence", "audience", "pleural", "peritoneal"),
    *_WAYS,
    *OFFERS,
)
# What a list says of a center, too.
_TELLS = (
    *("slug", "name", "institution", "designation", "audience", "latitude", "longitude", "city", "state", "phone"),
    *("source_checked", "contact_verified_on", "contact_verified_how"),
    *_WAYS,
)


@dataclass(frozen=True)
class Directory:
    """What is listed now. `programs` is empty where it `is_large`; `centers` treat patients, `unknown_centers` are
    those of them without a program."""

    programs: list[Program]
    centers: list[Center]
    unknown_centers: list[Center]
    is_large: bool


def programs() -> QuerySet[Program]:
    """The programs that are listed now, as far as they decide a list."""
    return Program.objects.current().only(*_DECIDES)


def read() -> Directory:
    """Two queries; three of a large directory."""
    rows = list(programs().order_by()[: SMALL + 1])
    centers = Center.objects.current().filter(treats_patients=True).only(*_TELLS).order_by()
    if len(rows) <= SMALL:
        listed = list(centers)
        with_programs = {row.center_id for row in rows}
        return Directory(rows, listed, [row for row in listed if row.pk not in with_programs], is_large=False)
    known = Program.objects.current().filter(center=OuterRef("pk"))
    return Directory([], list(centers), list(centers.filter(~Exists(known))), is_large=True)


def whole(keys: Iterable[int]) -> dict[int, Program]:
    """Programs with all that a page tells of them. One query, none for none."""
    rows = Program.objects.select_related("center").defer("notes", "center__notes")
    wanted = list(keys)
    return rows.in_bulk(wanted) if wanted else {}
