import re

from hypothesis import given
from hypothesis import strategies as st

from navigator.search.extracts import LONGEST, extract

SUMMARY = "Many plans help to pay."
BODY = """What does it cost?
Ask your plan first. A slide review has its own price. Some hospitals send the bill to you.
Who pays for the biopsy?
The plan that paid for the surgery."""


def test_the_best_passage_with_its_words_marked_by_stem() -> None:
    assert extract(SUMMARY, BODY, {"hospit": 2.0, "bill": 1.0}) == (
        "Some <mark>hospitals</mark> send the <mark>bill</mark> to you."
    )


def test_the_summary_when_it_says_as_much() -> None:
    assert extract(SUMMARY, BODY, {"plan": 1.0}) == "Many <mark>plans</mark> help to pay."


def test_a_question_brings_its_answer() -> None:
    assert extract("", BODY, {"biopsi": 1.0}).endswith("<mark>biopsy</mark>?\nThe plan that paid for the surgery.")


def test_the_summary_without_marks_when_nothing_is_found() -> None:
    assert extract(SUMMARY, BODY, {"zebra": 1.0}) == SUMMARY
    assert extract(SUMMARY, "", {}) == SUMMARY


def test_a_long_sentence_is_cut_between_words_around_the_word() -> None:
    cut = extract("", "word " * 200 + "zebra " + "word " * 200, {"zebra": 1.0})
    assert "<mark>zebra</mark>" in cut
    assert cut.startswith("…word ")
    assert cut.endswith("word…")
    assert len(cut) < LONGEST + 30


def test_html_in_a_text_stays_text() -> None:
    assert extract("", "<script>alert('zebra')</script> & zebra", {"zebra": 1.0}) == (
        "&lt;script&gt;alert(&#x27;<mark>zebra</mark>&#x27;)&lt;/script&gt; &amp; <mark>zebra</mark>"
    )


@given(st.text(max_size=600), st.text(max_size=600), st.sets(st.text("abcst<&>.\n", min_size=1, max_size=5)))
def test_nothing_but_marks_gets_through(summary: str, body: str, stems: set[str]) -> None:
    html = extract(summary, body, dict.fromkeys(stems, 1.0))
    assert "<" not in re.sub(r"<mark>[^<>]*</mark>", "", html)
