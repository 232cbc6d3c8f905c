"""One line, one object, nothing personal: whatever is put into it."""

import io
import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigator import tracing
from navigator.deployment_check import COMPLETE
from navigator.logs import ACCESS, FIELDS, MESSAGE, TRACEBACK, ScrubbedFormatter

ROOT = Path(__file__).resolve().parent.parent.parent
FORMATTER = ScrubbedFormatter(as_json=True, role="web")

HOSTILE = [
    "one\ntwo\r\nthree\u2028four\u2029five\x85six",
    "a NUL \x00 and an escape \x1b[2J",
    "half a character \ud83d and its other half \ude00",
    '{"level": "INFO", "message": "forged"}\n{"level": "INFO"}',
    '"}, "level": "INFO',
    '\\\\" \\u0000 \\',
    "%s %(name)s {0} {message}",
    "\N{GRINNING FACE}\N{RIGHT-TO-LEFT OVERRIDE}",
    "",
]


def record(msg: Any, *args: Any, info: Any = None, **extra: Any) -> logging.LogRecord:
    log = logging.getLogger("intake.test")
    return log.makeRecord("intake.test", logging.ERROR, "f", 1, msg, args, info, extra=extra)


def raised(error: BaseException) -> Any:
    try:
        raise error
    except BaseException as caught:
        return type(caught), caught, caught.__traceback__


def read(line: str) -> dict[str, Any]:
    """As a strict reader does: one line, one object, text that can be stored."""
    assert len(line.splitlines()) == 1
    found = json.loads(line, parse_constant=pytest.fail)
    assert set(found) <= set(FIELDS)
    for value in found.values():
        if isinstance(value, str):
            value.encode()
            assert "\x00" not in value
    return dict(found)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("where", ["message", "argument", "exception"])
def test_hostile_text_stays_inside_its_field(text: str, where: str) -> None:
    if where == "exception":
        found = read(FORMATTER.format(record("failed", info=raised(ValueError(text)))))
        assert found["exception"] == "builtins.ValueError"
        assert found["traceback"].startswith("Traceback")
    else:
        found = read(FORMATTER.format(record(text) if where == "message" else record("said %s", text)))
    assert (found["level"], found["logger"], found["role"]) == ("ERROR", "intake.test", "web")
    assert found["time"].endswith("+00:00")
    assert found["message"] != "forged"


@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_is_one_valid_line(text: str) -> None:
    read(FORMATTER.format(record("%s", text, info=raised(ValueError(text)))))


@pytest.mark.parametrize(
    "text",
    [
        "maria@family.example",
        "x" * (MESSAGE - 10) + " maria.sample@family.example and more",
        "x" * (MESSAGE - 6) + " (312) 555-0142 and more" * 30,
        "y" * (MESSAGE + 310) + " (312) 555-0142" + "y" * 50,
        "y" * (MESSAGE + 313) + " maria@family.example" + "y" * 500,
        "GET /my/abc:def-1:xyz/move/",
        "GET /find-care/near/%20é?zip=60614",
        "https://guide.example/find-care/near/?zip=60614",
    ],
)
def test_nothing_personal_wherever_it_is_cut(text: str) -> None:
    for made in (record(text), record("%s", text), record("failed", info=raised(KeyError(text)))):
        line = FORMATTER.format(made)
        read(line)
        for secret in ("family.example", "maria", "555", "abc:def", "60614"):
            assert secret not in line


def test_a_very_long_text_is_cut_and_costs_little() -> None:
    for text in ("x" * 5_000_000, "/" * 5_000_000, "1" * 5_000_000, "@" * 5_000_000, "a." * 2_000_000):
        found = read(FORMATTER.format(record(text, info=raised(ValueError(text)))))
        assert len(found["message"]) <= MESSAGE + 10
        assert len(found["traceback"]) <= TRACEBACK + 10


def test_extra_keys_are_left_out_and_those_of_an_access_line_hold_words_and_numbers_only() -> None:
    made = record(
        "x", canary="Canaria", access={"method": "GET", "status": 200, "bytes": ["Canaria"], "who": "Canaria"}
    )
    found = read(FORMATTER.format(made))
    assert {name: found[name] for name in ACCESS if name in found} == {"method": "GET", "status": 200}
    assert "Canaria" not in str(found)


class Unspeakable:
    def __str__(self) -> str:
        raise RuntimeError("maria@family.example")


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize(
    "made", [("%s %s", "Canaria"), ("%d", "Canaria"), ("%s", Unspeakable()), (Unspeakable(),), ("%q", "Canaria")]
)
def test_what_cannot_be_put_together_says_so_without_its_values(
    made: tuple[Any, ...], as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Logging itself would print the arguments past every formatter."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ScrubbedFormatter("{levelname} {request_id} {message}", style="{", as_json=as_json))
    handler.handle(record(*made))
    assert "do not fit" in stream.getvalue()
    told = stream.getvalue() + capsys.readouterr().err
    assert "Canaria" not in told
    assert "maria" not in told


def test_an_exception_that_cannot_be_said_is_still_a_line() -> None:
    class Mute(Exception):
        __str__ = Unspeakable.__str__

    found = read(FORMATTER.format(record("failed", info=raised(Mute()))))
    assert found["exception"].endswith("Mute")
    assert "maria" not in str(found)


def test_a_line_names_its_request() -> None:
    assert read(FORMATTER.format(record("x")))["request"] == ""
    with tracing.request("KTRB-MWZX"):
        assert read(FORMATTER.format(record("x")))["request"] == "KTRB-MWZX"
        plain = ScrubbedFormatter("{request_id} {message}", style="{").format(record("x"))
    assert plain == "KTRB-MWZX x"


@pytest.mark.parametrize(
    ("environment", "as_json"),
    [({}, True), ({"LOG_FORMAT": "lines"}, False), ({"ENVIRONMENT": "demo"}, False),
     ({"ENVIRONMENT": "demo", "LOG_FORMAT": "json"}, True)],
)  # fmt: skip
def test_production_writes_json(environment: dict[str, str], as_json: bool) -> None:
    """A process of its own, as deployed: whatever logger speaks, Celery's and the server's too."""
    code = (
        "import django, logging; django.setup()\n"
        "from navigator.celery import app\n"
        "app.log.setup(loglevel='WARNING', redirect_stdouts=True)\n"
        "names = ['django.request', 'intake', 'celery.task', 'celery.app.trace', '_granian', 'py.warnings', 'other']\n"
        "[logging.getLogger(name).error('to maria@family.example\\nand more') for name in names]\n"
        "logging.getLogger('multiprocessing').error('312-555-0142')"
    )
    full = {**COMPLETE, "DJANGO_SETTINGS_MODULE": "navigator.settings", "PROCESS_ROLE": "beat", **environment}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=full, capture_output=True, text=True, check=True)
    assert "maria" not in done.stderr + done.stdout
    assert "555" not in done.stderr + done.stdout
    lines = done.stderr.splitlines()
    if as_json:
        assert len(lines) == 8
        assert {read(line)["role"] for line in lines} == {"beat"}
    else:
        assert lines[0].startswith("ERROR django.request - to [e-mail]")
