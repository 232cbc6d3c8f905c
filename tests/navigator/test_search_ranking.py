from navigator.search.ideas import Idea
from navigator.search.meeting import Meeting, Place
from navigator.search.ranking import ordered

RARE, COMMON = Idea((("hipec",),), (), 2, 4.0), Idea((("cancer",),), (), 80, 1.0)


def met(
    entry: int, *places: tuple[int, int], kind: str = "article", title: str = "Cancer care and you"
) -> list[Meeting]:
    return [Meeting(entry, kind, title, idea, place) for idea, place in places]


def test_the_rare_idea_counts_more() -> None:
    rows = [*met(1, (1, Place.TITLE)), *met(2, (0, Place.TITLE))]
    assert ordered(rows, [RARE, COMMON])[0] == 2


def test_more_of_the_question_beats_a_better_place() -> None:
    rows = [*met(1, (0, Place.TITLE)), *met(2, (0, Place.SUMMARY), (1, Place.SUMMARY))]
    assert ordered(rows, [Idea((("a",),), (), 9, 1.0), COMMON]) == [2, 1]


def test_title_before_summary_before_body_and_typed_before_other() -> None:
    rows = [row for place in Place for row in met(int(place), (0, place))]
    assert ordered(rows, [RARE]) == [1, 2, 4, 8, 16, 32]


def test_an_article_before_a_center_that_says_the_same() -> None:
    rows = [*met(1, (0, Place.TITLE), kind="center"), *met(2, (0, Place.TITLE))]
    assert ordered(rows, [RARE]) == [2, 1]


def test_a_center_whose_name_is_typed_before_an_article_that_mentions_it() -> None:
    rows = [*met(1, (0, Place.TITLE), kind="center"), *met(2, (0, Place.BODY), (1, Place.TITLE))]
    assert ordered(rows, [RARE, COMMON])[0] == 1


def test_the_narrower_title_first() -> None:
    rows = [*met(1, (0, Place.TITLE), title="HIPEC and nine other things"), *met(2, (0, Place.TITLE), title="HIPEC")]
    assert ordered(rows, [RARE]) == [2, 1]


def test_what_meets_little_of_the_question_is_no_answer() -> None:
    rows = [*met(1, (0, Place.BODY), (1, Place.BODY)), *met(2, (1, Place.TITLE))]
    assert ordered(rows, [RARE, COMMON]) == [1]
    assert ordered([], [RARE]) == []
