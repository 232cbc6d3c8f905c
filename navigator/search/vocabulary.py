"""How many entries have a word, and which words there are."""

from collections.abc import Collection

from django.db.models import Sum

from navigator.models import SearchWord
from navigator.search.stems import stem

ALL = ""  # the word that every entry has: its count is how many entries there are


def counts(spelled: Collection[str]) -> dict[str, int]:
    """Stem -> about how many entries have a word of it, and ALL. One query; what no entry has is left out."""
    rows = SearchWord.objects.filter(stem__in={ALL, *map(stem, spelled)}).values_list("stem")
    return dict(rows.annotate(sum=Sum("entries")).order_by())


def known(spelled: Collection[str]) -> dict[str, int]:
    """Those of the words that entries have, letter for letter, and how many have them."""
    return dict(SearchWord.objects.filter(word__in=spelled).values_list("word", "entries"))
