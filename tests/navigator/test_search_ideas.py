from navigator.search import ideas
from navigator.search.vocabulary import ALL, Count, Counts


def counts(**entries: int) -> Counts:
    """Words that stand in titles too, in a hundred entries."""
    return {ALL: Count(100, 100), **{word: Count(number, 1) for word, number in entries.items()}}


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
    known = counts(second=50, opinion=60, hipec=2, heat=3, chemotherapi=20)
    rare, common = ideas.weighed(ideas.read(["second", "opinion", "hipec"]), known)
    assert rare.typed == (("hipec",),)
    assert (common.entries, rare.entries) == (50, 5)  # hipec, or heated chemotherapy
    assert rare.weight > 2 * common.weight


def test_what_no_entry_has_is_left_out() -> None:
    (hotel,) = ideas.weighed(ideas.read(["xylophone", "hotel"]), counts(lodg=1))
    assert (hotel.typed, hotel.others) == ((), (("lodging",),))
    assert ideas.weighed(ideas.read(["xylophone"]), counts()) == []
    assert ideas.weighed(ideas.read(["xylophone"]), {}) == []


def test_what_no_title_has_weighs_less() -> None:
    known = {**counts(zebra=2), "giraff": Count(2, 0)}
    zebra, giraffe = ideas.weighed(ideas.read(["giraffe", "zebra"]), known)
    assert giraffe.typed == (("giraffe",),)
    assert giraffe.weight == ideas.IN_PASSING * zebra.weight


def test_only_so_many_ideas_of_one_question() -> None:
    letters = [f"word{number}" for number in range(30)]
    assert len(ideas.weighed(ideas.read(letters), counts(**dict.fromkeys(letters, 1)))) == ideas.MOST
