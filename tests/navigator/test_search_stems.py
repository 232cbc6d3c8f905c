import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigator.search.stems import stem


@pytest.mark.parametrize(
    ("word", "stemmed"),
    # The examples of Porter's paper, step by step.
    [
        ("caresses", "caress"), ("ponies", "poni"), ("cats", "cat"), ("feed", "feed"), ("agreed", "agre"),
        ("plastered", "plaster"), ("bled", "bled"), ("motoring", "motor"), ("sing", "sing"), ("conflated", "conflat"),
        ("sized", "size"), ("hopping", "hop"), ("falling", "fall"), ("hissing", "hiss"), ("filing", "file"),
        ("happy", "happi"), ("sky", "sky"), ("relational", "relat"), ("rational", "ration"), ("digitizer", "digit"),
        ("vietnamization", "vietnam"), ("predication", "predic"), ("hopefulness", "hope"), ("triplicate", "triplic"),
        ("formative", "form"), ("electrical", "electr"), ("goodness", "good"), ("revival", "reviv"),
        ("allowance", "allow"), ("replacement", "replac"), ("adoption", "adopt"), ("activate", "activ"),
        ("bowdlerize", "bowdler"), ("probate", "probat"), ("rate", "rate"), ("cease", "ceas"), ("controll", "control"),
    ],
)  # fmt: skip
def test_as_in_the_paper(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


def test_forms_of_one_word_meet() -> None:
    assert len({stem(word) for word in ("pay", "pays", "paying")}) == 1
    assert len({stem(word) for word in ("insure", "insured", "insurance", "insurers")}) <= 2
    assert stem("biopsies") == stem("biopsy")


def test_what_is_no_word_stays() -> None:
    assert [stem(text) for text in ("", "va", "22", "bap1")] == ["", "va", "22", "bap1"]


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=40))
def test_any_letters_have_a_stem(word: str) -> None:
    assert len(stem(word)) <= len(word) + 1
