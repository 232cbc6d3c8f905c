"""What leaves when errors are reported, read byte by byte from a real SDK; and that a leak would be seen."""

import gzip
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import sentry_sdk
from celery import shared_task
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from django.utils.log import log_response
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from intake import promises
from intake.tasks import keep_promise
from navigator import errors, start
from navigator.logs import ScrubbedFormatter
from tests.intake.story import CANARY, VALUES, the_whole_story

pytestmark = pytest.mark.django_db
DSN = "https://key@reports.example/7"
WORDS = " ".join([*VALUES.values(), "59935"])
# Everything that may stand in a report. A field that is new here is a decision, not an accident.
MAY_SAY = {
    "event_id", "timestamp", "platform", "level", "logger", "environment", "release", "transaction", "tags",
    "tags.role", "tags.request", "logentry", "logentry.message", "exception", "exception.values",
    "exception.values.type",
    "exception.values.module", "exception.values.stacktrace", "exception.values.stacktrace.frames",
    *(f"exception.values.stacktrace.frames.{name}" for name in ("module", "filename", "function", "lineno", "in_app")),
}  # fmt: skip


class Kept(Transport):
    """Keeps what would leave, as it would leave."""

    sent: list[bytes] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(envelope.serialize())


@pytest.fixture
def on(settings: Any) -> Iterator[list[bytes]]:
    """Reports are on; what was sent."""
    settings.SENTRY_DSN = DSN
    Kept.sent = []
    errors.configure(transport=Kept)
    yield Kept.sent
    _off()


def _off() -> None:
    sentry_sdk.get_client().close(timeout=2)
    sentry_sdk.get_global_scope().set_client(None)
    for scope in (sentry_sdk.get_global_scope(), sentry_sdk.get_isolation_scope(), sentry_sdk.get_current_scope()):
        scope.clear()


def events(sent: list[bytes]) -> list[dict[str, Any]]:
    return [json.loads(envelope.splitlines()[2]) for envelope in sent]


