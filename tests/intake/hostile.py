"""What no family types, for the tests of every form: values for one field, and whole bodies."""

from collections.abc import Iterator
from typing import Any

VALUES: dict[str, Any] = {
    "nothing": "",
    "NUL": "a\x00b",
    "right to left": "\u202eevil\u202c",
    "zero width": "\u200b\u2060\ufeff",
    "emoji": "👩‍⚕️" * 40,
    "CRLF": "a\r\nBcc: x@y.example\r\n\r\nbody",
    "10 kB": "x" * 10_000,
    "lone surrogate": "\ud800",
    "script": "<script>alert(1)</script>",
    "template": "{{ settings.SECRET_KEY }}{% debug %}",
    "formula": "=cmd|' /C calc'!A0",
    "query": "' OR 1=1; DROP TABLE intake_note; --",
    "number": "9" * 400,
    "twice": ["a", "b", "a"],
    "JSON": '{"$ne": null}',
}
NEVER_STORED = set("\x00\r\n\u202e\u202c\u200b\u2060\ufeff")  # of one line of text

FORM = "application/x-www-form-urlencoded"


def fields(right: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each field of a form that is right with each value in its turn, and without it: what it is, and the form."""
    for field in right:
        yield f"{field}: missing", {name: value for name, value in right.items() if name != field}
        for what, value in VALUES.items():
            if what != "lone surrogate":  # the test client cannot spell it: see `bodies`
                yield f"{field}: {what}", {**right, field: value}


def bodies(right: dict[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Whole bodies that no browser sends: what it is, the body, its content type."""
    first = next(iter(right), "x")
    yield "no field", b"", FORM
    yield "bytes that are no text", f"{first}=%ED%A0%80%FF".encode(), FORM
    yield "1,000 extra fields", "&".join(f"x{number}=1" for number in range(1000)).encode(), FORM
    yield "one field 900 times", "&".join(f"{first}={number}" for number in range(900)).encode(), FORM
    yield "300 kB", f"{first}={'x' * 300_000}".encode(), FORM
    yield "JSON", b'{"a": [1]}', "application/json"
    yield "not JSON", b"\xff\x00{", "application/json"
    yield "parts that are none", b"\xff\x00{", "multipart/form-data; boundary=x"
    yield "text", b"a", "text/plain"


def is_clean(value: Any) -> bool:
    """Fit to be one line of a row."""
    return not isinstance(value, str) or not NEVER_STORED & set(value)
