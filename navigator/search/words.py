"""What counts as a word, and which words say nothing about what somebody looks for."""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

LONGEST = 40  # letters of one word: what is longer is no word

_WORD = re.compile(r"[a-z0-9]+")
_ENDING = re.compile(r"['’](?:s|t|re|ve|ll|d|m)\b")


def _noise() -> frozenset[str]:
    lines = Path(__file__).with_name("noise.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


NOISE = _noise()


def fold(text: str) -> str:
    """In lower case and without accents."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return decomposed if decomposed.isascii() else "".join(c for c in decomposed if not unicodedata.combining(c))


def split(text: str) -> list[str]:
    """The words, in order, folded. `doctor's` is doctor; signs, operators and letters of other scripts are no words."""
    return [word for word in _WORD.findall(_ENDING.sub(" ", fold(text))) if len(word) <= LONGEST]


def tells(word: str) -> bool:
    """Whether a word of a question says what it is about. A single letter does not; a figure does."""
    return word not in NOISE and (len(word) > 1 or word.isdigit())


def needle(phrase: Sequence[str]) -> tuple[str, ...]:
    """The words by which a phrase is found: its telling ones. A phrase without any ("who we are") is one long word,
    which entries with such a title have among their words."""
    return tuple(filter(tells, phrase)) or ("".join(phrase)[:LONGEST],)
