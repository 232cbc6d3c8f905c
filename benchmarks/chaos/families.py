"""Families who ask for help, several at once, and what each of them was told."""

import threading
import time
import urllib.error
from dataclasses import dataclass, field
from itertools import count

from benchmarks.family import LAST, Family

_numbers = count(1)


@dataclass
class Told:
    """`done`: the page said "we have it". `refused`: it said no, and kept what was typed. `unknown`: nothing came back.
    `key` is the submission's UUID; `seconds` how long the last page took."""

    outcome: str
    key: str
    reference: str = ""
    seconds: float = 0.0


@dataclass
class Crowd:
    """`at_once` families at a time, the next one as soon as one is done, until `stop`."""

    home: str
    at_once: int = 4
    visitor: type[Family] = Family
    told: list[Told] = field(default_factory=list)
    turned_away: int = 0  # before the last page: nothing was promised
    broken: list[str] = field(default_factory=list)  # pages that answered 500: never

    def __post_init__(self) -> None:
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._come, daemon=True) for _ in range(self.at_once)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Whoever has begun may end."""
        self.over.set()
        for thread in self.threads:
            thread.join(60)

    def _come(self) -> None:
        while not self.over.is_set():
            try:
                self._ask(self.visitor(self.home, next(_numbers)))
            except urllib.error.HTTPError as error:
                self.turned_away += 1
                if error.code == 500:
                    self.broken.append(str(error.url).split("?", maxsplit=1)[0])
                time.sleep(0.1)
            except (OSError, KeyError, AssertionError):
                self.turned_away += 1
                time.sleep(0.1)

    def _ask(self, family: Family) -> None:
        hidden = family.fill_in()
        self.told.append(self._send(family, hidden, hidden["submission"].split(":")[0]))

    def _send(self, family: Family, hidden: dict[str, str], key: str) -> Told:
        started = time.monotonic()
        try:
            reference = family.send(hidden)
        except urllib.error.HTTPError as error:
            if error.code == 500:
                self.broken.append(LAST)
            return Told("refused", key, seconds=time.monotonic() - started)
        except OSError:
            return Told("unknown", key, seconds=time.monotonic() - started)
        return Told("done" if reference else "refused", key, reference, time.monotonic() - started)
