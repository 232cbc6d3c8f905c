"""Small charts as SVG, drawn here and put into the page: no script, no request, colors from the style sheet.

A chart is a picture beside its own table, never instead of it. What the figures are is left to who draws
(`intake.admin.home`). Sizes are in units of the drawing; the page scales it to its own width.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 320, 120
FOOT, HEAD = 16, 12  # for the words below and the number above
BAR = 34  # a lying bar with its words
GAP = 0.2  # of a bar's place


@dataclass(frozen=True)
class Series:
    """One row of values, one for each label; None where there is nothing to show."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Chart:
    """`name` is its own on a page. `title` says what is drawn, `unit` what a value counts. `labels` stand below: the
    first and the last in the drawing, all of them in the table."""

    name: str
    title: str
    unit: str
    labels: Sequence[str]
    series: Sequence[Series]

    @property
    def is_empty(self) -> bool:
        return not any(value for each in self.series for value in each.values)

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The table: a label, and a cell for each series."""
        return [(label, [written(each.values[at]) for each in self.series]) for at, label in enumerate(self.labels)]

    @property
    def summary(self) -> str:
        """The drawing in one sentence, for who does not see it."""
        if self.is_empty:
            return "Nothing yet."
        told = []
        for each in self.series:
            known = [value for value in each.values if value is not None]
            if known:
                told.append(f"{each.name}: from {written(min(known))} to {written(max(known))} {self.unit}")
        return f"{'; '.join(told)}. The table has every figure."


def written(value: float | None) -> str:
    """`7`, `2.5`, or a word for nothing."""
    if value is None:
        return "none"
    return f"{value:,.1f}".removesuffix(".0")


def stacked(chart: Chart) -> SafeString:
    """A column for each label, its series on top of each other."""
    totals = [sum(each.values[at] or 0 for each in chart.series) for at in range(len(chart.labels))]
    top, place = max([*totals, 1]), WIDTH / max(len(chart.labels), 1)
    parts = []
    for at in range(len(chart.labels)):
        floor = float(HEIGHT - FOOT)
        for number, each in enumerate(chart.series, 1):
            tall = (each.values[at] or 0) / top * (HEIGHT - FOOT - HEAD)
            floor -= tall
            if tall:
                parts.append(
                    (number, _one(at * place + place * GAP / 2), _one(floor), _one(place * (1 - GAP)), _one(tall))
                )
    bars = format_html_join("", '<rect class="chart-{}" x="{}" y="{}" width="{}" height="{}"/>', parts)
    return _drawn(chart, bars, top, "chart-columns")


def lines(chart: Chart) -> SafeString:
    """A line for each series; a gap where there is no value, a dot at each that there is."""
    top = max([value for each in chart.series for value in each.values if value is not None] or [1]) or 1
    drawn = [_line(chart, number, top) for number in range(1, len(chart.series) + 1)]
    inside = format_html_join("", '<path class="chart-line chart-{}" d="{}"/>{}', drawn)
    return _drawn(chart, inside, top, "chart-lines")


def _line(chart: Chart, number: int, top: float) -> tuple[int, str, SafeString]:
    """Its number, its path, its dots."""
    place, path, dots, pen = WIDTH / len(chart.labels), [], [], "M"
    for at, value in enumerate(chart.series[number - 1].values):
        if value is None:
            pen = "M"
            continue
        x, y = _one(place * (at + 0.5)), _one(HEIGHT - FOOT - value / top * (HEIGHT - FOOT - HEAD))
        path.append(f"{pen}{x} {y}")
        dots.append((number, x, y))
        pen = "L"
    return number, " ".join(path), format_html_join("", '<circle class="chart-{}" cx="{}" cy="{}" r="3"/>', dots)


def bars(chart: Chart) -> SafeString:
    """A bar for each label, of the first series, below its words and with its number behind it."""
    values = [value or 0 for value in chart.series[0].values]
    scale = (WIDTH - 40) / max([*values, 1])
    parts = []
    for at, (label, value) in enumerate(zip(chart.labels, values, strict=True)):
        top = at * BAR
        parts.append(
            (top + 11, label, top + 15, _one(value * scale), _one(value * scale + 4), top + 24, written(value))
        )
    drawn = format_html_join(
        "",
        '<text x="0" y="{}">{}</text><rect class="chart-1" x="0" y="{}" width="{}" height="11"/>'
        '<text x="{}" y="{}">{}</text>',
        parts,
    )
    return _framed(chart, drawn, max(len(values), 1) * BAR, "chart-bars")


def _drawn(chart: Chart, inside: SafeString, top: float, kind: str) -> SafeString:
    """With the floor, the first and last label, and the highest value."""
    ends = [chart.labels[0], chart.labels[-1]] if chart.labels else ["", ""]
    frame = format_html(
        '<path class="chart-floor" d="M0 {} H{}"/><text x="0" y="{}">{}</text>'
        '<text x="{}" y="{}" text-anchor="end">{}</text><text x="0" y="9">{} {}</text>',
        HEIGHT - FOOT, WIDTH, HEIGHT - 3, ends[0], WIDTH, HEIGHT - 3, ends[1], written(top), chart.unit,
    )  # fmt: skip
    return _framed(chart, format_html("{}{}", inside, frame), HEIGHT, kind)


def _framed(chart: Chart, inside: SafeString, height: float, kind: str) -> SafeString:
    """Named for readers that do not see: `title` and `desc`."""
    return format_html(
        '<svg class="chart {}" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>',
        kind, WIDTH, height, chart.name, chart.name, chart.name, chart.title, chart.name, chart.summary, inside,
    )  # fmt: skip


def _one(value: float) -> str:
    """One decimal is finer than a screen."""
    return f"{value:.1f}".removesuffix(".0")
