import pytest

from navigator.search import words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Who pays for a 2nd opinion?", ["who", "pays", "for", "a", "2nd", "opinion"]),
        ("my doctor's office, can’t wait", ["my", "doctor", "office", "can", "wait"]),
        ("second-opinion and/or CT", ["second", "opinion", "and", "or", "ct"]),
        ("José O'Brien", ["jose", "o", "brien"]),
        ("'; DROP TABLE x; -- & | ! ( ) : * \"", ["drop", "table", "x"]),
        ("😀 пациент \u202e", []),
        ("a" * 41 + " b", ["b"]),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words.split(text) == found


def test_what_tells() -> None:
    assert [word for word in words.split("what do I do at stage 4, is it x") if words.tells(word)] == ["stage", "4"]


def test_a_phrase_without_a_telling_word_is_one_word() -> None:
    assert words.needle(["who", "we", "are"]) == ("whoweare",)
    assert words.needle(["call", "for", "me"]) == ("call",)


def test_noise_is_written_once_and_folded() -> None:
    assert {word for word in words.NOISE if words.split(word) != [word]} == set()
