from navigator.search import ideas
from navigator.search.vocabulary import ALL


def typed(question: str) -> list[tuple[tuple[str, ...], ...]]:
    return [idea.typed for idea in ideas.read(question.split())]


def test_noise_is_dropped_and_expressions_stay_together() -> None:
    assert typed("can i get a second opinion on the slides") == [(("second", "opinion"),), (("slides",),)]


def test_the_longest_expression_wins() -> None:
    assert typed("heated chemo") == [(("heated", "chemo"),)]


def test_words_that_mean_the_same_are_one_idea() -> None:
    assert typed("my dad or my mother") == [(("dad",), ("mother",))]


def test_a_question_of_noise_alone_is_one_idea() -> None:
    assert typed("where to") == [(("whereto",),)]
    assert ideas.read([]) == []


def test_the_rarest_comes_first_and_weighs_most() -> None:
    counts = {ALL: 100, "second": 50, "opinion": 60, "hipec": 2, "heat": 3, "chemotherapi": 20}
    rare, common = ideas.weighed(ideas.read(["second", "opinion", "hipec"]), counts)
    assert rare.typed == (("hipec",),)
    assert (common.entries, rare.entries) == (50, 5)  # hipec, or heated chemotherapy
    assert rare.weight > 2 * common.weight


def test_what_no_entry_has_is_left_out() -> None:
    assert ideas.weighed(ideas.read(["xylophone", "hotel"]), {ALL: 9, "lodg": 1})[0].others == (("lodging",),)
    assert ideas.weighed(ideas.read(["xylophone"]), {ALL: 9}) == []


def test_only_so_many_ideas_of_one_question() -> None:
    letters = [f"word{number}" for number in range(30)]
    assert len(ideas.weighed(ideas.read(letters), {ALL: 9, **dict.fromkeys(letters, 1)})) == ideas.MOST
