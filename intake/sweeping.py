"""What is done every few seconds, with a broker and without: one place, in which no failure holds up the rest."""

import logging
from collections.abc import Callable
from typing import Any

from intake import promises, resending

log = logging.getLogger(__name__)


def sweep(*, seconds: float = 8.0) -> int:
    """Answer those who lost their link, and keep every promise that is due, for `seconds` at most. How many promises
    were kept."""
    guarded(resending.answer)
    return guarded(lambda: promises.sweep(seconds=seconds))


def guarded(work: Callable[[], Any]) -> int:
    """Do it; how many, if it counts. A failure is said and holds up nobody."""
    try:
        done = work()
        return done if isinstance(done, int) else 0
    except Exception as error:  # its text may be anybody's: only its class is said
        log.error("A sweep stopped: %s", type(error).__name__)
        return 0
