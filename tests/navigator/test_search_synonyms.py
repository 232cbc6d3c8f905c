import pytest

from navigator.search import synonyms, words


def test_patients_words_find_ours() -> None:
    found = synonyms.others()
    assert ("peritoneal",) in found["belli",]
    assert ("hipec",) in found["heat", "chemo"]
    assert ("veteran",) in found["navi",]


def test_a_line_without_others_is_an_expression_that_is_one_idea() -> None:
    assert synonyms.others()["second", "opinion"] == ()


def test_our_words_find_only_themselves() -> None:
    assert ("thoracoscopi",) not in synonyms.others()


def test_every_expression_has_words_and_no_line_repeats_one() -> None:
    for typed, found in synonyms.rows():
        assert all(typed), "an expression without a letter"
        assert all(found)
        assert len(typed) == len(set(typed)), typed


def test_every_word_of_ours_can_be_met() -> None:
    """What stands on the right must not be noise: a database would never find it."""
    for _, found in synonyms.rows():
        for phrase in found:
            assert any(map(words.tells, phrase)) or phrase == ("who", "we", "are"), phrase


@pytest.mark.parametrize("word", ["hotel", "kids", "keyhole", "navy"])
def test_what_may_be_typed_is_no_misspelling(word: str) -> None:
    assert word in synonyms.spellings()
