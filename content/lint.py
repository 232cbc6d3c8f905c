"""What an editor should see before a text goes on: how hard it reads, what lacks a source, words we do not use.

An error blocks the sign-off (`content.publishing.sign_off`), a warning does not. The rules are those of our editorial
policy; the limits are named below with their source. Whether a statement is true is left to people.
"""

import datetime
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import brotli
from django.utils import timezone

from content import links, markdown, prose
from content.models import Article, Revision
from content.prose import Block
from content.reading import grade, sentences, words
from content.references import rows, was_opened

HARDEST, HARD = 8.0, 7.0  # US school grade of a whole text; NIH and AMA advise the 6th to 7th grade
HARDEST_PARAGRAPH = 10.0
FEW_WORDS = 20  # the grade of less is chance, so short paragraphs are graded together
LONGEST_SENTENCE = 25  # words
LONGEST_SUMMARY = 30  # words
HEAVIEST = 5_200  # bytes, compressed: with the page around it one round trip of 14,336 bytes
RECHECK = datetime.timedelta(days=365)  # a source is opened again within a year


@dataclass(frozen=True)
class Draft:
    """A text as it is about to be saved or signed; `references` as `content.references.rows` gives them."""

    kind: str
    path: str
    title: str
    summary: str
    description: str
    body: str
    references: Sequence[dict[str, str]]


def draft_of(revision: Revision) -> Draft:
    """A saved text as the rules see it."""
    return Draft(
        kind=revision.article.kind,
        path=revision.article.path,
        title=revision.title,
        summary=revision.summary,
        description=revision.description,
        body=revision.body,
        references=rows(revision.references),
    )


@dataclass(frozen=True)
class Finding:
    """`line` of the body, 0 where it is about the text as a whole."""

    is_error: bool
    message: str
    line: int = 0


@dataclass(frozen=True)
class Report:
    """`grade` counts every word as it is spoken; `worst` is the hardest paragraph, where explained words are short."""

    grade: float
    worst_grade: float
    worst: str
    words: int
    size: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_error]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.is_error]


def lint(draft: Draft, *, live: Collection[str]) -> Report:
    """Everything that is wrong with a text, errors first. `live` holds the paths that links may lead to. No query."""
    found = prose.blocks(draft.body)
    everything = "\n".join(block.text for block in found)
    whole = grade(f"{draft.summary}\n{everything}", strict=True)
    worst_grade, worst = _worst(found)
    size, rendered = _render(draft)
    findings = [
        *rendered,
        *_front(draft, found),
        *_headings(found),
        *_grades(whole, worst_grade, worst),
        *_sentences(found),
        *_figures(draft, found),
        *_survival(draft, found),
        *_sources(draft, found),
        *_links(draft, found, live),
        *_pictures(found),
        *_wording(draft, found),
    ]
    if draft.kind == Article.Kind.ARTICLE and size > HEAVIEST:
        findings.append(Finding(False, f"The text weighs {size:,} bytes, over {HEAVIEST:,}: shorten it or split it."))
    findings.sort(key=lambda finding: (not finding.is_error, finding.line))
    return Report(whole, worst_grade, worst, len(words(everything)), size, tuple(findings))


def _render(draft: Draft) -> tuple[int, list[Finding]]:
    """The compressed size of what is served of the text, in bytes."""
    try:
        rendered = markdown.render(draft.body, draft.references)
    except ValueError as error:
        return 0, [Finding(True, str(error))]
    return len(brotli.compress((rendered.html + rendered.references_html).encode())), []


def _front(draft: Draft, found: list[Block]) -> Iterator[Finding]:
    if not draft.summary.strip():
        yield Finding(True, "The summary is missing: one sentence that answers the title.")
    elif len(words(draft.summary)) > LONGEST_SUMMARY and draft.kind != Article.Kind.TERM:
        yield Finding(False, f"The summary has more than {LONGEST_SUMMARY} words.")
    if not found:
        yield Finding(True, "The text is empty.")
    if draft.kind == Article.Kind.ARTICLE and not any(block.box == "glance" for block in found):
        yield Finding(True, "The box At a glance is missing: start the text with :::glance and three to five points.")
    if draft.kind in (Article.Kind.ARTICLE, Article.Kind.PAGE) and not draft.description.strip():
        yield Finding(False, "The description for search engines is missing.")


def _worst(found: list[Block]) -> tuple[float, str]:
    """The hardest paragraph, list or table; what has few words is graded with what follows."""
    worst: tuple[float, str] = (0.0, "")
    waiting = ""
    for _, group in groupby((block for block in found if block.kind != "heading"), key=lambda block: block.group):
        waiting = "\n".join(filter(None, [waiting, *(block.text for block in group)]))
        if len(words(waiting)) >= FEW_WORDS:
            worst = max(worst, (grade(waiting), waiting))
            waiting = ""
    return worst


