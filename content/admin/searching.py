"""The search boxes of articles and texts: every word stands in an address or a title.

Django joins the two tables and asks both columns in one condition, which no index answers. Here each column is asked by
itself (`content.migrations.0006_newsroom_at_scale` has the index of titles), and once: the admin counts the rows and
reads them, and would look through all titles for each. Who finds MOST has to add a word.
"""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.text import smart_split, unescape_string_literal

from content.models import Article, Revision

MOST = 1_000  # rows found; nobody reads on
Row = TypeVar("Row", bound=Model)


def words(typed: str) -> Iterator[str]:
    """As Django's admin reads them: words in quotes stay together."""
    for word in smart_split(typed.replace("\x00", "")):
        is_quoted = word[0] in "\"'" and word[0] == word[-1] and len(word) > 1
        yield unescape_string_literal(word) if is_quoted else word


def articles(rows: QuerySet[Article], typed: str) -> QuerySet[Article]:
    """By their address, or a title that a text of theirs has or had."""
    found = rows
    for word in words(typed):
        titled = Revision.objects.filter(title__icontains=word).values("article")
        found = found.filter(Q(path__icontains=word) | Q(pk__in=titled))
    return _first(rows, found)


def texts(rows: QuerySet[Revision], typed: str) -> QuerySet[Revision]:
    """By their title, or the address of their article."""
    found = rows
    for word in words(typed):
        there = list(Article.objects.filter(path__icontains=word).order_by().values_list("pk", flat=True))
        found = found.filter(Q(title__icontains=word) | Q(article__in=there))
    return _first(rows, found)


def _first(rows: QuerySet[Row], found: QuerySet[Row]) -> QuerySet[Row]:
    """`rows` that are among the first MOST of `found`, in its order."""
    if found is rows:  # nothing was typed
        return rows
    return rows.filter(pk__in=list(found.values_list("pk", flat=True)[:MOST]))
