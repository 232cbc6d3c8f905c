"""Ringing the doorbell: telling a worker at once that a promise is due.

A web process never waits for the broker: a bounded queue, one daemon thread, and ten seconds of silence after a
failure. A nudge that is dropped costs the family nothing: the sweep finds the row.
"""

import logging
import queue
import threading
import time

log = logging.getLogger(__name__)

WAITING = 200
TOGETHER = 20
PAUSE = 10.0  # seconds without a try after a failure

_waiting: queue.Queue[int] = queue.Queue(maxsize=WAITING)
_starting = threading.Lock()
_thread: threading.Thread | None = None
_silent_until = 0.0  # on the monotonic clock


def nudge(promise_pk: int) -> None:
    """Never blocks, never raises. Call it after commit."""
    try:
        _waiting.put_nowait(promise_pk)
    except queue.Full:
        return
    _start()


def _taken() -> list[int]:
    """What waits, as soon as there is any: one message for TOGETHER, for publishing costs more than storing."""
    pks = [_waiting.get()]
    while len(pks) < TOGETHER:
        try:
            pks.append(_waiting.get_nowait())
        except queue.Empty:
            break
    return pks


def _start() -> None:
    """Lazily, so that it runs in the process that serves and not in the one that forked."""
    global _thread
    with _starting:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_run, name="nudges", daemon=True)
            _thread.start()


def _run() -> None:
    global _silent_until
    from intake.tasks import keep_promise

    while True:
        pks = _taken()
        if time.monotonic() < _silent_until:
            continue
        try:
            keep_promise.apply_async(pks, retry=False, ignore_result=True)  # nosemgrep: publish-to-the-broker
        except Exception as error:  # kombu lets every transport's own errors through
            _silent_until = time.monotonic() + PAUSE
            log.warning("The broker does not answer (%s); promises wait for the sweep.", type(error).__name__)
