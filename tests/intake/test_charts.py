"""Charts as SVG: every figure in the table, nothing inline that the content policy refuses, nothing that runs."""

import re
import xml.etree.ElementTree as ET

import pytest

from intake.charts import HEIGHT, WIDTH, Chart, Series, bars, lines, stacked, written

DRAW = [stacked, lines, bars]


def chart(*values: list[float | None], labels: list[str] | None = None) -> Chart:
    labels = labels or [f"Day {n}" for n in range(len(values[0]))]
    series = [Series(f"Row {n}", row) for n, row in enumerate(values, 1)]
    return Chart(name="a-name", title="Requests a day", unit="requests", labels=labels, series=series)


def parsed(drawing: str) -> ET.Element:
    """Raises ParseError for what is not well formed."""
    return ET.fromstring(drawing)  # noqa: S314  our own


def numbers(drawing: str, tag: str, name: str) -> list[float]:
    """The attribute of each such element, in order."""
    return [float(each.get(name, "")) for each in parsed(drawing).iter(tag)]


@pytest.mark.parametrize("draw", DRAW)
@pytest.mark.parametrize(
    "values", [[[0.0, 0.0]], [[1.0, 2.0], [3.0, 0.0]], [[None, 5.0], [7.0, None]], [[10_000_000.0]], [[0.4, 0.2]]]
)
def test_a_drawing_is_named_sound_and_inside_its_frame(draw: object, values: list[list[float | None]]) -> None:
    drawing = draw(chart(*values))  # type: ignore[operator]
    root = parsed(drawing)
    assert root.get("role") == "img"
    ids = {each.get("id") for each in root}
    assert set(str(root.get("aria-labelledby")).split()) <= ids
    assert root.findtext("title") == "Requests a day"
    assert root.findtext("desc")
    assert not re.search(r"style=|<script|fill=|stroke=|href|on\w+=", drawing)
    for x, wide in zip(numbers(drawing, "rect", "x"), numbers(drawing, "rect", "width"), strict=True):
        assert x >= 0
        assert x + wide <= WIDTH
    for y, tall in zip(numbers(drawing, "rect", "y"), numbers(drawing, "rect", "height"), strict=True):
        assert y >= 0
        assert tall >= 0
    assert all(0 <= y <= HEIGHT for y in numbers(drawing, "circle", "cy"))


def test_columns_stand_on_each_other() -> None:
    drawing = stacked(chart([2.0, 1.0], [2.0, 0.0]))
    first, above, lower = zip(numbers(drawing, "rect", "y"), numbers(drawing, "rect", "height"), strict=True)
    assert first[0] == pytest.approx(above[0] + above[1])
    assert first[1] == pytest.approx(above[1])
    assert lower[1] == pytest.approx(first[1] / 2)


def test_a_line_breaks_where_there_is_no_value() -> None:
    path = re.search(r'class="chart-line chart-1" d="([^"]*)"', lines(chart([1.0, 2.0, None, 4.0])))
    assert path
    assert re.findall("[ML]", path[1]) == ["M", "L", "M"]


def test_a_bar_is_as_long_as_its_number() -> None:
    drawing = bars(chart([4.0, 1.0, 0.0]))
    four, one, none = numbers(drawing, "rect", "width")
    assert four == pytest.approx(4 * one, abs=0.3)
    assert none == 0


@pytest.mark.parametrize("draw", DRAW)
def test_what_a_label_says_is_text(draw: object) -> None:
    evil = '<script>"&'
    drawing = draw(chart([1.0], labels=[evil]))  # type: ignore[operator]
    assert "<script>" not in drawing
    assert evil in "".join(parsed(drawing).itertext())


def test_the_table_has_every_figure() -> None:
    drawn = chart([1.0, None], [2.5, 1_000.0])
    assert drawn.rows == [("Day 0", ["1", "2.5"]), ("Day 1", ["none", "1,000"])]
    assert "Row 2: from 2.5 to 1,000 requests" in drawn.summary
    assert not drawn.is_empty
    assert chart([0.0, None]).is_empty
    assert chart([0.0, None]).summary == "Nothing yet."


@pytest.mark.parametrize(("value", "words"), [(0, "0"), (20, "20"), (2.46, "2.5"), (1234.0, "1,234"), (None, "none")])
def test_a_number_as_people_write_it(value: float | None, words: str) -> None:
    assert written(value) == words