def _headings(found: list[Block]) -> Iterator[Finding]:
    before = 1
    for block in found:
        if block.kind == "heading":
            if not block.text:
                yield Finding(True, "A heading has no words.", block.line)
            if block.level > before + 1:
                yield Finding(True, f"The heading “{block.text}” skips a level: use {'#' * (before + 1)}.", block.line)
            before = block.level


def _grades(whole: float, worst_grade: float, worst: str) -> Iterator[Finding]:
    if whole > HARDEST:
        yield Finding(True, f"The text reads at grade {whole}; the limit is {HARDEST:g}. Shorten sentences and words.")
    elif whole > HARD:
        yield Finding(False, f"The text reads at grade {whole}; aim for {HARD:g} or less.")
    if worst_grade > HARDEST_PARAGRAPH:
        start = " ".join(worst.split()[:12])
        yield Finding(True, f"A paragraph reads at grade {worst_grade}, over {HARDEST_PARAGRAPH:g}: “{start} …”")


def _sentences(found: list[Block]) -> Iterator[Finding]:
    for block in found:
        for sentence in sentences(block.text):
            if (count := len(words(sentence))) > LONGEST_SENTENCE:
                start = " ".join(sentence.split()[:8])
                yield Finding(False, f"A sentence has {count} words, over {LONGEST_SENTENCE}: “{start} …”", block.line)


# What has digits and states nothing: phone numbers, 911 and 988, day and night, our own half hour, names such as BAP1,
# stage 4 or the 9th edition.
_NAMES = re.compile(
    r"\b1?-?\d{3}-\d{3}-\d{4}\b|\(\d{3}\) ?\d{3}-\d{4}\b|\b(?:911|988|24/7)\b|\b30[- ]minutes?\b"
    r"|\b[A-Za-z]+-?\d[\w-]*|\b\d+-\d+[A-Z]+\b"
    r"|(?i:\b(?:stages?|steps?|parts?|phases?|forms?|questions?|numbers?|title|section) \d[\d-]*"
    r"(?: (?:to|or|and) \d+)?)"
    r"|\b\d+(?:st|nd|rd|th) edition\b"
)


def _figures(draft: Draft, found: list[Block]) -> Iterator[Finding]:
    """A figure has its source in the same paragraph, item or row. Pages about us and tools hold our own figures."""
    about_us = draft.kind in (Article.Kind.PAGE, Article.Kind.TOOL)
    for block in found:
        figure = next((word for word in _NAMES.sub("", block.text).split() if re.search(r"\d", word)), "")
        if figure and not block.cites and block.kind != "heading" and block.box != "letter":
            yield Finding(not about_us, f"The figure {figure.strip('.,;:()')} has no source beside it.", block.line)


# A surviving husband or wife, or survivors benefits, are matters of money.
_SURVIVAL = re.compile(
    r"(?i)(?=.*\b(?:surviv(?:al|es?|ed|ing(?! (?:spouse|child|parent|partner|famil|dependent)))|alive|life expectancy"
    r"|liv(?:e|es|ed) (?:for|longer|more than|up to|an average|about|at least|a median|\d+)|die[ds]? within)\b)"
    r"(?=.*\d)(?=.*(?:months?|years?|%|percent|out of))"
)


def _survival(draft: Draft, found: list[Block]) -> Iterator[Finding]:
    """The cells of a table are read together with its first row."""
    heads: dict[int, str] = {}
    rows: list[tuple[str, int]] = [(text, 0) for text in (draft.title, draft.summary, draft.description)]
    for block in found:
        head = heads.setdefault(block.group, block.text) if block.kind == "row" else ""
        if block.box != "survival":
            rows.append((f"{head} {block.text}".replace("\n", " ") if head else block.text, block.line))
    for text, line in rows:
        if any(_SURVIVAL.match(sentence) for sentence in sentences(text)):
            yield Finding(True, "A figure about survival stands open: put it in a :::survival box.", line)


def _sources(draft: Draft, found: list[Block]) -> Iterator[Finding]:
    cited = {name for block in found for name in block.cites}
    today = timezone.localdate()
    for row in draft.references:
        if not row.get("url") or not row.get("dated"):
            yield Finding(True, f"The source {row['id']!r} has no date or no link.")
        if not was_opened({"dated": "", **row}):
            yield Finding(False, f"The source {row['id']!r} was never opened: open it and hold the text against it.")
        if row["id"] not in cited:
            yield Finding(False, f"The source {row['id']!r} is listed but not cited.")
        read_on = datetime.date.fromisoformat(row["retrieved"])
        if read_on > today:
            yield Finding(True, f"The source {row['id']!r} is said to be read on a day to come.")
        elif today - read_on > RECHECK:
            yield Finding(False, f"The source {row['id']!r} was not opened for more than a year.")


