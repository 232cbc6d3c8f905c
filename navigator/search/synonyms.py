"""Patients' words and the words of our texts, from `synonyms.txt` beside this module, which says how it is written."""

from functools import cache
from pathlib import Path

from navigator.search import words
from navigator.search.stems import stem

FILE = Path(__file__).with_name("synonyms.txt")

Phrase = tuple[str, ...]  # words, in order


def rows() -> list[tuple[list[Phrase], list[Phrase]]]:
    """Each line as (what is typed, what it also finds)."""
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(_phrases(left), _phrases(right)) for left, _, right in (line.partition(">") for line in lines)]


def _phrases(side: str) -> list[Phrase]:
    return [tuple(words.split(expression)) for expression in side.split(",") if expression.strip()]


@cache
def others() -> dict[Phrase, tuple[Phrase, ...]]:
    """The stems of what is typed -> what it also finds, as words."""
    table: dict[Phrase, dict[Phrase, None]] = {}
    for typed, found in rows():
        for expression in typed:
            key = stems(expression)
            table.setdefault(key, {}).update((phrase, None) for phrase in found if stems(phrase) != key)
    return {key: tuple(phrases) for key, phrases in table.items()}


@cache
def spellings() -> frozenset[str]:
    """Every word that may be typed: known even where no text has it."""
    return frozenset(word for typed, _ in rows() for expression in typed for word in expression)


def stems(phrase: Phrase) -> Phrase:
    return tuple(stem(word) for word in phrase)
