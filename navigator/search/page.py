"""What the search page shows. Ten answers a page, five pages at most: then a call is the better way."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from navigator.search import asking

EACH = 10
PAGES = 5
EXAMPLES = ("Second opinion", "Who pays?", "Records and scans", "HIPEC", "Clinical trials", "Veterans", "Staging")

Link = tuple[str, str]


def context(query: str, page: str) -> dict[str, Any]:
    """Context of `search.html`, whatever the two parameters hold."""
    query, number = asking.clean(query), _number(page)
    start = (number - 1) * EACH
    found = asking.find(query, limit=EACH, start=start)
    count = min(found.count, EACH * PAGES)
    return {
        "query": query,
        "longest": asking.LONGEST,
        "heading": _heading(count, start, len(found.hits)) if query else "Search this site",
        "hits": found.hits,
        "first": start + 1,
        "mended": _link(found.did_you_mean, found.did_you_mean) if found.did_you_mean else None,
        "more": _link("More results", query, number + 1) if found.hits and count > start + EACH else None,
        "examples": [_link(example, example) for example in EXAMPLES],
    }


def _number(page: str) -> int:
    return int(page) if page in map(str, range(1, PAGES + 1)) else 1


def _heading(count: int, start: int, shown: int) -> str:
    """Read out when the page opens: how many there are, and which of them stand here."""
    if not shown:
        return "Nothing found"
    results = "1 result" if count == 1 else f"{count} results"
    return f"{results}, {start + 1} to {start + shown}" if count > EACH else results


def _link(label: str, query: str, page: int = 1) -> Link:
    values = {"q": query} if page == 1 else {"q": query, "page": page}
    return label, f"{reverse('search')}?{urlencode(values)}"