def _links(draft: Draft, found: list[Block], live: Collection[str]) -> Iterator[Finding]:
    try:
        ids = {name for name, _ in markdown.render(draft.body, draft.references).contents}
    except ValueError:  # reported by _render
        ids = set()
    live = {*live, draft.path}
    for block in found:
        for link in block.links:
            if links.is_broken(link, live=live, ids=ids):
                yield Finding(True, f"The link {link} leads nowhere.", block.line)
        for slug in block.terms:
            if f"glossary/{slug}" not in live:
                yield Finding(True, f"The glossary has no word {slug!r}.", block.line)


def _pictures(found: list[Block]) -> Iterator[Finding]:
    for block in found:
        for src, text in block.images:
            if not text.strip():
                yield Finding(True, f"The drawing {src} has no words that describe it.", block.line)


_NOT = r"(?i:\b(?:no|not|never|none|nothing|neither|nor|cannot|rarely|without|nobody)\b|n[’']t\b)"
# Sources: our editorial policy, section Words; a Macmillan survey of 2,000 people with cancer on "battle" and "fight".
_BANNED: tuple[tuple[str, str], ...] = (
    (r"(?i)\b(?:fights?|fighting|fighter|battl(?:e|es|ing)|defeat\w*|win(?:s|ning)? (?:the|against|over)|warriors?|"
     r"heroe?s?|beat(?:s|ing)? (?:it|this|cancer|meso\w*|the (?:cancer|disease|illness|odds))|victims?|brave|"
     r"survivors?(?![’']?s? (?:benefit|pension|claim|indemnity)))\b", "no words of war"),
    (r"\b[Hh]op(?:e|es|ed|ing|eful)\b(?! Lodge)(?<!City of Hope)", "no hope as a claim"),
    (r"(?i)\b(?:miracles?|breakthroughs?|world-class|world-renowned|renowned|premier|foremost|cutting-edge|"
     r"state-of-the-art|top[- ](?:rated|doctors?|hospitals?|centers?|specialists?|experts?))\b", "no superlatives"),
    (r"(?i)\bleading (?:doctors?|hospitals?|centers?|specialists?|experts?|cancer)\b", "no superlatives"),
    (r"(?i)\b(?:act (?:now|fast|today)|hurry|every (?:day|minute) counts|time is running|don[’']t wait|limited time)\b",
     "no pressure"),
    (r"(?i)\b(?:terminal|inoperable|incurable|hopeless|doomed|death sentence)\b", "say what it means instead"),
    (r"(?i)\b(?:please|sorry|oops|unfortunately)\b", "say what to do instead"),
    (r"(?i)\bHIPAA[- ]compliant\b", "we are not under HIPAA"),
    (r"(?i)\bclinically proven\b|\brisk[- ]free\b", "no promise"),
    (r"(?i)\b(?:reviewed|checked|approved) by (?:a |our |real )?(?:doctors?|clinicians?|physicians?|oncologists?)\b",
     "no claim of a review"),
    (r"!", "no exclamation marks"),
    (r"[\U0001F300-\U0001FAFF\u2600-\u27BF]", "no emojis"),
)  # fmt: skip
_UNLESS_DENIED = re.compile(r"(?i)\bcur(?:e|es|ed|able|ing)\b|\bguarantee[sd]?\b|\bpromises?\b")
_DOUBTFUL = re.compile(r"(?i)\bbest\b(?! time)|\bclick here\b|\butilize|\bin order to\b|\bas soon as possible\b")


def _wording(draft: Draft, found: list[Block]) -> Iterator[Finding]:
    fronts = [(draft.title, 0), (draft.summary, 0), (draft.description, 0)]
    pictures = ((text, block.line) for block in found for _, text in block.images)
    for text, line in [*fronts, *((_ours(block), block.line) for block in found), *pictures]:
        for pattern, why in _BANNED:
            for word in re.finditer(pattern, text):
                yield Finding(True, f"“{word[0]}”: {why}.", line)
        for sentence in sentences(text):
            is_question = text.partition(sentence)[2].startswith("?")  # "Can it be cured?" promises nothing
            if (promise := _UNLESS_DENIED.search(sentence)) and not is_question and not re.search(_NOT, sentence):
                yield Finding(True, f"“{promise[0]}” without a “no” in its sentence sounds like a promise.", line)
        for word in _DOUBTFUL.finditer(text):
            yield Finding(False, f"“{word[0]}” is better said otherwise.", line)


def _ours(block: Block) -> str:
    """What we say to readers. In a letter they ask somebody else, and say please."""
    return re.sub(r"(?i)\bplease\b", "", block.text) if block.box == "letter" else block.text
