"""Whether a link inside the site leads somewhere. What other sites do with their addresses is left to people."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, resolve

from content import prose
from content.markdown import FIGURES, figure_size
from content.models import Article, Topic
from content.prose import Block

LISTS = {"topic", "article"}  # the two views whose addresses are data
FILES = {"pdf", "plain_text"}  # what can be taken home of a text


def live_paths() -> frozenset[str]:
    """The paths of all live texts, and of topics that hold one: two queries."""
    live = Article.objects.live().order_by()
    texts = live.values_list("path", flat=True)
    topics = Topic.objects.filter(pk__in=live.values("topic")).order_by().values_list("slug", flat=True)
    return frozenset(texts) | frozenset(topics)


def live_among(body: str) -> frozenset[str]:
    """Those of `live_paths` to which a text leads: two queries, however many texts there are."""
    wanted = set(_wanted(prose.blocks(body)))
    live = Article.objects.live().order_by()
    texts = live.filter(path__in=wanted).values_list("path", flat=True)
    topics = (
        Topic.objects.filter(slug__in=wanted, pk__in=live.values("topic")).order_by().values_list("slug", flat=True)
    )
    return frozenset(texts) | frozenset(topics)


def _wanted(blocks: Iterable[Block]) -> Iterator[str]:
    """The paths of texts that links and explained words may mean."""
    for block in blocks:
        yield from (f"glossary/{slug}" for slug in block.terms)
        for link in block.links:
            with suppress(ValueError):  # reported by `is_broken`
                parts = urlsplit(link)
                path = unquote(parts.path).strip("/")
                yield from (path, path.removesuffix(".pdf"), path.removesuffix(".txt"), f"faq/{parts.fragment}")


def is_broken(link: str, *, live: Collection[str], ids: Collection[str] = ()) -> bool:
    """`live` holds paths of texts (`live_paths`), `ids` the ids on the page. A link elsewhere is never broken."""
    try:
        parts = urlsplit(link)
    except ValueError:  # half an IPv6 address
        return True
    if parts.scheme or parts.netloc:
        return False
    if not parts.path:
        return parts.fragment not in ids
    if parts.path.startswith(FIGURES):
        return figure_size(parts.path) is None
    try:
        found = resolve(unquote(parts.path))
    except Resolver404:
        return True
    if found.url_name == "faq":
        return bool(parts.fragment) and f"faq/{parts.fragment}" not in live
    if found.url_name in LISTS | FILES:
        return (found.kwargs.get("path") or found.kwargs.get("slug")) not in live
    return False
