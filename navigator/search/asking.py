"""An answer to a reader's question. Nothing of the question is kept, and nothing of it is logged."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from navigator.models import SearchEntry
from navigator.search import databases, extracts, ideas, ranking, spelling, vocabulary, words
from navigator.search.ideas import Idea
from navigator.search.stems import stem
from navigator.security import clean_text

LONGEST = 200  # characters of a question; what is beyond is not read
MOST_WORDS = 30


@dataclass(frozen=True)
class Hit:
    """One entry that answers. `label` says what it is; `extract` is HTML with the words that were found marked."""

    label: str
    title: str
    path: str
    extract: SafeString


@dataclass(frozen=True)
class Found:
    """The hits that were asked for, how many there are in all, and the mended question (empty if none was needed).

    The hits are those of the mended question.
    """

    hits: Sequence[Hit] = ()
    count: int = 0
    did_you_mean: str = ""


def find(query: str, *, limit: int = 10, start: int = 0, kinds: Collection[str] = ()) -> Found:
    """The best answers, from the `start`-th on, of all kinds or of some. Whatever is typed, it raises nothing."""
    tokens = words.split(clean(query))[:MOST_WORDS]
    asked = ideas.read(tokens)
    counts = vocabulary.counts({*tokens, *spelling.pairs(tokens), *ideas.spelled(asked)})
    mended = spelling.mend(tokens, counts)
    if mended != tokens:
        asked = ideas.read(mended)
        counts = vocabulary.counts(ideas.spelled(asked))
    asked = ideas.weighed(asked, counts)
    entries = ranking.ordered(databases.current().meetings(asked), asked) if asked else []
    if kinds:
        entries = _of_kinds(entries, kinds)
    return Found(
        hits=_hits(entries[start : start + limit], asked),
        count=len(entries),
        did_you_mean=" ".join(mended) if mended != tokens else "",
    )


def _of_kinds(entries: Sequence[int], kinds: Collection[str]) -> list[int]:
    right = set(SearchEntry.objects.filter(pk__in=entries, kind__in=kinds).values_list("pk", flat=True))
    return [entry for entry in entries if entry in right]


def clean(query: str) -> str:
    """What is read of a question."""
    return clean_text(query[:LONGEST])


def _hits(entries: Sequence[int], asked: Sequence[Idea]) -> list[Hit]:
    wanted = _wanted(asked)
    rows = SearchEntry.objects.in_bulk(entries)
    return [
        Hit(row.get_kind_display(), row.title, row.path, extracts.extract(row.summary, row.body, wanted))
        for row in map(rows.__getitem__, entries)
        if row
    ]


def _wanted(asked: Sequence[Idea]) -> dict[str, float]:
    """What it is worth to show a word: half as much if it is another name of what was typed. The words of an expression
    that nobody typed are left out: alone they say something else."""
    wanted: dict[str, float] = {}
    for idea in asked:
        wanted.update((stem(phrase[0]), idea.weight / 2) for phrase in idea.others if len(phrase) == 1)
        wanted.update((stem(word), idea.weight) for phrase in idea.typed for word in phrase)
    return wanted
