"""The sources of a text as an editor writes them: a few lines each, an empty line between."""

from typing import Any

from django import forms

from content import references

NAMES = {
    "title": "title",
    "publisher": "publisher",
    "link": "url",
    "date": "dated",
    "looked up": "retrieved",
}
HELP = (
    "One source after another, with an empty line between. First its name in square brackets, as the text cites it "
    "([^name]), then a line each for title, publisher, link, date and looked up (the day you opened it: 2026-11-23)."
)


def written(rows: list[dict[str, str]]) -> str:
    """The sources as an editor reads them."""
    parts = []
    for row in rows:
        lines = [f"[{row['id']}]", *(f"{name}: {row[field]}" for name, field in NAMES.items())]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def read(text: str) -> list[dict[str, str]]:
    """The other way round. Raises ValueError that names the line."""
    rows: list[dict[str, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line:
            continue
        if line.startswith("[") and line.endswith("]"):
            rows.append({"id": line[1:-1].removeprefix("^").strip()})
            continue
        name, colon, value = line.partition(":")
        field = NAMES.get(name.strip().lower())
        if not rows or not colon or field is None:
            raise ValueError(
                f"Sources, line {number}: start with [name], then {', '.join(f'{one}:' for one in NAMES)}."
            )
        if field in rows[-1]:
            raise ValueError(f"Sources, line {number}: {name.strip()} stands twice for [{rows[-1]['id']}].")
        rows[-1][field] = value.strip()
    return rows


class SourcesField(forms.CharField):
    """Cleans to the canonical JSON of `content.references`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("label", "Sources")
        kwargs.setdefault("help_text", HELP)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 16, "cols": 80, "spellcheck": "false"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """What is stored becomes lines; what was typed stays as it was typed."""
        if isinstance(value, str) and (value == "[]" or value.startswith("[\n")):
            return written(references.rows(value))
        return value

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return references.canonical(read(text))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
