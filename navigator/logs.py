"""Logs without personal data: one formatter scrubs every line, tracebacks too."""

import logging
import re
from collections.abc import ItemsView
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

_SCRUBS = (
    # A family's own address: who holds the token holds the page.
    (re.compile(r"/my/[^/\s\"']+"), "/my/[token]"),
    # A query string (a ZIP, a search) belongs to the reader.
    (re.compile(r"(/[\w\-./]*)\?[^\s\"']*"), r"\1?[query]"),
    (re.compile(r"[\w.+'\-]+@[\w\-]+(\.[\w\-]+)+"), "[e-mail]"),
    (re.compile(r"(?<!\d)(?:\+?1[\s.\-]?)?\(?\d{3}\)?[\s.\-]?\d{3}[\s.\-]?\d{4}(?!\d)"), "[phone]"),
)


def scrub(text: str) -> str:
    """`text` with addresses, numbers, query strings and tokens taken out."""
    for pattern, replacement in _SCRUBS:
        text = pattern.sub(replacement, text)
    return text


class ScrubbedFormatter(logging.Formatter):
    """Formats as usual, then scrubs the whole line, so that no argument and no exception text slips past."""

    def format(self, record: logging.LogRecord) -> str:
        return scrub(super().format(record))


class NothingPersonal(SafeExceptionReporterFilter):
    """Error reports carry no form data, no cookies and no values of variables."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> ItemsView[str, Any]:
        return {}.items()
