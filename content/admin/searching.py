"""The search boxes of articles and texts: every word stands in an address or a title.

Django joins the two tables and asks both columns in one condition, which no index answers. Here each column is asked by
itself (`content.migrations.0006_newsroom_at_scale` has the index of titles).
"""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.text import smart_split, unescape_string_literal

from content.models import Article, Revision


def words(typed: str) -> Iterator[str]:
    """As Django's admin reads them: words in quotes stay together."""
    for word in smart_split(typed.replace("\x00", "")):
        is_quoted = word[0] in "\"'" and word[0] == word[-1] and len(word) > 1
        yield unescape_string_literal(word) if is_quoted else word


def articles(rows: QuerySet[Article], typed: str) -> QuerySet[Article]:
    """By their address, or a title that a text of theirs has or had."""
    for word in words(typed):
        titled = Revision.objects.filter(title__icontains=word).values("article")
        rows = rows.filter(Q(path__icontains=word) | Q(pk__in=titled))
    return rows


def texts(rows: QuerySet[Revision], typed: str) -> QuerySet[Revision]:
    """By their title, or the address of their article."""
    for word in words(typed):
        titled = Revision.objects.filter(title__icontains=word).values("pk")
        there = Revision.objects.filter(article__in=Article.objects.filter(path__icontains=word)).values("pk")
        rows = rows.filter(pk__in=titled.order_by().union(there.order_by()))
    return rows
