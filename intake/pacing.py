"""How often one network may ask for something: counted in this process, under a name that nobody can turn back.

An address is never stored: what is kept, in memory and for an hour, is its digest under a key that ends with the
process. With several processes a network may ask as many times more; the limits of the whole site stand behind this.
"""

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from navigator.networks import network

__all__ = ["Pace", "network"]

MOST_NETWORKS = 10_000  # remembered at once; the oldest are let go first


class Pace:
    """At most `times` in `seconds` for one network. Safe for threads."""

    def __init__(self, *, times: int, seconds: float = 3600, clock: Callable[[], float] = time.monotonic) -> None:
        self.times, self.seconds, self.clock = times, seconds, clock
        self.key = secrets.token_bytes(32)
        self.seen: OrderedDict[bytes, deque[float]] = OrderedDict()
        self.lock = threading.Lock()

    def allows(self, network: str) -> bool:
        """May this network ask once more? Counts it, if so. One that cannot be told is not held up here."""
        if not network:
            return True
        name = hmac.new(self.key, network.encode(), hashlib.sha256).digest()
        now = self.clock()
        with self.lock:
            asked = self.seen.setdefault(name, deque())
            self.seen.move_to_end(name)
            while asked and asked[0] <= now - self.seconds:
                asked.popleft()
            while len(self.seen) > MOST_NETWORKS:
                self.seen.popitem(last=False)
            if len(asked) >= self.times:
                return False
            asked.append(now)
            return True

    def forget(self) -> None:
        """Everything, at once."""
        with self.lock:
            self.seen.clear()
