"""The addresses that search engines are told of. Each app registers a provider of its own pages, so that the app which
answers /sitemap.xml need not know the others.

Django's own `contrib.sitemaps` was weighed and left: it takes the host from the request where we have SITE_URL, and
its parts differ by a query string only, which the ready-made pages (`navigator.caching`) leave to Django each time.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator

from django.utils import timezone

# Addresses in one file. sitemaps.org allows 50,000; a smaller file is sooner made, compressed and sent.
PART = 10_000

Page = tuple[str, datetime.date | None]  # a path of ours; the day or the moment when what it shows last changed
Provider = Callable[[], Iterable[Page]]
_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Called by an app when it is ready. `provider` gives every page of that app that anybody may find, as it is now:
    none that says noindex."""
    _providers[name] = provider


def pages() -> Iterator[Page]:
    """The pages of every app, app by app. An address that two of them give counts once."""
    seen: set[str] = set()
    for name in sorted(_providers):
        for path, changed in _providers[name]():
            if path not in seen:
                seen.add(path)
                yield path, changed


def parts() -> list[list[Page]]:
    """All pages in files of at most PART. One file, an empty one, if there is no page at all."""
    found = list(pages())
    return [found[start : start + PART] for start in range(0, len(found), PART)] or [[]]


def newest(part: Iterable[Page]) -> datetime.date | None:
    """The day of the last change in a part. None if nobody knows a day."""
    return max((_day(changed) for _, changed in part if changed), default=None)


def _day(changed: datetime.date) -> datetime.date:
    """A moment is also a date to Python, but the two do not compare."""
    return timezone.localdate(changed) if isinstance(changed, datetime.datetime) else changed
