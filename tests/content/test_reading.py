"""How hard a text reads, against words and sentences counted by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.reading import EXPLAINED, grade, sentences, syllables, words

SPOKEN = {
    1: "care year whole while rule rules file files role mile called helped asked ruled planned names notes slides "
    "nurse fee week due tried died buy eye through weigh VA don't can't won't we've there's world drained",
    2: "table treated cancer doctor people samples handled nurses causes changes passes faces fluid patient patients "
    "question equal social partial going doing being seeing buying create trial client idle million surgeon "
    "isn't didn't doesn't wasn't couldn't needed wanted diet science prior",
    3: "area areas idea ideas hospital insurance medical opinion biopsy usual clinical initial veteran quality "
    "created nausea video ratio asbestos policy several creation studying",
    4: "radiation pathologist oncologist diagnosis evaluate experience situation society variety material usually "
    "sarcomatoid American",
    5: "radiology peritoneal peritoneum chemotherapy evaluation thoracoscopy",
    6: "mesothelioma immunotherapy",
}


@pytest.mark.parametrize(("count", "word"), [(n, word) for n, row in SPOKEN.items() for word in row.split()])
def test_syllables_as_they_are_spoken(count: int, word: str) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize("word", ["", "'", "shh", "CT", "NCI", "nth", "x"])
def test_every_word_is_spoken(word: str) -> None:
    assert syllables(word) == 1


def test_case_and_apostrophes_change_nothing() -> None:
    assert syllables("Hospital’s") == syllables("HOSPITAL") == syllables("hospital's") == 3


# Words, sentences and syllables counted by hand; 0.39 * words / sentences + 11.8 * syllables / words - 15.59.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cat sat on the mat.", -1.4),  # 6, 1, 6: -1.45
        ("Go.", -3.4),  # 1, 1, 1
        ("Your doctor can help you. Ask for a second opinion.", 2.9),  # 10, 2, 14
        ("A surgeon and an oncologist explain the treatment.", 5.2),  # 8, 1, 12 (oncologist 2)
        ("We give medical information about insurance.", 14.3),  # 6, 1, 14
    ],
)
def test_grade_of_sentences_counted_by_hand(text: str, expected: float) -> None:
    assert grade(text) == expected


def test_word_that_the_glossary_explains_is_short_unless_counted_strictly() -> None:
    text = "Mesothelioma is rare."  # 3 words; 2 + 1 + 1 or 6 + 1 + 1 syllables
    assert grade(text) == round(0.39 * 3 + 11.8 * 4 / 3 - 15.59, 1)
    assert grade(text, strict=True) == round(0.39 * 3 + 11.8 * 8 / 3 - 15.59, 1)
    assert grade("Mesotheliomas are rare.") == grade(text)


def test_explained_words_are_long_ones() -> None:
    assert all(word == word.lower() and syllables(word) >= 2 for word in EXPLAINED)


@pytest.mark.parametrize("text", ["", " \n\n ", "123 456.", "😀", "...", "\x00"])
def test_text_without_words_has_no_grade(text: str) -> None:
    assert (grade(text), words(text), sentences(text)) == (0.0, [], [])


def test_longer_sentences_and_words_read_harder() -> None:
    assert grade("Ask. Ask. Ask.") < grade("Ask ask ask.") < grade("Interrogate interrogate interrogate.")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three? Four", ["One", "Two", "Three", "Four"]),
        ("Dr. Lee and Mrs. Roy met at St. Jude at 9 a.m. on Monday.", None),
        ("It is 22.6 percent, not 30.", None),
        ("Bring slides, e.g. glass ones, i.e. not paper.", None),
        ("Stage I vs. stage II in the U.S. today.", None),
        ("Form No. 5 is for you.", None),
        ("No. You do not need one.", ["No", "You do not need one"]),
        ("The answer is no. Ask again.", ["The answer is no", "Ask again"]),
        ("He said “Go.” Then he left. (He did.) Yes.", ["He said “Go", "Then he left", "(He did", "Yes"]),
        ("Wait... then go.", ["Wait", "then go"]),
        ("See cancer.org. Then call.", ["See cancer.org", "Then call"]),
        ("A heading\nA first item\nA second item.", ["A heading", "A first item", "A second item"]),
        ("What?! Really", ["What", "Really"]),
        ("1. 2. 3.", []),
    ],
)
def test_sentences(text: str, parts: list[str] | None) -> None:
    assert sentences(text) == (parts if parts is not None else [text.removesuffix(".")])


def test_items_of_a_list_are_sentences_of_their_own() -> None:
    assert grade("Ask for your slides\nAsk for your scans\nAsk for your notes") == grade("Ask for your scans.")


def test_figures_are_no_words_and_letters_of_names_are() -> None:
    assert words("In 2026, 22.6 % of BAP1 tests, don’t you see?") == ["In", "of", "BAP", "tests", "don’t", "you", "see"]


@given(st.text(max_size=300))
def test_any_text_can_be_graded(text: str) -> None:
    assert isinstance(grade(text), float)
    assert all(part.strip() == part and part for part in sentences(text))
