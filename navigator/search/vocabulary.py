"""How many entries have a word, and which words there are."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.db.models import Sum

from navigator.models import SearchWord
from navigator.search.stems import stem

ALL = ""  # the word that every entry has: its count is how many entries there are


class Count(NamedTuple):
    """How many entries have a word, and how many have it in title, other names or summary."""

    entries: int
    heads: int


Counts = Mapping[str, Count]  # by stem; what no entry has is not in it


def counts(spelled: Collection[str]) -> Counts:
    """Of the stems of these words, and ALL. About: an entry with two words of one stem counts twice. One query."""
    rows = SearchWord.objects.filter(stem__in={ALL, *map(stem, spelled)}).values_list("stem").order_by()
    return {name: Count(entries, heads) for name, entries, heads in rows.annotate(Sum("entries"), Sum("heads"))}


def known(spelled: Collection[str]) -> dict[str, int]:
    """Those of the words that entries have, letter for letter, and how many have them."""
    return dict(SearchWord.objects.filter(word__in=spelled).values_list("word", "entries"))
