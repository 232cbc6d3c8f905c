"""Is the process alive, and can the site keep its promises?

`/health/live` answers as long as Python runs. `/health/ready` asks the database, the schema of the broker and whatever
the apps have registered with `probe`; each probe returns "ok" or a short sentence without personal data.
"""

from collections.abc import Callable

from celery import current_app
from django.db import DatabaseError, connection

Probe = Callable[[], str]

_probes: dict[str, Probe] = {}
# A site whose broker is away still takes and routes requests (by the sweep command): worth saying, not worth a 503.
_ADVICE = {"broker"}


def probe(name: str) -> Callable[[Probe], Probe]:
    """Register a probe under `name`; an app does this from its `AppConfig.ready`."""

    def register(function: Probe) -> Probe:
        _probes[name] = function
        return function

    return register


def answer(name: str) -> str:
    """What one probe says now. Raises DatabaseError, and KeyError for one that nobody registered."""
    return _probes[name]()


def report() -> tuple[bool, dict[str, str]]:
    """(ready, {probe: "ok" or what is wrong})."""
    answers: dict[str, str] = {}
    for name, function in _probes.items():
        try:
            answers[name] = function()
        except DatabaseError as error:
            answers[name] = f"no answer ({type(error).__name__})"
    ready = all(answer == "ok" for name, answer in answers.items() if name not in _ADVICE)
    return ready, answers


@probe("database")
def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


@probe("broker")
def _broker() -> str:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    except Exception as error:  # kombu lets every transport's own errors through
        return f"no answer ({type(error).__name__}); promises wait for the sweep"
    return "ok"
