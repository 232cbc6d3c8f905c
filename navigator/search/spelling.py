"""Words that nothing we have is written with: run together, split, or misspelled. Each is mended or left as it is."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from navigator.search import databases, synonyms, vocabulary, words
from navigator.search.stems import stem
from navigator.search.vocabulary import Counts

SHORTEST = 4  # letters: a shorter word has too many neighbors
LIKENESS = ((12, 3), (9, 2), (SHORTEST, 1))  # of so many letters or more, so many may be wrong
FREQUENT = 10  # entries: a word that so many have is likely meant
PIECE = 3  # letters of each part when a word is split; little words may have 2

# Spellings that sound the same become the same: a mistake in them counts for little.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"), (r"c(?=[eiy])", "s"), (r"ch|ck|c|q", "k"), (r"z", "s"), (r"[ao]e", "e"), (r"y", "i"),
        (r"(.)\1", r"\1"), (r"([aeiou])[aeiou]+", r"\1"), (r"(?<=.)e$", ""),
    )
)  # fmt: skip

_VOWELS = re.compile("[aeiouy]")


def pairs(tokens: Sequence[str]) -> list[str]:
    """Neighbors as one word."""
    return [one + other for one, other in pairwise(tokens)]


def mend(tokens: Sequence[str], counts: Counts) -> list[str]:
    """The words as they were probably meant; equal to `tokens` when all are known. `counts` has the words and
    their pairs."""
    known = {word for word in (*tokens, *pairs(tokens)) if stem(word) in counts or _is_known(word)}
    if known.issuperset(tokens):
        return list(tokens)
    joined = _joined(tokens, known)
    unknown = [word for word in joined if word not in known]
    halves = vocabulary.known({half for word in unknown for pair in _halves(word) for half in pair})
    return [piece for word in joined for piece in ([word] if word in known else _mended(word, halves))]


def _is_known(word: str) -> bool:
    """Without asking the database. Figures and short words are taken as they are."""
    return len(word) < SHORTEST or not word.isalpha() or word in words.NOISE or word in synonyms.spellings()


def _joined(tokens: Sequence[str], known: set[str]) -> list[str]:
    """Neighbors that are one word together, where one of them is none: meso thelioma."""
    joined: list[str] = []
    for word in tokens:
        whole = joined[-1] + word if joined else ""
        if whole in known and len(whole) > SHORTEST and not {joined[-1], word} <= known:
            joined[-1] = whole
        else:
            joined.append(word)
    return joined


def _halves(word: str) -> list[tuple[str, str]]:
    return [(word[:place], word[place:]) for place in range(2, len(word) - 1)]


def _mended(word: str, halves: Mapping[str, int]) -> list[str]:
    """A small slip first, then two words run together, then a larger slip."""
    found = nearest(word, {**dict.fromkeys(synonyms.spellings(), FREQUENT), **databases.current().near(word)})
    if found and distance(sound(word), sound(found)) <= 1:
        return [found]
    return _parted(word, {*halves, *synonyms.spellings(), *words.NOISE}) or ([found] if found else [word])


def _parted(word: str, known: set[str]) -> list[str]:
    """The most even parting into two known words, or none."""
    pairs = [
        pair
        for pair in _halves(word)
        if all(half in known and (len(half) >= PIECE or half in words.NOISE) for half in pair)
        and any(map(words.tells, pair))
    ]
    return list(max(pairs, key=lambda pair: min(map(len, pair)), default=()))


def nearest(word: str, candidates: Mapping[str, int]) -> str:
    """The candidate that takes the fewest slips. Empty when all are too far."""
    allowed = next((slips for length, slips in LIKENESS if len(word) >= length), 0)
    heard = sound(word)
    best, fewest = "", allowed + 1.0
    for candidate in sorted(candidates):
        if not _is_near(heard, sound(candidate), allowed) or candidate in words.NOISE or len(candidate) < SHORTEST:
            continue
        slips: float = distance(heard, sound(candidate))
        if slips <= allowed and (allowed > 1 or _is_slip(word, candidate, candidates[candidate])):
            slips += distance(word, candidate) / 10
            if slips < fewest:
                best, fewest = candidate, slips
    return best


def _is_near(heard: str, other: str, allowed: int) -> bool:
    """A first look, which costs little: each slip changes the length by one and the set of letters by two."""
    return abs(len(heard) - len(other)) <= allowed and len(set(heard) ^ set(other)) <= 2 * allowed


def _is_slip(word: str, candidate: str, entries: int) -> bool:
    """In a short word, a wrong letter is most often another word (rude, ride), unless the meant one is frequent."""
    if sound(word) == sound(candidate):
        return True
    if word[0] != candidate[0]:
        return False
    other_letters = len(word) == len(candidate) and sorted(word) != sorted(candidate)
    return not other_letters or (entries >= FREQUENT and _VOWELS.sub("", word) == _VOWELS.sub("", candidate))


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """About how a word is heard: kemo and chemo are the same."""
    for pattern, heard in _SOUNDS:
        word = pattern.sub(heard, word)
    return word


def distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with a neighbor (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, against in enumerate(other, start=1):
            slips = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                slips = min(slips, earlier[j - 2] + 1)
            row.append(slips)
    return row[-1]
