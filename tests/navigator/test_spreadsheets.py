import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigator.spreadsheets import SpreadsheetError, plain_text, records, safe_cell, text_of, written

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "\tplain", "\rplain", "\nplain", "  =1", "\u00a0=1",
    "\u200b=1", "\ufeff=1", "\u202e=1", "\u2066+1", " \u200b \t-2", "＝1", "＋1", "－1", "＠A1", "﹢1", "﹣1", "\x00=1",
    "'=1", "''@x", "-87.65", "+13125550142",
]  # fmt: skip
PLAIN = [
    "",
    "Lakeside",
    "a=b",
    "1+1",
    "800-555-0142",
    "'",
    "''",
    "'quoted' words",
    "–1 with a dash",
    "évidence",
    "a\nb",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_run_as_a_formula_and_it_comes_back(text: str) -> None:
    cell = safe_cell(text)
    assert cell == f"'{text}"
    assert plain_text(str(cell)) == text


@pytest.mark.parametrize("text", PLAIN)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text
    assert plain_text(text) == text


@pytest.mark.parametrize("number", [-87.65, 0, -1, 41.92, 10_000])
def test_a_number_stays_a_number(number: float) -> None:
    assert safe_cell(number) is number
    assert "".join(written([[number]])) == f"{number}\r\n"


@given(st.text())
def test_every_text_comes_back(text: str) -> None:
    assert plain_text(str(safe_cell(text))) == text


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=4), max_size=5))
def test_every_table_comes_back(table: list[list[str]]) -> None:
    text = "".join(written(table))
    found = [[plain_text(cell) for cell in cells] for cells in csv.reader(io.StringIO(text, newline=""))]
    assert found == table


def test_lines_are_those_of_rfc_4180() -> None:
    assert list(written([["a", 'say "a"', "b,c"], ["two\nlines", "", 1.5]])) == [
        'a,"say ""a""","b,c"\r\n',
        '"two\nlines",,1.5\r\n',
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_has_the_line_on_which_it_starts(end: str) -> None:
    text = end.join(["a,b", '"two', 'lines",x', "", ",", "c,d", ""])
    assert [(line, len(cells)) for line, cells in records(text)] == [(1, 2), (2, 2), (6, 2)]


@pytest.mark.parametrize(
    ("text", "line"), [('a,b\n"c"d,e\n', 2), ('a,b\nc,d\n"e,f\ng,h\n', 3), ('a\n"' + "x" * 140_000 + '"\n', 2)]
)
def test_wrong_quotes_are_named_by_their_line(text: str, line: int) -> None:
    with pytest.raises(SpreadsheetError, match="quotes of this row") as caught:
        list(records(text))
    assert caught.value.line == line


def test_a_byte_order_mark_is_taken_away() -> None:
    assert text_of(b"\xef\xbb\xbfslug\n") == "slug\n"
    assert text_of("näme".encode()) == "näme"


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"PK\x03\x04rest", 1, "workbook"),
        (b"slug\nna\xefve\n", 2, "UTF-8"),
        ("slug".encode("utf-16"), 1, "UTF-8"),
        (b"a\nb\n\xed\xa0\x80\n", 3, "UTF-8"),
    ],
)
def test_other_files_are_refused_with_what_to_do(content: bytes, line: int, words: str) -> None:
    with pytest.raises(SpreadsheetError, match=words) as caught:
        text_of(content)
    assert caught.value.line == line
