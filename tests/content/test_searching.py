import pytest

from content import searching
from content.models import Article
from tests.content.factories import ArticleFactory, RevisionFactory

pytestmark = pytest.mark.django_db

BODY = """:::glance
- Ask your [plan](term:plan).[^cms]
:::

## What does it cost?

It **depends**. Write here: ______ and [call](/talk/).

:::survival
Half of a group lived for 18 months.
:::

| Plan | Pays |
| --- | --- |
| Part B | most |
"""


def test_an_article_as_it_is_found() -> None:
    revision = RevisionFactory(article__path="costs/who-pays", body=BODY, live=True)
    entry = searching.entry(revision)
    assert (entry.key, entry.kind, entry.path) == ("content:costs/who-pays", "article", "/costs/who-pays/")
    assert (entry.title, entry.summary) == (revision.title, revision.summary)
    assert entry.body.splitlines() == [
        "Ask your plan.",
        "What does it cost?",
        "It depends. Write here: and call.",
        "Plan Pays",
        "Part B most",
    ]


def test_survival_figures_are_shown_to_nobody_who_did_not_ask() -> None:
    assert "18 months" not in searching.entry(RevisionFactory(body=BODY)).body


def test_an_answer_leads_to_its_place_on_the_page_of_questions() -> None:
    revision = RevisionFactory(article=ArticleFactory(faq=True, path="faq/who-pays"))
    assert searching.entry(revision).path == "/faq/#who-pays"


def test_a_term_is_found_by_its_other_names() -> None:
    article = ArticleFactory(kind=Article.Kind.TERM, path="glossary/hipec", topic=None, also_called=["hot chemo"])
    assert searching.entry(RevisionFactory(article=article)).words == ("hot chemo",)


def test_only_live_texts() -> None:
    RevisionFactory()
    live = RevisionFactory(live=True)
    assert [entry.key for entry in searching.everything()] == [searching.key(live.article.path)]
