"""Whether a link inside the site leads somewhere."""

from typing import Any

import pytest

from content.links import is_broken, live_among, live_paths
from tests.content.factories import ArticleFactory, RevisionFactory, TopicFactory

LIVE = {"costs", "costs/who-pays", "faq/who-pays", "glossary/pleura", "downloads/records"}


@pytest.mark.parametrize(
    "link",
    ["/costs/", "/costs/who-pays/", "/costs/#how", "/costs/?x=1", "/costs.pdf", "/costs/who-pays.txt", "/", "/faq/",
     "/faq/#who-pays", "/glossary/", "/glossary/pleura/", "/downloads/", "/downloads/records/", "/match/", "/talk/",
     "/changes/", "/site-map/", "/sitemap.xml", "/about/people/", "#here", "https://www.cancer.org/x", "http://x.example",
     "//elsewhere.example", "mailto:a@b.example", "tel:+18005550134", "/static/images/figures/linings.svg",
     "/costs%2F", "/faq/#"],
)  # fmt: skip
def test_leads_somewhere(link: str) -> None:
    assert not is_broken(link, live=LIVE, ids={"here"})


@pytest.mark.parametrize(
    "link",
    ["/nowhere/", "/costs/nowhere/", "/costs", "costs", "costs/", "", "#", "#there", "/faq/#nobody",
     "https://[::1", "/faq/x/",
     "/glossary/none/", "/nowhere.pdf", "/static/images/figures/none.svg", "/static/images/figures/../x.svg", "?x=1",
     "/Costs/", "/a b/", "/%00/", "/costs/\\", "/../costs/", "/costs/who-pays", "/costs//"],
)  # fmt: skip
def test_leads_nowhere(link: str) -> None:
    assert is_broken(link, live=LIVE, ids={"here"})


@pytest.mark.django_db
def test_live_paths_are_texts_and_shelves_that_hold_one() -> None:
    RevisionFactory(live=True, article__path="costs/who-pays", article__topic__slug="costs")
    RevisionFactory(article__path="a-draft", article__topic__slug="drafts")
    ArticleFactory(path="empty", topic=TopicFactory(slug="empty"))
    TopicFactory(slug="bare")
    assert live_paths() == {"costs/who-pays", "costs"}


@pytest.mark.django_db
def test_live_paths_take_two_queries(django_assert_num_queries: Any) -> None:
    for _ in range(3):
        RevisionFactory(live=True)
    with django_assert_num_queries(2):
        assert len(live_paths()) == 6


BODY = (
    "[a](/costs/who-pays/#why) [b](/faq/#is-it-free) [c](/costs/) [d](/costs/who-pays.pdf) [x](/none/) [w](term:pleura)"
)


@pytest.mark.django_db
def test_what_a_text_leads_to_is_what_is_live_of_it(django_assert_num_queries: Any) -> None:
    """The same answers as with all live paths."""
    for path in ("costs/who-pays", "faq/is-it-free", "glossary/pleura", "elsewhere"):
        RevisionFactory(live=True, article__path=path, article__topic__slug=f"topic-of-{path.replace('/', '-')}")
    RevisionFactory(live=True, article__path="costs/more", article__topic__slug="costs")
    with django_assert_num_queries(2):
        found = live_among(BODY)
    assert found == {"costs/who-pays", "faq/is-it-free", "glossary/pleura", "costs"}
    for link in ("/costs/who-pays/#why", "/faq/#is-it-free", "/costs/", "/costs/who-pays.pdf", "/none/", "/search/"):
        assert is_broken(link, live=found) == is_broken(link, live=live_paths()), link
    assert live_among("[x](https://[::1") == frozenset()
