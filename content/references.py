"""The list of sources of a text: checked, in one canonical spelling (it is signed), and shown."""

import datetime
import json
from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

NOT_OPENED = "not opened"  # in the date of a source that a writer knows from elsewhere only
FIELDS = ("id", "title", "publisher", "url", "dated", "retrieved")


def canonical(references: Sequence[dict[str, Any]] | str) -> str:
    """As JSON, always spelled the same way. Raises ValueError that names the entry and says what it lacks."""
    found = json.loads(references) if isinstance(references, str) else references
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise ValueError("References are a list of entries, each with: " + ", ".join(FIELDS) + ".")
    rows = [_checked(entry) for entry in found]
    names = [row["id"] for row in rows]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"Two references have the id {repeated[0]!r}.")
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _checked(entry: dict[str, Any]) -> dict[str, str]:
    name = entry.get("id") or entry.get("title") or "without an id"
    for field in FIELDS:
        if not isinstance(entry.get(field), str) or not entry[field].strip():
            raise ValueError(f"Reference {name!r} has no {field}.")
    if not entry["url"].startswith(("https://", "http://")):
        raise ValueError(f"Reference {name!r} has an address that is not a web address.")
    try:
        if datetime.date.fromisoformat(entry["retrieved"]).isoformat() != entry["retrieved"]:
            raise ValueError  # Python also reads 20261123 and 2026-W48-1
    except ValueError:
        raise ValueError(f"Reference {name!r} was retrieved on no day: write it like 2026-11-23.") from None
    return {field: entry[field].strip() for field in FIELDS}


def was_opened(entry: dict[str, str]) -> bool:
    """Whether somebody opened the source itself: its date says so where nobody did."""
    return NOT_OPENED not in entry["dated"]


def line(entry: dict[str, str]) -> SafeString:
    """One source as readers see it. A source that nobody opened claims no day on which it was looked up."""
    read_on = date_format(datetime.date.fromisoformat(entry["retrieved"]), "F j, Y")
    return format_html(
        '<a href="{}" rel="noreferrer">{}</a>. {}. Date: {}.{}',
        entry["url"], entry["title"].rstrip("."), entry["publisher"].rstrip("."), entry["dated"],
        f" Looked up on {read_on}." if was_opened(entry) else "",
    )  # fmt: skip


def rows(text: str) -> list[dict[str, str]]:
    """The entries of a canonical list."""
    return json.loads(text)


def oldest_reading(text: str) -> datetime.date | None:
    """The day on which the source that was not opened for longest was opened; None without sources."""
    days = [datetime.date.fromisoformat(row["retrieved"]) for row in rows(text)]
    return min(days, default=None)
