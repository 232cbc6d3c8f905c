import pytest

from navigator.search import entries, spelling, vocabulary
from navigator.search.entries import Entry

TEXT = "mesothelioma second opinion biopsy hospice medicare medicaid asbestos pathologist tumor trials trace insurance"


@pytest.fixture
def known(db: None) -> None:
    entries.put(Entry(f"t:{number}", "article", "T", "/t/", body=TEXT) for number in range(spelling.FREQUENT))


def mended(question: str) -> str:
    tokens = question.split()
    return " ".join(spelling.mend(tokens, vocabulary.counts({*tokens, *spelling.pairs(tokens)})))


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mesotheloma", "mesothelioma"),
        ("mezotheliomia", "mesothelioma"),
        ("opinon", "opinion"),
        ("asbetos", "asbestos"),
        ("biospy", "biopsy"),
        ("hospise", "hospice"),
        ("medicair", "medicare"),
        ("pathalogist", "pathologist"),
        ("tumer", "tumor"),
        ("trails", "trials"),
        ("kemo", "chemo"),
        ("secondopinion", "second opinion"),
        ("meso thelioma", "mesothelioma"),
        ("a sbestos", "asbestos"),
    ],
)
def test_a_slip_is_mended(typed: str, meant: str) -> None:
    assert mended(typed) == meant


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    "word", ["opinions", "hotel", "the", "who", "ct", "xyz", "2026", "bap2", "guitar", "sofa", "rude", "timer"]
)
def test_what_is_known_short_or_far_from_all_stays(word: str) -> None:
    assert mended(word) == word


@pytest.mark.usefixtures("known")
def test_only_the_wrong_word_changes() -> None:
    assert mended("can i get a second opinon") == "can i get a second opinion"


@pytest.mark.parametrize(
    ("one", "other", "slips"), [("", "", 0), ("abc", "acb", 1), ("kitten", "sitting", 3), ("ab", "", 2), ("a", "b", 1)]
)
def test_distance(one: str, other: str, slips: int) -> None:
    assert spelling.distance(one, other) == slips
    assert spelling.distance(other, one) == slips


def test_what_sounds_the_same() -> None:
    assert spelling.sound("kemo") == spelling.sound("chemo")
    assert spelling.sound("hospise") == spelling.sound("hospice")
    assert spelling.sound("rude") != spelling.sound("ride")
