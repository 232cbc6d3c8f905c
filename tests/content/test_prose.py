"""The words of a text, in the order in which they are read, and where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import prose
from content.prose import blocks, plain


def kinds(body: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in blocks(body)]


def test_every_block_in_reading_order() -> None:
    body = "Intro.\n\n## Head\n\n- one\n- two\n\n| A | B |\n| - | - |\n| 1 | 2 |\n\n> quoted\n\nTerm\n: Meaning"
    assert kinds(body) == [
        ("text", "Intro."),
        ("heading", "Head"),
        ("item", "one"),
        ("item", "two"),
        ("row", "A\nB"),
        ("row", "1\n2"),
        ("text", "quoted"),
        ("text", "Term"),
        ("text", "Meaning"),
    ]


def test_marks_are_left_out() -> None:
    body = "A **bold** and *soft* [link](/a/) to a [word](term:pleura),[^acs] `code`\nnext\\\nlast &amp; \\*star\\*"
    assert plain(body) == "A bold and soft link to a word, code next last & *star*"


def test_what_a_block_refers_to() -> None:
    body = "[a](/a/) [b](https://b.example) [w](term:pleura) x[^one] y[^two] ![Two lungs](/static/images/figures/l.svg)"
    block = blocks(body)[0]
    assert block.links == ("/a/", "https://b.example")
    assert (block.terms, block.cites) == (("pleura",), ("one", "two"))
    assert block.images == (("/static/images/figures/l.svg", "Two lungs"),)


def test_cells_of_a_row_bring_what_they_refer_to() -> None:
    row = blocks("| [a](/a/) | b[^one] |\n| - | - |\n| c[^two] | [w](term:x) |")
    assert (row[0].links, row[0].cites) == (("/a/",), ("one",))
    assert (row[1].terms, row[1].cites) == (("x",), ("two",))


def test_empty_cells_are_no_lines() -> None:
    assert kinds("| A | B |\n| - | - |\n| 1 | |\n| | |")[1:] == [("row", "1"), ("row", "")]


def test_line_is_where_the_block_starts() -> None:
    body = "One.\n\n## Two\n\n- three\n- four\n\n:::good\nFive.\n:::\n\n| six |\n| - |\n| seven |"
    assert [block.line for block in blocks(body)] == [1, 3, 5, 6, 9, 12, 14]


def test_box_is_named_and_ends() -> None:
    body = "Before.\n\n:::glance\n- one\n\n## Inside\n:::\n\nAfter."
    assert [(block.text, block.box) for block in blocks(body)] == [
        ("Before.", ""),
        ("one", "glance"),
        ("Inside", "glance"),
        ("After.", ""),
    ]


@pytest.mark.parametrize(
    ("opening", "label"),
    [("write 3 My questions", "My questions"), ("letter To the records office", "To the records office"),
     ("quote Maria", "Maria")],
)  # fmt: skip
def test_words_in_the_title_of_a_box_are_read_too(opening: str, label: str) -> None:
    found = blocks(f":::{opening}\nText.\n:::")
    assert [(block.text, block.box) for block in found] == [(label, opening.split()[0]), ("Text.", found[0].box)]


def test_items_of_one_list_and_rows_of_one_table_are_a_group() -> None:
    body = "a\n\nb\n\n- c\n  - d\n\n  e\n- f\n\ng\n\n1. h\n2. i\n\n| j |\n| - |\n| k |"
    groups = {block.text: block.group for block in blocks(body)}
    assert groups["c"] == groups["d"] == groups["e"] == groups["f"]
    assert groups["h"] == groups["i"]
    assert groups["j"] == groups["k"]
    assert len({groups[name] for name in "abcghj"}) == 6


def test_levels_of_headings() -> None:
    assert [block.level for block in blocks("## A\n\n### B\n\n#### C\n\nText")] == [2, 3, 4, 0]


@pytest.mark.parametrize("body", ["    four spaces too many", "```\nfour spaces too many\n```", "- four\n\n      more"])
def test_words_that_became_code_by_mistake_are_still_read(body: str) -> None:
    assert " ".join(plain(body).split()) in ("four spaces too many", "four more")


@pytest.mark.parametrize(
    "body",
    ["", " \n", ":::", ":::good", ":::good\n:::ask\nx\n:::", ":::write x\n:::", ":::write " + "9" * 5000 + " x\n:::",
     "> :::good\n> x", "- - - -", "|", "[^x]", "[", "\x00", "😀" * 1000, "`" * 999, "> " * 200 + "x", "# A"],
)  # fmt: skip
def test_what_cannot_be_rendered_is_still_read(body: str) -> None:
    assert isinstance(plain(body), str)


@given(st.text(alphabet='ab #*_`[]()^:|-\n>1.!\\"', max_size=120))
def test_any_text_can_be_read(body: str) -> None:
    for block in blocks(body):
        assert block.kind in ("heading", "text", "item", "row")
        assert all(line == " ".join(line.split()) for line in block.text.split("\n"))


def test_plain_is_a_block_a_line() -> None:
    assert prose.plain("## A\n\nb\nc\n\n- d") == "A\nb c\nd"
