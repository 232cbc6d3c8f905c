"""Which entry comes first: the one that covers most of the question, by how much each idea tells, in the best place."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from functools import lru_cache

from navigator.models import SearchEntry
from navigator.search import words
from navigator.search.ideas import Idea, spelled
from navigator.search.meeting import WORTH, Meeting, Place
from navigator.search.stems import stem

Kind = SearchEntry.Kind
# A reader who names a city or a hospital meets it in a title, which counts for more than this.
KINDS = {
    Kind.ARTICLE: 1.0,
    Kind.FAQ: 1.0,
    Kind.TERM: 0.95,
    Kind.TOOL: 0.95,
    Kind.PAGE: 0.9,
    Kind.FINDER: 0.9,
    Kind.CENTER: 0.75,
    Kind.PROGRAM: 0.75,
}
LEAST = 0.3  # of what the fullest answer meets of the question: what meets less is no answer


def ordered(meetings: Sequence[Meeting], ideas: Sequence[Idea]) -> list[int]:
    """The ids of the entries that answer, the best first."""
    asked = {stem(word) for word in spelled(ideas)}
    met: defaultdict[tuple[int, str, str], dict[int, int]] = defaultdict(dict)
    for meeting in meetings:
        met[meeting.entry, meeting.kind, meeting.title][meeting.idea] = meeting.places
    parts = {entry: sum(ideas[number].weight for number in places) for entry, places in met.items()}
    least = LEAST * max(parts.values(), default=0.0)
    scores = {
        entry: _met(places, ideas) * (1 + 0.5 * _share(title, asked)) * KINDS[Kind(kind)]
        for (entry, kind, title), places in met.items()
        if parts[entry, kind, title] >= least
    }
    return sorted(scores, key=lambda entry: (-scores[entry], entry))


def _met(places: Mapping[int, int], ideas: Sequence[Idea]) -> float:
    """How much of the question, and how well. 1 is all of it, each idea in a title and nowhere else."""
    whole = sum(idea.weight for idea in ideas)
    covered = sum(ideas[number].weight * COVER[where] for number, where in places.items()) / whole
    return covered * sum(ideas[number].weight * STRENGTH[where] for number, where in places.items()) / whole


def _share(title: str, asked: Set[str]) -> float:
    """How much of the title is asked for: of two that meet the same ideas, the narrower one answers better."""
    telling = _telling(title)
    return len(telling & asked) / len(telling) if telling else 0.0


@lru_cache(maxsize=10_000)
def _telling(title: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split(title) if words.tells(word))


# By the sum of places: how well an idea is met (in the best place, with some of each other one), and how far it counts
# as covered, where meeting it in passing is worth more than half.
_WORTHS = [[WORTH[place] for place in Place(places)] for places in range(64)]
STRENGTH = [0.6 * max(worths, default=0.0) + 0.4 * sum(worths) for worths in _WORTHS]
COVER = [max(worths, default=0.0) ** 0.5 for worths in _WORTHS]
