"""Which request, or which task, a line of the log belongs to.

Each request gets a reference of its own (`navigator.access`); one that comes with the request is not looked at. In a
worker it is the id of the task that runs, as Celery itself knows it. Knows nothing of settings or apps, because the
formatter of the logs (`navigator.logs`) is made before them.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from celery import current_task

# No vowels, so that it spells nothing, and no digits, so that no scrubbing takes it for a phone number.
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_TASK_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

_current: ContextVar[str] = ContextVar("request_id", default="")


def new_id() -> str:
    """69 random bits in a form that can be read out on the phone: `KTRB-MWZX-PLDF-QHNV`."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


@contextmanager
def request(name: str) -> Iterator[None]:
    """Everything within belongs to the request called `name`."""
    token = _current.set(name)
    try:
        yield
    finally:
        _current.reset(token)


def current_id() -> str:
    """The id of the task that runs, else of the request that is answered; empty where there is neither."""
    task = current_task.request.id if current_task else None  # a proxy that is false outside of any task
    if task and _TASK_ID.fullmatch(task):
        return str(task)
    return _current.get()
