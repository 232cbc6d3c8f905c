"""Several people at once, each with a connection of their own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections, connection, connections


def at_once(*calls: Callable[[], Any]) -> list[Exception]:
    """Runs all in threads that start together; what they raised."""
    start, failures = threading.Barrier(len(calls)), []

    def run(call: Callable[[], Any]) -> None:
        close_old_connections()
        try:
            start.wait()
            call()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.close()
    return failures
