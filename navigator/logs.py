"""Logs without personal data: one formatter scrubs every line, tracebacks too.

In production a line is one JSON object with the fields of `FIELDS` and no other, whatever a caller passes as `extra`;
elsewhere it is a line to read. Both forms pass through `scrub`.
"""

import json
import logging
import re
from collections.abc import ItemsView
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

from navigator import tracing

# Bounded, so that a long hostile text costs no more than its length times the bound.
_SCRUBS = (
    # A family's own address: who holds the token holds the page.
    (re.compile(r"/my/[^/\s\"']+"), "/my/[token]"),
    # A query string (a ZIP, a search) belongs to the reader.
    (re.compile(r"(/[^\s\"'?]{0,2000})\?[^\s\"']*"), r"\1?[query]"),
    (re.compile(r"[\w.+'\-]{1,254}@[\w\-]{1,254}(\.[\w\-]{1,254})+"), "[e-mail]"),
    (re.compile(r"(?<!\d)(?:\+?1[\s.\-]?)?\(?\d{3}\)?[\s.\-]?\d{3}[\s.\-]?\d{4}(?!\d)"), "[phone]"),
)
# Control characters (a NUL, an escape of a terminal) and halves of characters, which strict readers of JSON refuse.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

MESSAGE, TRACEBACK = 4_000, 16_000  # characters that are kept
_MARGIN = 320  # longer than an address or a number, of which a cut could leave the half that no pattern knows

ACCESS = ("method", "route", "status", "milliseconds", "bytes")  # of an access line (`navigator.access`)
FIELDS = ("time", "level", "logger", "message", "request", "role", *ACCESS, "exception", "traceback")


def scrub(text: str) -> str:
    """`text` with addresses, numbers, query strings and tokens taken out."""
    for pattern, replacement in _SCRUBS:
        text = pattern.sub(replacement, text)
    return text


def _short(text: str, limit: int) -> str:
    """Scrubbed, at most about `limit` characters."""
    if len(text) <= limit:
        return scrub(text)
    return scrub(text[: limit + _MARGIN])[:-_MARGIN] + " [cut]"


class ScrubbedFormatter(logging.Formatter):
    """Scrubs the whole line, so that no argument and no exception text slips past. With `as_json` it is one JSON
    object on one line; `role` is what this process is. Never raises: what logging says then is not scrubbed."""

    def __init__(self, *args: Any, as_json: bool = False, role: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.as_json = as_json
        self.role = role

    def format(self, record: logging.LogRecord) -> str:
        _settle(record)
        record.request_id = tracing.current_id() or "-"
        if self.as_json:
            return json.dumps(self._fields(record))
        return _short(super().format(record), MESSAGE + TRACEBACK)

    def _fields(self, record: logging.LogRecord) -> dict[str, Any]:
        found: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": _short(record.name, MESSAGE),
            "message": _short(record.getMessage(), MESSAGE),
            "request": tracing.current_id(),
            "role": self.role,
        }
        access = getattr(record, "access", None)
        if isinstance(access, dict):
            found |= {name: access[name] for name in ACCESS if isinstance(access.get(name), str | int)}
        if record.exc_info and record.exc_info[0]:
            kind = record.exc_info[0]
            found["exception"] = _short(f"{kind.__module__}.{kind.__qualname__}", MESSAGE)
            found["traceback"] = _short(self.formatException(record.exc_info), TRACEBACK)
        return {name: _readable(value) if isinstance(value, str) else value for name, value in found.items()}


def _settle(record: logging.LogRecord) -> None:
    """A message that cannot be put together becomes one that says so, without its arguments."""
    try:
        record.getMessage()
    except Exception as error:
        msg = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        record.msg, record.args = f"{msg} (its arguments do not fit: {type(error).__name__})", ()


def _readable(text: str) -> str:
    return _UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", text)


class NothingPersonal(SafeExceptionReporterFilter):
    """Error reports carry no form data, no cookies and no values of variables."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> ItemsView[str, Any]:
        return {}.items()
