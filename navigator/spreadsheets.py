"""CSV files that people open in a spreadsheet: read with the number of each line, written so that no cell is a formula.

A spreadsheet runs a cell that starts with one of `= + - @`, also behind spaces or invisible characters, also in its
full-width form, and trips over one that starts with a tab or a line end (OWASP, "CSV Injection"; ASVS 1.2.10). Such a
text gets an apostrophe in front. `plain_text` takes exactly that apostrophe away again, so that a file that we wrote
comes back as it was. Numbers are given as numbers: -87.65 is no formula and stays a number.

What the cells mean is left to the apps.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator

MARK = "'"
CONTENT_TYPE = "text/csv; charset=utf-8"

Cell = str | int | float

# What may stand in front of a sign without hiding it: spaces of any kind, invisible and direction characters.
_IN_FRONT = re.compile(r"[\s\x00-\x20\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]*")


class SpreadsheetError(ValueError):
    """A file that cannot be read as a table. The message says what to do; `line` is where, from 1."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def safe_cell(value: Cell) -> Cell:
    """A value as a cell that no spreadsheet runs. Numbers stay numbers."""
    if isinstance(value, str) and _is_formula(value.lstrip(MARK)):
        return MARK + value
    return value


def plain_text(cell: str) -> str:
    """The text behind a cell that `safe_cell` made; any other cell as it is."""
    rest = cell.removeprefix(MARK)
    return rest if rest != cell and _is_formula(rest.lstrip(MARK)) else cell


def _is_formula(text: str) -> bool:
    if text[:1] in ("\t", "\r", "\n"):
        return True
    start = _IN_FRONT.match(text).end()  # type: ignore[union-attr]  # matches always
    return unicodedata.normalize("NFKC", text[start : start + 1])[:1] in ("=", "+", "-", "@")


def written(rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """Each row as a line of a CSV file (RFC 4180: commas, CRLF, quotes doubled), every cell made safe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def text_of(content: bytes) -> str:
    """The text of an uploaded file. A byte order mark is taken away. Raises SpreadsheetError."""
    if content.startswith(b"PK"):
        raise SpreadsheetError("This is a workbook. In the spreadsheet, save it as “CSV UTF-8”, and send that file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SpreadsheetError(
            "This line is not in UTF-8. Save the file as “CSV UTF-8”, and send it again.", line
        ) from error


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the number of the line on which it starts. Raises SpreadsheetError where the
    quotes of a row are wrong: what follows cannot be read then."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise SpreadsheetError(
            "The quotes of this row are wrong, so nothing after it was read. A quote opens and closes a cell; inside "
            "of one, write it twice.",
            start,
        ) from error
