"""A text without marks, 72 columns wide, with everything that the page says."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.plain_text import WIDTH, plain_text
from content.typesetting import Sheet
from tests.content.test_typesetting import sheet, shipped, shipped_sheet

LONG = "Your plan can tell you which of the papers they need to see before they decide what to pay. " * 3


def body(markdown: str, **changes: Any) -> str:
    """What becomes of a body, between the summary and the line above the facts."""
    text = plain_text(sheet(markdown, **changes))
    start = "Who pays?\n=========\n\nMany plans help.\n\n"
    assert text.startswith(start)
    return text.removeprefix(start).split(f"\n{'-' * WIDTH}\n")[0].strip("\n")


def too_long(text: str) -> list[str]:
    return [line for line in text.split("\n") if len(line) > WIDTH and "://" not in line]


def test_title_summary_text_sources_and_who_we_are() -> None:
    listed = [(1, "Costs. Medicare. 2026.", "https://medicare.example/costs")]
    text = plain_text(sheet("Ask.[^a]", sources=listed, facts=["Who we are: us.", "Who pays for this: nobody."]))
    assert text == (
        "Who pays?\n=========\n\nMany plans help.\n\nAsk.[1]\n\n"
        "Where this comes from\n---------------------\n\n"
        "[1] Costs. Medicare. 2026. https://medicare.example/costs\n\n"
        f"{'-' * 72}\n\nWho we are: us.\n\nWho pays for this: nobody.\n"
    )


def test_without_sources_there_is_no_list() -> None:
    assert "Where this comes from" not in plain_text(sheet("Ask."))


def test_headings_are_underlined_as_long_as_they_are() -> None:
    assert body("## Costs\n\n### Of what\n\nText.") == "Costs\n-----\n\nOf what\n\nText."


def test_marks_links_and_terms_leave_their_words() -> None:
    found = body("**Ask** *your* [plan](/costs/), a [word](term:x) and `code`\nnow.[^a] [^b] [^a]")
    assert found == "Ask your plan, a word and code now.[1] [2] [1]"


def test_hard_break_is_a_line() -> None:
    assert body("One\\\ntwo  \nthree") == "One\ntwo\nthree"


def test_lists() -> None:
    assert body("- one\n- two\n\n1. first\n2. second") == "- one\n- two\n\n1. first\n2. second"


@pytest.mark.parametrize(("start", "labels"), [(6, ["6.", "7."]), (0, ["0.", "1."]), (99, ["99.", "100."])])
def test_list_starts_where_it_says(start: int, labels: list[str]) -> None:
    lines = body(f"{start}. one\n{start + 1}. two").split("\n")
    assert [line.split()[0] for line in lines] == labels


def test_long_item_hangs_under_its_words() -> None:
    lines = body(f"10. {LONG}").split("\n")
    assert lines[0].startswith("10. Your plan")
    assert len(lines) > 2
    assert all(line.startswith("    ") and line[4] != " " for line in lines[1:])


def test_lists_in_lists_and_paragraphs_in_items() -> None:
    assert body("- a\n\n  more of a\n\n  1. inner\n- b") == "- a\n\n  more of a\n\n  1. inner\n- b"


def test_deep_lists_stay_within_the_columns() -> None:
    deep = "".join(f"{'  ' * level}- {LONG}\n" for level in range(8))
    assert too_long(body(deep)) == []
    assert body("".join(f"{'  ' * level}- x\n" for level in range(60)))


def test_empty_item() -> None:
    assert body("- a\n-\n- b") == "- a\n-\n- b"


def test_table_is_read_row_by_row() -> None:
    table = "| Plan | Pays | By when |\n| - | - | - |\n| One | **all** | soon |\n| Two | half | |"
    assert body(table) == (f"One\n  Pays: all\n  By when: soon\n\nTwo\n  Pays: half\n  By when: {'_' * 30}")


def test_row_without_a_first_cell_has_room_for_it() -> None:
    table = "| Name | Phone |\n| - | - |\n| | |\n| | |"
    row = f"Name: {'_' * 30}\n  Phone: {'_' * 30}"
    assert body(table) == f"{row}\n\n{row}"


def test_table_of_one_column_and_of_no_rows() -> None:
    assert body("| Name |\n| - |\n| Ada |") == "Ada"
    assert body("Before.\n\n| Name | Phone |\n| - | - |\n\nAfter.") == "Before.\n\nAfter."


def test_boxes_say_what_they_are() -> None:
    assert body(":::glance\n- one\n:::\n\n:::urgent\nCall.\n:::") == "AT A GLANCE\n\n- one\n\nURGENT\n\nCall."
    assert body(":::quote Maria\nIt helped.\n:::") == "MARIA\n\nIt helped."
    assert body(":::steps\n1. one\n:::") == "1. one"


def test_invitations_and_figures_about_survival_are_left_out() -> None:
    found = body("A.\n\n:::help talk\nTalk to us.\n:::\n\n:::survival\n18 months\n:::\n\nB.")
    words = "Figures about survival are not printed. You can choose to see them on the page itself."
    assert " ".join(found.split()) == f"A. {words} B."


def test_sheet_to_fill_in() -> None:
    room = "_" * 68
    assert body(":::checklist\n- one\n- two\n:::") == "[ ] one\n[ ] two"
    assert body(":::write 2 My questions\n:::") == f"My questions\n\n{room}\n\n{room}"
    answer = f"    {room}\n\n    {room}"
    assert body(":::answers\n6. a?\n7. b?\n:::") == f"6. a?\n\n{answer}\n\n7. b?\n\n{answer}"
    assert body(":::letter To the office\nDear all,\n:::") == "TO THE OFFICE\n\nDear all,"


def test_box_ends_where_it_ends() -> None:
    assert body(":::checklist\n- one\n:::\n\n- two") == "[ ] one\n\n- two"


def test_drawing_is_told_in_words() -> None:
    assert body("![Where *the* lining lies](/static/images/figures/linings.svg)") == "(Drawing: Where the lining lies)"


def test_quotations_lines_definitions_and_code() -> None:
    found = body("> quoted\n\nTerm\n: Meaning\n\nText.\n\n    four spaces\n\n```\nfence\n```")
    assert found == "quoted\n\nTerm\n\nMeaning\n\nText.\n\nfour spaces\n\nfence"
    assert f"One.\n\n{'-' * WIDTH}\n\nTwo." in plain_text(sheet("One.\n\n---\n\nTwo."))


def test_long_words_everywhere_stay_within_the_columns() -> None:
    parts = [
        f"## {LONG}", f"### {LONG}", LONG, f"- {LONG}", f"1. {LONG}", f"> {LONG}", f":::good\n- {LONG}\n:::",
        f":::write 3 {LONG}\n:::", f":::letter {LONG}\n{LONG}\n:::", f":::quote {LONG}\n{LONG}\n:::",
        f"| {LONG} | {LONG} |\n| - | - |\n| {LONG} | {LONG} |", f":::answers\n1. {LONG}\n:::",
        f":::checklist\n- {LONG}\n:::", "---",
    ]  # fmt: skip
    text = plain_text(sheet("\n\n".join(parts), title=LONG, summary=LONG, facts=[LONG], sources=[(1, LONG, "")]))
    assert too_long(text) == []


@pytest.mark.parametrize("path", sorted(shipped()))
def test_shipped_text_fits_and_has_no_marks(path: str) -> None:
    text = plain_text(shipped_sheet(shipped()[path]))
    assert too_long(text) == []
    assert not any(line != line.rstrip() for line in text.split("\n"))
    assert "\n\n\n\n" not in text
    assert not any(mark in text for mark in (":::", "**", "](", "[^", "| -", "term:", "\n#"))
    assert text.endswith("Who we are: us.\n")


@settings(deadline=None)
@given(st.text(alphabet='ab #*_`[]()^:|-\n>.!1\\"😀\x00', max_size=100))
def test_any_text_can_be_written(markdown: str) -> None:
    text = plain_text(sheet(markdown))
    assert text.endswith("Who we are: us.\n")


def test_sheet_is_what_the_pdf_is_made_of() -> None:
    assert isinstance(sheet(), Sheet)
