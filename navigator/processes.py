"""A small supervisor for `make run` and `make stack`: starts, names, restarts and stops processes, as compose would.

A process that dies, however it dies, is started again a second later. Ctrl-C or SIGTERM stops all of them in reverse
order, and nothing is left behind: each has a process group of its own, and the kernel tells it when we are killed.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Protocol

from navigator.servers import Server, die_with_parent

RESTART_AFTER = 1.0  # seconds
GRACE = 12.0  # seconds between asking and ending


class Runnable(Protocol):
    """What the supervisor needs of a process."""

    name: str
    address: str

    @property
    def pid(self) -> int: ...
    def launch(self) -> None: ...
    def died(self) -> bool: ...
    def ask_to_stop(self) -> None: ...
    def end(self) -> None: ...


@dataclass
class Program:
    """A command with its environment."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    address: str = "-"
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def launch(self) -> None:
        self.end()  # children of a process that was killed
        self.process = subprocess.Popen(  # noqa: S603  our own command
            self.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def end(self) -> None:
        """The whole group, at once."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        finally:
            self.process.wait()


@dataclass
class ServerProcess:
    """A PostgreSQL or Redis of ours, started again on the same socket."""

    name: str
    server: Server
    address: str

    @property
    def pid(self) -> int:
        return self.server.pid

    def launch(self) -> None:
        self.server.start_process()

    def died(self) -> bool:
        return self.server.process is not None and self.server.process.poll() is not None

    def ask_to_stop(self) -> None:
        self.server.halt()

    def end(self) -> None:
        self.server.stop()


class Supervisor:
    """Runs until it is told to stop."""

    def __init__(self, *, say: Callable[[str], None] = print) -> None:
        self.running: list[Runnable] = []
        self.say = say
        self.stopping = False
        self.restart_at: dict[str, float] = {}

    def add(self, process: Runnable, *, launched: bool = False) -> None:
        """Start it and watch over it from now on."""
        if not launched:
            process.launch()
        self.running.append(process)
        self.tell(process)

    def tell(self, process: Runnable) -> None:
        self.say(f"{process.name:<10} pid {process.pid:<8} {process.address}")

    def heed_signals(self) -> None:
        """SIGINT and SIGTERM end `run`."""

        def stop(number: int, frame: FrameType | None) -> None:
            self.stopping = True

        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGTERM, stop)

    def run(self) -> None:
        while not self.stopping:
            self.watch()
            time.sleep(0.1)
        self.stop()

    def watch(self) -> None:
        """One look: who died is noted, who has been down for a second is started again."""
        for process in self.running:
            if not process.died():
                continue
            now = time.monotonic()
            if process.name not in self.restart_at:
                self.say(f"{process.name:<10} pid {process.pid:<8} died; starting it again")
                self.restart_at[process.name] = now + RESTART_AFTER
            elif now >= self.restart_at[process.name]:
                self._again(process)

    def _again(self, process: Runnable) -> None:
        try:
            process.launch()
        except RuntimeError as error:  # a server that cannot start yet: say it, try again in a second
            self.say(f"{process.name}: {error}")
            self.restart_at[process.name] = time.monotonic() + RESTART_AFTER
            return
        del self.restart_at[process.name]
        self.tell(process)

    def stop(self) -> None:
        """Programs first, all asked at once; then the servers they need."""
        programs = [process for process in self.running if isinstance(process, Program)]
        for program in reversed(programs):
            program.ask_to_stop()
        end = time.monotonic() + GRACE
        while time.monotonic() < end and not all(program.died() for program in programs):
            time.sleep(0.05)
        for process in reversed(self.running):
            process.end()
        if self.running:
            self.say("All stopped.")
