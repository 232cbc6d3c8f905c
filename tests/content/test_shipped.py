"""The texts that we ship, held against our own rules, as they are live."""

import json
from functools import cache

import pytest

from content import library, links, prose
from content.lint import HARDEST, HARDEST_PARAGRAPH, LONGEST_SENTENCE, Draft, Report, draft_of, lint
from content.models import Revision
from content.reading import sentences, words

pytestmark = pytest.mark.django_db


@cache
def _lint(draft: str, live: frozenset[str]) -> Report:
    return lint(Draft(**json.loads(draft)), live=live)


def reports() -> dict[str, Report]:
    library.load()
    live = links.live_paths()
    rows = Revision.objects.live().select_related("article")
    return {row.article.path: _lint(json.dumps(vars(draft_of(row))), live) for row in rows}


def test_no_shipped_text_has_an_error() -> None:
    found = reports()
    assert len(found) == 147
    assert {path: report.errors for path, report in found.items() if report.errors} == {}


def test_every_shipped_text_is_easy_to_read() -> None:
    """Grade 8 for the whole, every word as it is spoken; grade 10 for the hardest paragraph."""
    found = reports()
    assert {path: report.grade for path, report in found.items() if report.grade > HARDEST} == {}
    assert {path: report.worst_grade for path, report in found.items() if report.worst_grade > HARDEST_PARAGRAPH} == {}


def test_no_shipped_sentence_is_long() -> None:
    library.load()
    long = [
        sentence
        for row in Revision.objects.live()
        for block in prose.blocks(row.body)
        for sentence in sentences(block.text)
        if len(words(sentence)) > LONGEST_SENTENCE
    ]
    assert long == []


def test_every_shipped_article_names_its_sources_with_day_and_link() -> None:
    library.load()
    for row in Revision.objects.live().filter(article__kind__in=["article", "faq", "term"]).select_related("article"):
        cited = {name for block in prose.blocks(row.body) for name in block.cites}
        rows = {source["id"]: source for source in json.loads(row.references)}
        assert cited == set(rows), row.article.path
        assert all(source["url"] and source["dated"] and source["retrieved"] for source in rows.values())
        if row.article.kind == "article":
            assert len(cited) >= 5, row.article.path


def test_no_two_shipped_texts_explain_the_same_question() -> None:
    library.load()
    titles = list(Revision.objects.live().values_list("title", flat=True))
    assert len(set(map(str.casefold, titles))) == len(titles)
