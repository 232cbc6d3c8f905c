"""What a question asks for: its telling words, each with its other names and with how rare it is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from navigator.search import synonyms, words
from navigator.search.synonyms import Phrase, stems
from navigator.search.vocabulary import ALL, Count, Counts

MOST = 8  # ideas of one question: the weightiest count
IN_PASSING = 0.4  # the weight of what no title, name or summary has
NONE = Count(0, 0)
LONGEST = max(map(len, synonyms.others()))  # words of an expression


@dataclass(frozen=True)
class Idea:
    """`typed` are words and expressions of the question that mean the same, `others` what else may be meant. Each is a
    phrase of telling words, and is met where all of them stand.

    `entries` is about how many entries have one of them; `weight` says how much it tells to meet it.
    """

    typed: tuple[Phrase, ...]
    others: tuple[Phrase, ...] = ()
    entries: int = 0
    weight: float = 0.0


def read(tokens: Sequence[str]) -> list[Idea]:
    """The expressions that the synonyms know, the longest first, and the telling words between them. A question without
    either is one idea as a whole."""
    table = synonyms.others()
    found: dict[tuple[Phrase, ...] | Phrase, Idea] = {}
    place = 0
    while place < len(tokens):
        for length in range(min(LONGEST, len(tokens) - place), 0, -1):
            phrase = tuple(tokens[place : place + length])
            key = stems(phrase)
            if key in table or (length == 1 and words.tells(phrase[0])):
                others = table.get(key, ())
                same = found.get(others or key)
                found[others or key] = _idea([*(same.typed if same else ()), phrase], others)
                break
        place += length
    return list(found.values()) or ([_idea([tuple(tokens)], ())] if tokens else [])


def spelled(ideas: Sequence[Idea]) -> set[str]:
    """Every word that the ideas are met by."""
    return {word for idea in ideas for phrase in (*idea.typed, *idea.others) for word in phrase}


def _idea(typed: Sequence[Phrase], others: Sequence[Phrase]) -> Idea:
    """Each phrase once."""
    asked = {stems(words.needle(phrase)): words.needle(phrase) for phrase in typed}
    found = {stems(words.needle(phrase)): words.needle(phrase) for phrase in others}
    return Idea(tuple(asked.values()), tuple(phrase for key, phrase in found.items() if key not in asked))


def weighed(ideas: Sequence[Idea], counts: Counts) -> list[Idea]:
    """With how rare each is, the weightiest first; without those that nothing can meet."""
    total = counts[ALL].entries if counts else 0
    known = []
    for idea in ideas:
        typed, others = _known(idea.typed, counts), _known(idea.others, counts)
        if typed or others:
            found = [_count(phrase, counts) for phrase in typed + others]
            entries = min(total, sum(count.entries for count in found))
            told = 1.0 if any(count.heads for count in found) else IN_PASSING
            known.append(Idea(typed, others, entries, told * math.log(1 + total / entries)))
    return sorted(known, key=lambda idea: -idea.weight)[:MOST]


def _known(phrases: Sequence[Phrase], counts: Counts) -> tuple[Phrase, ...]:
    return tuple(phrase for phrase in phrases if _count(phrase, counts).entries)


def _count(phrase: Phrase, counts: Counts) -> Count:
    """At most as many as have its rarest word."""
    return min(counts.get(word, NONE) for word in stems(phrase))
