"""What changed, in words: nothing is lost, nothing is made up, and the order is that of reading."""

import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from content.differences import MOST_PARAGRAPHS, MOST_WORDS, Part, Piece, compare, light, word_pieces
from content.models import Change, Revision
from content.prose import blocks
from content.references import canonical
from tests.content.factories import RevisionFactory
from tests.content.test_markdown import SOURCE


def text(body: str = "", **changes: Any) -> Revision:
    return Revision(**{"title": "Title", "summary": "Summary.", "body": body, "references": "[]", **changes})


def shown(old: str, new: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text.strip()) for piece in word_pieces(old, new)]


def side(pieces: Any, *kinds: str) -> str:
    return " ".join(" ".join(piece.text for piece in pieces if piece.kind in kinds).split())


# Words.


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("One two.", "One two.", [("", "One two.")]),
        ("It costs 200 dollars.", "It costs 300 dollars.",
         [("", "It costs"), ("del", "200"), ("ins", "300"), ("", "dollars.")]),
        ("a b c", "x a b c", [("ins", "x"), ("", "a b c")]),
        ("x a b c", "a b c", [("del", "x"), ("", "a b c")]),
        ("a b c", "a b c d", [("", "a b c"), ("ins", "d")]),
        ("a b c", "c", [("del", "a b"), ("", "c")]),
        ("", "a b", [("ins", "a b")]),
        ("a b", "", [("del", "a b")]),
        ("", "", []),
        ("a  b\nc", "a b c", [("", "a b c")]),
    ],
)  # fmt: skip
def test_words_that_stayed_came_and_went(old: str, new: str, pieces: list[tuple[str, str]]) -> None:
    assert shown(old, new) == pieces


SENTENCES = st.lists(st.sampled_from(["a", "b", "the", "cost", "Cost", "200", "é", "—", "*", "<b>"]), max_size=25)
LOOSE = st.lists(st.sampled_from(["a", "b", "c", " ", "\n", "\t", "  "]), max_size=40).map("".join)


@given(st.one_of(SENTENCES.map(" ".join), LOOSE), st.one_of(SENTENCES.map(" ".join), LOOSE))
def test_kept_and_new_words_are_the_new_text_kept_and_old_the_old_one(old: str, new: str) -> None:
    pieces = list(word_pieces(old, new))
    assert side(pieces, "", "ins") == " ".join(new.split())
    assert side(pieces, "", "del") == " ".join(old.split())
    assert "".join(piece.text for piece in pieces if piece.kind != "del").strip() == new.strip()


@given(SENTENCES, SENTENCES)
def test_words_that_both_begin_and_end_with_are_kept(middle: list[str], other: list[str]) -> None:
    pieces = list(word_pieces(" ".join(["First", *middle, "last"]), " ".join(["First", *other, "last"])))
    assert pieces[0].kind == pieces[-1].kind == ""
    assert all(piece.text.strip() for piece in pieces)


def test_what_went_stands_before_what_came() -> None:
    kinds = [piece.kind for piece in word_pieces("a b c d e", "a x c y e")]
    assert kinds == ["", "del", "ins", "", "del", "ins", ""]


def test_very_long_paragraph_is_shown_whole() -> None:
    old, new = "a " * (MOST_WORDS + 1), "b " * 3
    assert list(word_pieces(old, new)) == [Piece("del", old), Piece("ins", new)]


# Texts.


def test_same_words_are_no_change() -> None:
    assert compare(text("A.\n\n- b"), text("A.\n\n* b\n")) == []
    assert compare(text("A **b**."), text("A b.")) == []


def test_only_the_paragraph_that_changed_under_its_heading() -> None:
    old = "Intro.\n\n## Costs\n\nIt costs 200 dollars a month.\n\nAsk first.\n\n## More\n\nSame."
    (part,) = compare(text(old), text(old.replace("200", "300")))
    assert part.heading == "Costs"
    assert side(part.pieces, "", "ins") == "It costs 300 dollars a month."
    assert side(part.pieces, "", "del") == "It costs 200 dollars a month."


def test_title_summary_and_sources_are_compared_too() -> None:
    parts = compare(
        text(references=canonical([SOURCE])),
        text(title="Other title", summary="Other summary.", references=canonical([{**SOURCE, "dated": "2026"}])),
    )
    assert [part.heading for part in parts] == ["Title", "Summary", "Sources"]
    assert ("ins", "2026;") in [(piece.kind, piece.text.strip().lstrip("(")) for piece in parts[2].pieces]


def test_sources_opened_again_say_so() -> None:
    new = {**SOURCE, "retrieved": "2026-12-01"}
    (part,) = compare(text(references=canonical([SOURCE])), text(references=canonical([new])))
    assert side(part.pieces, "ins") == "2026-12-01)"