def fields(value: Any, name: str = "") -> Iterator[str]:
    """Every name of a field below `value`, with the way to it."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield f"{name}{key}"
            yield from fields(below, f"{name}{key}.")
    elif isinstance(value, list):
        for below in value:
            yield from fields(below, name)


def _fails(*args: Any, **kwargs: Any) -> Any:
    """As code of ours would, that has a whole family in its hands."""
    person = {"told": WORDS}
    try:
        raise LookupError(f"no row for {WORDS}")
    except LookupError as error:
        error.add_note(WORDS)
        raise ValueError(WORDS, person) from error


def in_a_view(patch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["seen"] = VALUES["name"]
    for name in ("doctors.matching.rank_or_widen", "doctors.choosing.read", "navigator.search.asking.find"):
        patch.setattr(name, _fails)
    headers = {"referer": "https://testserver/?" + VALUES["email"], "user-agent": WORDS, "x-forwarded-for": "8.8.8.8"}
    statuses = [
        client.get("/find-care/near/", {"zip": "59935", "kind": VALUES["illness"]}, headers=headers).status_code,
        client.get("/find-care/compare/", {"program": VALUES["place"], "zip": "59935"}, headers=headers).status_code,
    ]
    assert statuses == [500, 500]


def in_a_form(patch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    client.get("/match/who/")
    for name in ("intake.journey.Journey.__init__", "intake.submitting.submit_doctor_match"):
        patch.setattr(name, _fails)
    assert client.post("/match/contact/", VALUES).status_code == 500


def in_a_task(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(promises, "keep", _fails)
    keep_promise.apply((1,))


def in_a_task_with_words(patch: pytest.MonkeyPatch) -> None:
    task = shared_task(name="tests.fails")(_fails)
    task.apply((WORDS,), {"more": WORDS})


def in_log_calls(patch: pytest.MonkeyPatch) -> None:
    log = logging.getLogger("intake.promises")
    log.error("A request of %s", WORDS, extra={"person": VALUES})
    log.critical(f"A request of {WORDS}")
    log.error(ValueError(WORDS))
    log.error("Odd %s %s", WORDS)
    log.error("It %s", WORDS, stack_info=True)
    logging.getLogger(VALUES["email"]).error("x")
    try:
        _fails()
    except ValueError:
        log.exception(WORDS)
        log.error("Handled: %s", WORDS)
    kind = type(WORDS, (Exception,), {"__module__": WORDS})
    log.error("x", exc_info=kind(WORDS))


def through_the_sdk(patch: pytest.MonkeyPatch) -> None:
    """Whatever somebody may call one day."""
    with sentry_sdk.isolation_scope() as scope:
        scope.set_user({"id": VALUES["name"], "email": VALUES["email"], "ip_address": "8.8.8.8"})
        scope.set_tag("who", VALUES["name"])
        scope.set_context("person", dict(VALUES))
        scope.set_extra("person", VALUES)
        scope.set_transaction_name(f"/my/{VALUES['name']}/")
        scope.add_breadcrumb(message=WORDS, data=VALUES)
        scope.add_attachment(bytes=WORDS.encode(), filename="story.txt")
        logging.getLogger("intake").error("Of %s", WORDS)
        sentry_sdk.capture_message(WORDS)
        sentry_sdk.capture_exception(ValueError(WORDS))
        sentry_sdk.capture_event({"message": WORDS, "type": "feedback", "contexts": {"feedback": {"message": WORDS}}})
        sentry_sdk.crons.capture_checkin(monitor_slug=VALUES["note"], status="error")


def traced(patch: pytest.MonkeyPatch) -> None:
    """With traces and metrics switched on behind our back."""
    options = sentry_sdk.get_client().options
    patch.setitem(options, "traces_sample_rate", 1.0)
    with sentry_sdk.start_transaction(name=f"/my/{VALUES['name']}/", op="x") as trace:
        trace.set_data("told", WORDS)
        with sentry_sdk.start_span(name=WORDS):
            logging.getLogger("intake").error("Of %s", WORDS)


WAYS = [in_a_view, in_a_form, in_a_task, in_a_task_with_words, in_log_calls, through_the_sdk, traced]


@pytest.mark.parametrize("way", WAYS)
def test_no_report_tells(on: list[bytes], monkeypatch: pytest.MonkeyPatch, way: Callable[..., None]) -> None:
    way(monkeypatch)
    sentry_sdk.flush()
    assert on, "nothing was reported: this test would see nothing"
    whole = b"\n".join(on).decode()
    assert not CANARY.search(whole), whole
    assert "8.8.8.8" not in whole
    assert {name for event in events(on) for name in fields(event)} <= MAY_SAY


@pytest.mark.parametrize("way", WAYS)
def test_a_report_that_is_not_built_anew_would_be_seen(
    settings: Any, monkeypatch: pytest.MonkeyPatch, way: Callable[..., None]
) -> None:
    """The same errors with the event as the SDK makes it."""
    settings.SENTRY_DSN = DSN
    Kept.sent = []
    monkeypatch.setattr(errors, "report", lambda event, hint: event)
    errors.configure(transport=Kept)
    try:
        way(monkeypatch)
        sentry_sdk.flush()
    finally:
        _off()
    assert CANARY.search(b"\n".join(Kept.sent).decode())
    assert not {name for event in events(Kept.sent) for name in fields(event)} <= MAY_SAY


def test_what_passes_by_the_report_ends_at_the_fence(
    settings: Any, monkeypatch: pytest.MonkeyPatch, on: list[bytes]
) -> None:
    """And without the fence it would leave."""

    def everything() -> str:
        through_the_sdk(monkeypatch)
        traced(monkeypatch)
        sentry_sdk.flush()
        return b"\n".join(Kept.sent).decode()

    assert not CANARY.search(everything())
    _off()
    Kept.sent = []
    monkeypatch.setattr(errors, "_fenced", lambda transport: transport)
    errors.configure(transport=Kept)
    assert '"type":"attachment"' in everything()


def test_a_whole_story_and_then_an_error_tell_nothing(on: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that a request goes through, and the desk failing with its row in hand."""
    row = the_whole_story()
    client = Client(raise_request_exception=False)
    client.force_login(get_user_model().objects.create_superuser("root"))
    monkeypatch.setattr("intake.admin.page._notes", _fails)
    assert client.get(f"/admin/intake/helprequest/{row.pk}/change/").status_code == 500
    sentry_sdk.flush()
    assert on
    assert not CANARY.search(b"\n".join(on).decode())


