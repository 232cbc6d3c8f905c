"""A worker that answers pings and takes no work ends itself, so that whoever watches over it starts it again.

Celery's worker can be left like that by a Redis that fell silent for some seconds: it never hears that its last message
was taken, and asks for no other. Whether it does its work is judged by what it receives and by what is late in the
database, never by asking it.
"""

import logging
import os
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, connections

log = logging.getLogger(__name__)

PATIENCE = 60.0  # seconds without a task; beat sends one every five
EVERY = 5.0  # seconds between two looks
STALLED = 70  # exit status: EX_SOFTWARE of sysexits.h


class Guard:
    """Ends the process when nothing was `heard` for `patience` seconds while something `is_late`. A worker to which
    nothing is sent because nothing is to be done goes on."""

    def __init__(
        self,
        *,
        is_late: Callable[[], bool],
        patience: float = PATIENCE,
        every: float = EVERY,
        end: Callable[[int], object] = os._exit,
    ) -> None:
        self.is_late, self.patience, self.every, self.end = is_late, patience, every, end
        self.last = time.monotonic()

    def heard(self) -> None:
        """A task has come."""
        self.last = time.monotonic()

    def start(self) -> None:
        """Watch in a thread of its own: the worker's own timer stops with its connection."""
        self.last = time.monotonic()
        threading.Thread(target=self._watch, name="stalls", daemon=True).start()

    def is_stalled(self) -> bool:
        """A database that does not answer is no reason: the worker could do nothing then either."""
        if time.monotonic() - self.last < self.patience:
            return False
        try:
            return self.is_late()
        except DatabaseError:
            return False
        finally:
            connections.close_all()  # this thread's own; the worker forks, and must not share it

    def _watch(self) -> None:
        while not self.is_stalled():
            time.sleep(self.every)
        log.error("No task for %.0f seconds, and promises are late: this worker ends.", self.patience)
        self.end(STALLED)