def test_paragraph_that_came_or_went() -> None:
    assert compare(text("One here.\n\nThree there."), text("One here.\n\nTwo new words.\n\nThree there.")) == [
        Part("Title", (Piece("ins", "Two new words."),))
    ]
    assert compare(text("One here.\n\nTwo old words."), text("One here.")) == [
        Part("Title", (Piece("del", "Two old words."),))
    ]


def test_paragraph_that_is_all_new_is_not_mixed_with_the_old() -> None:
    assert compare(text("Ask your plan first."), text("Nobody knows why this is.")) == [
        Part("Title", (Piece("del", "Ask your plan first."),)),
        Part("Title", (Piece("ins", "Nobody knows why this is."),)),
    ]


def test_old_and_new_stand_where_they_are_read() -> None:
    old = "First one stays so.\n\nOld here.\n\nIt costs 200 dollars now.\n\nGone at last."
    new = "First one stays so.\n\nFresh there.\n\nIt costs 300 dollars now.\n\nCame in late."
    kinds = [[piece.kind for piece in part.pieces] for part in compare(text(old), text(new))]
    assert kinds == [["del"], ["ins"], ["", "del", "ins", ""], ["del"], ["ins"]]


def test_cells_and_labels_are_read() -> None:
    table = "| Drug | Fee |\n| - | - |\n| One | 200 dollars |"
    (part,) = compare(text(table), text(table.replace("200", "300")))
    assert side(part.pieces, "", "ins") == "One · 300 dollars"
    assert compare(text(":::write 3 Mine\n:::"), text(":::write 3 Yours\n:::"))


def test_changed_heading_is_a_change() -> None:
    (part,) = compare(text("## What it costs you"), text("## What it costs them"))
    assert side(part.pieces, "ins") == "them"


WORDS = st.lists(st.sampled_from(["ask", "your", "plan", "first", "or", "call"]), min_size=1, max_size=6).map(" ".join)
BODIES = st.lists(
    st.one_of(WORDS, WORDS.map("## {}".format), st.lists(WORDS, min_size=1, max_size=3).map("\n- ".join)), max_size=6
)


@settings(deadline=None)
@given(BODIES, BODIES)
def test_all_that_changed_is_shown_and_nothing_else(old: list[str], new: list[str]) -> None:
    """Old words that are shown as old are old; every paragraph of only one text is shown."""
    before, after = text("\n\n".join(old)), text("\n\n".join(new))
    parts = compare(before, after)
    old_texts = [block.text for block in blocks(before.body)]
    new_texts = [block.text for block in blocks(after.body)]
    shown_old = [side(part.pieces, "", "del") for part in parts]
    shown_new = [side(part.pieces, "", "ins") for part in parts]
    assert all(words in old_texts for words in shown_old if words)
    assert all(words in new_texts for words in shown_new if words)
    assert {words for words in old_texts if words not in new_texts} <= set(shown_old)
    assert {words for words in new_texts if words not in old_texts} <= set(shown_new)
    stayed = len(new_texts) - len([words for words in shown_new if words])
    assert stayed == len(old_texts) - len([words for words in shown_old if words])
    assert (parts == []) == (old_texts == new_texts)


@settings(deadline=None)
@given(st.text(alphabet="ab #*_`[]^:|-\n>.😀\x00", max_size=60), st.text(alphabet="ab #*:|-\n", max_size=60))
def test_any_two_texts_can_be_compared(old: str, new: str) -> None:
    compare(text(old), text(new))


def test_text_that_is_rewritten_as_a_whole_is_quick() -> None:
    old = "\n\n".join(f"a{n} b{n} c{n} d{n} e{n} f{n}" for n in range(MOST_PARAGRAPHS))
    new = old.translate(str.maketrans("abcdef", "uvwxyz"))
    started = time.monotonic()
    assert len(compare(text(old), text(new))) == 2 * MOST_PARAGRAPHS
    assert time.monotonic() - started < 20


def test_text_with_very_many_paragraphs_is_shown_whole() -> None:
    old, new = "a.\n\n" * 5_000, "b.\n\n" * 5_000
    started = time.monotonic()
    parts = compare(text(old), text(new))
    assert time.monotonic() - started < 20
    assert [part.pieces[0].kind for part in parts] == ["del"] * 5_000 + ["ins"] * 5_000
    assert compare(text(old), text(old)) == []


# Lists of changes.


@pytest.mark.django_db
def test_list_of_changes_reads_no_bodies() -> None:
    old = RevisionFactory(live=True, body="A very long body.")
    new = RevisionFactory(article=old.article)
    Change.objects.create(article=old.article, what="published", note="New.", revision=new, before=old)
    with CaptureQueriesContext(connection) as captured:
        (line,) = light(Change.objects.select_related("revision", "before"))
        assert (line.revision.title, line.before.title) == ("Who pays?", "Who pays?")
    assert len(captured) == 1
    assert "body" not in captured[0]["sql"]
