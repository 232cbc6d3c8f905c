import logging
from typing import Any

import pytest
from django.test import RequestFactory

from navigator.logs import NothingPersonal, ScrubbedFormatter, scrub


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("GET /my/abc:def-1:xyz/move/ 200", "GET /my/[token]/move/ 200"),
        ("GET /find-care/near/?zip=60614&radius=50 200", "GET /find-care/near/?[query] 200"),
        ("mail to maria.sample+x@family.example failed", "mail to [e-mail] failed"),
        ("call (312) 555-0142 or +13125550142", "call [phone] or [phone]"),
        ("Promise 12 (route) failed: ValueError", "Promise 12 (route) failed: ValueError"),
    ],
)
def test_scrub(line: str, left: str) -> None:
    assert scrub(line) == left


def test_arguments_and_tracebacks_are_scrubbed_too() -> None:
    formatter = ScrubbedFormatter("%(message)s")
    try:
        raise ValueError("maria@family.example")
    except ValueError as error:
        info: Any = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "of %s", ("312-555-0142",), info)
    text = formatter.format(record)
    assert "555-0142" not in text
    assert "@" not in text
    assert "ValueError" in text


def test_error_reports_hold_no_form_and_no_variable() -> None:
    request = RequestFactory().post("/match/contact/", {"name": "Maria"})
    report = NothingPersonal()
    assert report.is_active(request)
    assert report.get_post_parameters(request) == {}
    assert list(report.get_traceback_frame_variables(request, None)) == []
