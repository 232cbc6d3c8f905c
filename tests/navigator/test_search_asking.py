"""From a question to hits, on whichever database the suite runs."""

import pytest
from django.utils.safestring import SafeString

from navigator.search import entries
from navigator.search.asking import Found, find
from navigator.search.entries import Entry

pytestmark = pytest.mark.django_db

HOSTILE = [
    "", " ", "'", '"', "''';--", "\\", "%", "_", "*", "a*", "(", ")", "((", "&", "|", "!", "a & b | !c", ":", "a:A",
    "-", "--", "NEAR(a b)", "AND", "OR NOT", "title:plan", "{title}: plan", "^plan", "+plan", '"plan', "x\x00y",
    "\x00", "😀", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u202eplan", "\ud800", "ﬁ", "İstanbul", "Ω" * 500,
    "1; DROP TABLE navigator_searchentry", "' OR 1=1 --", "${jndi:ldap://x}", "{{ 7*7 }}", "<script>alert(1)</script>",
    "plan " * 2_500, "x" * 10_000, "a b " * 5_000, "\n\r\t", "-1", "0", "9" * 300, "1e309", "who", "the a an",
    "../../etc/passwd", "%00", "\u0000\u0001",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _texts() -> None:
    entries.put(
        [
            Entry(
                "t:1", "article", "Who pays?", "/costs/", "Many plans help.", "Ask your plan about lodging and rides."
            ),
            Entry("t:2", "faq", "Will my plan pay?", "/faq/#plan", "It depends.", "Medicare pays for some."),
            Entry("t:3", "term", "HIPEC", "/glossary/hipec/", "Warm drugs.", "", ("hot chemo",)),
            Entry(
                "t:4",
                "center",
                "Lakeside Cancer Center",
                "/c/",
                "Cancer center in Chicago, Illinois.",
                "",
                ("Chicago",),
            ),
            Entry("t:5", "article", "Planes & <b>planets</b>", "/planes/", "Up <i>high</i>.", "A plane is no plan."),
        ]
    )


def paths(query: str) -> list[str]:
    return [hit.path for hit in find(query).hits]


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("who pays if I have no insurance", "/costs/"),
        ("medicare", "/faq/#plan"),
        ("heated chemo", "/glossary/hipec/"),
        ("hotel", "/costs/"),
        ("chicago", "/c/"),
        ("CHICAGO!!!", "/c/"),
        ("centers in Chicago", "/c/"),
        ("planet", "/planes/"),
    ],
)
def test_the_first_hit(query: str, path: str) -> None:
    assert paths(query)[0] == path


def test_a_hit_says_what_it_is_and_shows_why() -> None:
    hit = find("lodging").hits[0]
    assert (hit.label, hit.title) == ("Article", "Who pays?")
    assert isinstance(hit.extract, SafeString)
    assert hit.extract == "Ask your plan about <mark>lodging</mark> and rides."


def test_a_mended_question_says_so_and_is_answered() -> None:
    found = find("medicair")
    assert (found.did_you_mean, found.hits[0].path) == ("medicare", "/faq/#plan")
    assert find("medicare").did_you_mean == ""


def test_slices_and_the_count() -> None:
    whole = find("plan")
    assert whole.count == len(whole.hits) > 1
    assert find("plan", limit=1, start=1).hits[0] == whole.hits[1]
    assert find("plan", limit=1).count == whole.count
    assert find("plan", start=99).hits == []


def test_nothing_found() -> None:
    assert find("xylophone") == Found([], 0, "")
    assert find("") == Found([], 0, "")


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_questions_raise_nothing(query: str) -> None:
    found = find(query)
    assert found.count >= len(found.hits)


def test_a_question_costs_few_queries(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(3):  # type: ignore[operator]  counts, meetings, hits
        find("who pays for lodging")
