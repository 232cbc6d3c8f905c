"""What changed between two texts, word by word, in the order in which it is read."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from content import prose, references
from content.models import Change, Revision

ALIKE = 0.4  # from here on two paragraphs are one that was changed, not one that went and another that came
MOST_WORDS = 1_500  # of one paragraph: above it, the whole paragraph is shown as old and new
MOST_PARAGRAPHS = 300  # of one text: above it, the whole text is
_WORD = re.compile(r"\s*\S+")

Lines = QuerySet[Change]
Paragraphs = list[tuple[str, str]]  # the heading above, the words


@dataclass(frozen=True)
class Piece:
    """Words that stayed, came (`ins`) or went (`del`)."""

    kind: str  # "", "ins", "del"
    text: str


@dataclass(frozen=True)
class Part:
    """One paragraph, heading or item that changed, under the heading where it stands."""

    heading: str
    pieces: tuple[Piece, ...]


def light(lines: Lines) -> Lines:
    """A list of changes needs no bodies."""
    heavy = ("body", "body_html", "references", "references_html")
    return lines.defer(*(f"{text}__{name}" for text in ("revision", "before") for name in heavy))


def compare(old: Revision, new: Revision) -> list[Part]:
    """Only what changed; nothing for two texts with the same words."""
    fronts = (("Title", old.title, new.title), ("Summary", old.summary, new.summary))
    parts = [Part(name, tuple(word_pieces(a, b))) for name, a, b in fronts if a.split() != b.split()]
    before, after = _paragraphs(old), _paragraphs(new)
    if max(len(before), len(after)) > MOST_PARAGRAPHS and before != after:
        return [*parts, *_whole("del", before), *_whole("ins", after)]
    matcher = difflib.SequenceMatcher(None, [text for _, text in before], [text for _, text in after], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            parts += _changed(before[a:b], after[c:d])
    return parts


def _paragraphs(revision: Revision) -> Paragraphs:
    """(heading above it, its words) of everything that is signed and read below the summary."""
    found = []
    heading = revision.title
    for block in prose.blocks(revision.body):
        heading = block.text if block.kind == "heading" else heading
        found.append((heading, " · ".join(block.text.split("\n"))))
    for row in references.rows(revision.references):
        words = f"{row['title']}. {row['publisher']}. {row['url']} ({row['dated']}; looked up on {row['retrieved']})"
        found.append(("Sources", words))
    return [(heading, text) for heading, text in found if text]


def _changed(before: Paragraphs, after: Paragraphs) -> Iterator[Part]:
    """Pairs each new paragraph with the next old one that is alike; between two pairs, what went before what came."""
    start, came = 0, 0
    for number, (heading, text) in enumerate(after):
        place = next((n for n in range(start, len(before)) if _is_alike(before[n][1], text)), None)
        if place is not None:
            yield from _whole("del", before[start:place])
            yield from _whole("ins", after[came:number])
            yield Part(heading, tuple(word_pieces(before[place][1], text)))
            start, came = place + 1, number + 1
    yield from _whole("del", before[start:])
    yield from _whole("ins", after[came:])


def _whole(kind: str, paragraphs: Paragraphs) -> list[Part]:
    return [Part(heading, (Piece(kind, text),)) for heading, text in paragraphs]


def _is_alike(old: str, new: str) -> bool:
    """The two quick ratios are upper bounds that cost little."""
    matcher = difflib.SequenceMatcher(None, old.split(), new.split(), autojunk=False)
    return all(ratio() >= ALIKE for ratio in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio))


def word_pieces(old: str, new: str) -> Iterator[Piece]:
    """The words of both, in reading order: what went before what came."""
    a, b = _WORD.findall(old), _WORD.findall(new)
    if max(len(a), len(b)) > MOST_WORDS:
        yield from (Piece("del", old), Piece("ins", new))
        return
    plain_a, plain_b = [word.strip() for word in a], [word.strip() for word in b]
    for tag, i, j, k, m in difflib.SequenceMatcher(None, plain_a, plain_b, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("", "".join(b[k:m]))
            continue
        if j > i:
            yield Piece("del", "".join(a[i:j]))
        if m > k:
            yield Piece("ins", "".join(b[k:m]))
