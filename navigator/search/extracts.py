"""The passage of a text that answers best, with the words that were found marked.

Safe by construction: pieces of the text are escaped one by one, and only our own `<mark>` stands between them.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from navigator.search.stems import stem
from navigator.search.words import fold

LONGEST = 240  # characters of an extract
SHORT = 50  # characters: a passage that short says little
_END = re.compile(r"[.!?][\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9])|\n+")

Found = list[tuple[int, int, str]]  # start, end, stem


def extract(summary: str, body: str, wanted: Mapping[str, float]) -> SafeString:
    """Of the summary, or of the body where a passage there has more. `wanted` says what it is worth to find a stem."""
    in_summary = _found(summary, wanted)
    start, end, worth = _best(body, _found(body, wanted), wanted)
    if worth > _worth(in_summary, wanted) or not summary:
        return _marked(body[start:end].strip(), wanted)
    return _marked(summary, wanted)


def _found(text: str, wanted: Mapping[str, float]) -> Found:
    """Words of the stems. A stem may end otherwise than its words do (study, studi), so its last letter is open."""
    if not wanted:
        return []
    starts = "|".join(sorted(re.escape(name[:-1] if len(name) > 3 else name[:2]) for name in wanted))
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter that is two in lower case: the places would be wrong
        lowered = text
    hits = re.finditer(rf"\b(?:{starts})\w*", lowered)
    found = ((hit.start(), hit.end(), stem(fold(hit[0]))) for hit in hits)
    return [(start, end, name) for start, end, name in found if name in wanted]


def _worth(found: Found, wanted: Mapping[str, float]) -> float:
    """Each stem counts once."""
    return sum(wanted[name] for name in {name for _, _, name in found})


def _best(text: str, found: Found, wanted: Mapping[str, float]) -> tuple[int, int, float]:
    """The sentence that is worth most, and what follows it while there is room: start, end, worth."""
    if not found:
        return 0, len(text), 0.0
    breaks = list(_END.finditer(text))
    starts = [0, *(end.end() for end in breaks)]
    ends = [*starts[1:], len(text)]
    sentences: defaultdict[int, Found] = defaultdict(list)
    for hit in found:
        sentences[bisect_right(starts, hit[0]) - 1].append(hit)

    def worth(number: int) -> float:
        short = ends[number] - starts[number] < SHORT
        return _worth(sentences[number], wanted) * (0.6 if short else 1.0)

    first = last = max(sentences, key=lambda number: (worth(number), -number))
    while last < len(breaks) and ends[last + 1] - starts[first] <= LONGEST:
        if "\n" in breaks[last][0] and not text[starts[last] : ends[last]].strip().endswith("?"):
            break  # only a question goes on in the next line, with its answer
        last += 1
    return starts[first], ends[last], worth(first)


def _marked(text: str, wanted: Mapping[str, float]) -> SafeString:
    """At most LONGEST characters around the first word found, which is marked like all others."""
    found = _found(text, wanted)
    start, end = _window(text, found[0][0] if found else 0)
    pieces: list[tuple[SafeString | str]] = [("…" if start else "",)]
    for before, after, _ in found:
        if before >= start and after <= end:
            pieces += [(text[start:before],), (format_html("<mark>{}</mark>", text[before:after]),)]
            start = after
    pieces += [(text[start:end],), ("…" if end < len(text) else "",)]
    return format_html_join("", "{}", pieces)


def _window(text: str, first: int) -> tuple[int, int]:
    """Where to cut a text that is too long, between words, so that the character `first` is in it."""
    if len(text) <= LONGEST:
        return 0, len(text)
    start = 0
    if first > LONGEST // 2:
        start = text.rfind(" ", 0, first - LONGEST // 4) + 1
    end = len(text) if start + LONGEST >= len(text) else text.rfind(" ", start + 1, start + LONGEST)
    return start, end if end > start else start + LONGEST
