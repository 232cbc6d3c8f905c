"""Reports of errors to a Sentry of the owner's choice: off unless SENTRY_DSN is set, and without a word of anybody.

What is logged as an error is reported, and nothing else. A report is not an event of the SDK with parts taken out: it
is built anew (`report`), from names of our own code alone. It says which class of exception, in which functions and
lines, at which route or task, and the reference under which the log (`navigator.logs`) has the scrubbed words. It has
no message, no value of a variable, no address, header, cookie, query, body or user, and not the name of this machine.
Whatever else the SDK may want to send (sessions, traces, check-ins, attachments, logs) ends at a fence before its
transport. How long pages and tasks take is for `navigator.access` and `navigator.metrics`.
"""

import logging
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePath
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

from celery import current_task
from django.conf import settings
from django.http import HttpRequest

from navigator import access, tracing
from navigator.logs import scrub

if TYPE_CHECKING:
    from sentry_sdk._types import DataCollectionUserOptions
    from sentry_sdk.envelope import Envelope
    from sentry_sdk.transport import Transport

# Asked of the SDK too, though none of it could leave: so it is not even collected.
COLLECTED: "DataCollectionUserOptions" = {
    "user_info": False,
    "cookies": {"mode": "off"},
    "http_headers": {"request": {"mode": "off"}},
    "http_bodies": [],
    "url_query_params": {"mode": "off"},
    "database_query_data": False,
    "queues": False,
    "stack_frame_variables": False,
    "frame_context_lines": 0,
}
OURS = ("navigator", "content", "doctors", "intake")
DEEP = 10  # exceptions behind each other
FRAMES = 60  # of one exception, the last ones
LEVELS = {logging.ERROR: "error", logging.CRITICAL: "fatal"}
# A function, module, class, route or task as Python and Django spell them. A sentence, an address or a number is none.
_NAME = re.compile(r"[A-Za-z_<][\w.:<>\-]{0,199}", re.ASCII)
_ID = re.compile(r"[0-9a-f]{32}")


def configure(*, transport: "type[Transport] | None" = None) -> None:
    """Report from now on, in this process and those it forks, if SENTRY_DSN says where to. `transport` is for tests.
    Costs a page nothing: a bounded queue and one thread send, and what does not fit is dropped."""
    if not settings.SENTRY_DSN:
        return
    import sentry_sdk  # an optional package: `navigator.checks` refuses a start without it
    from sentry_sdk.integrations.atexit import AtexitIntegration
    from sentry_sdk.integrations.logging import LoggingIntegration
    from sentry_sdk.transport import HttpTransport

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        transport=_fenced(transport or HttpTransport),
        before_send=report,
        before_send_transaction=lambda event, hint: None,
        environment=settings.ENVIRONMENT,
        release=settings.SENTRY_RELEASE,  # empty, and not None, for which the SDK would ask git
        server_name="",
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR, sentry_logs_level=None),
            AtexitIntegration(callback=lambda pending, timeout: None),
        ],
        data_collection=COLLECTED,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=None,
        propagate_traces=False,
        auto_session_tracking=False,
        send_client_reports=False,
        enable_logs=False,
        enable_metrics=False,
        spotlight=False,
    )


def report(event: Any, hint: dict[str, Any]) -> Any:
    """What may leave of an error, or None for nothing. Of the SDK's `event` only its number is read."""
    record = hint.get("log_record")
    if not isinstance(record, logging.LogRecord) or record.name.startswith("django.security"):
        return None  # the second: what strangers try, which is no error of the site
    where, error = _where(record), _exception(record)
    told = {
        "event_id": event["event_id"] if _ID.fullmatch(event["event_id"]) else None,
        "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
        "platform": "python",
        "level": LEVELS.get(record.levelno, "error"),
        "logger": _name(record.name),
        "environment": _name(settings.ENVIRONMENT),
        "release": settings.SENTRY_RELEASE,
        "transaction": where,
        "tags": {"role": _name(settings.PROCESS_ROLE), "request": tracing.current_id()},
        "logentry": {"message": f"{_name(record.name)}: {_name(record.funcName)}, line {record.lineno}"},
        "exception": {"values": [_told(one) for one in reversed([*_behind(error)])]} if error else None,
    }
    return {field: value for field, value in told.items() if value}


def _name(text: object) -> str:
    """`text` if it is a name of code, else a question mark."""
    return text if isinstance(text, str) and _NAME.fullmatch(text) and scrub(text) == text else "?"


def _where(record: logging.LogRecord) -> str:
    """The route of a request that failed, or the task that runs; empty for neither."""
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        return _name(access.route_of(request))
    return _name(current_task.name) if current_task and current_task.request.id else ""


def _exception(record: logging.LogRecord) -> BaseException | None:
    """The logged one, else the one that is being handled where the line was written."""
    logged = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    return logged or sys.exception()


def _behind(error: BaseException) -> Iterator[BaseException]:
    """It and what led to it."""
    seen: list[int] = []
    following: BaseException | None = error
    while following and id(following) not in seen and len(seen) < DEEP:
        yield following
        seen.append(id(following))
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def _told(error: BaseException) -> dict[str, Any]:
    """Its class and its way, without its words."""
    kind = type(error)
    frames = [_frame(frame, line) for frame, line in walk_tb(error.__traceback__)][-FRAMES:]
    told: dict[str, Any] = {"type": _name(kind.__qualname__), "module": _name(kind.__module__)}
    return told | ({"stacktrace": {"frames": frames}} if frames else {})


def _frame(frame: Any, line: int) -> dict[str, Any]:
    module = _name(frame.f_globals.get("__name__"))
    return {
        "module": module,
        "filename": _name(PurePath(frame.f_code.co_filename).name),
        "function": _name(frame.f_code.co_name),
        "lineno": line,
        "in_app": module.partition(".")[0] in OURS,
    }


def _fenced(transport: "type[Transport]") -> "type[Transport]":
    """The same, and nothing passes but reports, with no more on the envelope than number and time."""

    def capture_envelope(self: "Transport", envelope: "Envelope") -> None:
        said = envelope.headers
        envelope.headers = {name: said[name] for name in ("event_id", "sent_at") if name in said}
        envelope.items = [item for item in envelope.items if item.type == "event"]
        if envelope.items:
            transport.capture_envelope(self, envelope)

    return type(f"Fenced{transport.__name__}", (transport,), {"capture_envelope": capture_envelope})