def test_a_report_says_where_to_look(on: list[bytes], monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    """Class, functions, lines, route and the reference of the log: enough to mend it."""
    caplog.handler.setFormatter(ScrubbedFormatter("%(message)s", as_json=True))
    in_a_view(monkeypatch)
    near, _ = events(on)
    assert near["transaction"] == "near"
    assert [one["type"] for one in near["exception"]["values"]] == ["LookupError", "ValueError"]
    frames = near["exception"]["values"][1]["stacktrace"]["frames"]
    assert frames[-1]["function"] == "_fails"
    assert any(frame["in_app"] and frame["module"].startswith("doctors.") and frame["lineno"] for frame in frames)
    assert near["tags"]["role"] == "web"
    assert near["tags"]["request"] in caplog.text


def test_a_task_is_named_with_its_exception(on: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    in_a_task(monkeypatch)
    (event,) = events(on)
    assert event["transaction"] == "intake.keep_promise"
    assert event["exception"]["values"][-1]["type"] == "ValueError"
    assert len(event["tags"]["request"]) == 36


def test_an_error_that_is_handled_is_named_too(on: list[bytes]) -> None:
    try:
        raise KeyError(WORDS)
    except KeyError as error:
        logging.getLogger("intake.sweeping").error("A sweep stopped: %s", type(error).__name__)
    (event,) = events(on)
    assert event["exception"]["values"][0]["type"] == "KeyError"
    assert event["logentry"]["message"].startswith("intake.sweeping: test_an_error_that_is_handled_is_named_too, line ")


def test_what_is_no_error_of_ours_is_not_reported(on: list[bytes], client: Client) -> None:
    client.get("/nowhere/")
    client.get("/", headers={"host": "elsewhere.example"})
    logging.getLogger("intake").warning("One")
    request = RequestFactory().get("/")
    log_response("x", response=client.get("/nowhere/"), request=request)
    assert on == []


def test_it_goes_over_the_wire_as_it_is_read_here(settings: Any) -> None:
    """The SDK's own transport, to a server on this machine."""
    got: list[bytes] = []

    class Server(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            packed = {"gzip": gzip.decompress, "br": __import__("brotli").decompress}
            got.append(str(self.headers).encode() + packed[self.headers["Content-Encoding"]](body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SENTRY_DSN = f"http://key@127.0.0.1:{server.server_port}/7"
    try:
        errors.configure()
        logging.getLogger("intake").error("Of %s", WORDS)
        sentry_sdk.flush(timeout=10)
    finally:
        _off()
        server.shutdown()
        server.server_close()
    (body,) = got
    assert b"test_it_goes_over_the_wire" in body
    assert not CANARY.search(body.decode())


def test_without_an_address_nothing_is_imported_and_nothing_is_sent() -> None:
    code = (
        "import django; django.setup()\n"
        "from navigator import errors; errors.configure()\n"
        "import logging, sys; logging.getLogger('intake').error('x')\n"
        "sys.exit('sentry_sdk' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=_environment(""), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    done = subprocess.run([sys.executable, "-c", code], env=_environment(DSN), capture_output=True, text=True)
    assert done.returncode == 1, done.stderr


def _environment(dsn: str) -> dict[str, str]:
    import os

    # The address is one where nobody listens and no name has to be found.
    address = dsn.replace("reports.example", "127.0.0.1:9")
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "navigator.settings", "SENTRY_DSN": address}


def test_a_missing_package_stops_the_start(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("navigator.checks.find_spec", lambda name: None)
    assert start.settings_reasons() == []
    settings.SENTRY_DSN = DSN
    with pytest.raises(SystemExit, match=r"sentry-sdk is not installed.*requirements/sentry\.txt.*or unset SENTRY_DSN"):
        start.refuse_unless_ready()


@pytest.mark.parametrize(
    "address", ["x", "http://key@reports.example/7", "https://reports.example/7", "https://key@h/x"]
)
def test_an_address_that_is_none_stops_the_start(settings: Any, address: str) -> None:
    settings.SENTRY_DSN = address
    assert ["E030" in reason for reason in start.settings_reasons()] == [True]
    settings.SENTRY_DSN = DSN
    assert start.settings_reasons() == []
