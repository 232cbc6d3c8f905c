"""A `make stack` of its own, and hands on its processes: pids, signals, SQL. Nothing of it is left when it ends."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
import redis

from benchmarks.proxy import free_port
from navigator.servers import die_with_parent

ROOT = Path(__file__).resolve().parent.parent.parent
STARTS = 240.0  # seconds until it answers: it loads every text and listing
_PID = re.compile(r"^(\w+) +pid (\d+) +(?!died)")


class Stack:
    """`with Stack() as stack:` runs PostgreSQL, Redis, web, worker and beat, watched over as in production."""

    def __enter__(self) -> "Stack":
        self.folder = Path(tempfile.mkdtemp(prefix="nav-chaos-", dir="/var/tmp"))
        self.folder.chmod(0o711)
        self.pids: dict[str, int] = {}
        self.lines: list[str] = []
        self.home = f"http://127.0.0.1:{free_port()}"
        inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "navigator.demo", "stack"],
            cwd=ROOT,
            env={
                **inherited,
                "STACK_FOLDER": str(self.folder),
                "PORT": self.home.rsplit(":", 1)[1],
                "FASTEST_JOURNEY": "0",  # these families are machines
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # also when a drill is killed
        )
        threading.Thread(target=self._read, daemon=True).start()
        self._wait_until_up()
        self.environment = _variables(self.folder / "environment")
        self.sql("UPDATE intake_advocate SET capacity = 30000")  # a crowd is no reason to wait for somebody
        return self

    def __exit__(self, *error: object) -> None:
        for pid in list(self.pids.values()):
            self.signal(signal.SIGCONT, *self.family(pid))  # who sleeps cannot be asked to stop
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip())
            if found := _PID.match(line):
                self.pids[found[1]] = int(found[2])

    def _wait_until_up(self) -> None:
        end = time.monotonic() + STARTS
        while not any("Ctrl-C stops everything" in line for line in self.lines):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("The stack did not start:\n" + "\n".join(self.lines[-15:]))
            time.sleep(0.1)

    @property
    def mail(self) -> Path:
        """The folder that stands for the mail server."""
        return Path(self.environment["MAIL_FOLDER"])

    @property
    def redis(self) -> Any:
        return redis.Redis.from_url(self.environment["REDIS_URL"])

    def sql(self, query: str, *values: Any) -> list[Any]:
        """In a connection of its own, so that a restart of the server is over when it ends. Raises psycopg's errors."""
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **self.environment, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def signal(self, number: int, *pids: int) -> None:
        for pid in pids:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue

    def children(self, pid: int) -> list[int]:
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(status.read_text().rsplit(")", 1)[1].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == pid:
                found.append(int(status.parent.name))
        return found

    def family(self, pid: int) -> list[int]:
        """It and all below it."""
        return [pid, *(each for child in self.children(pid) for each in self.family(child))]

    def beat(self) -> subprocess.Popen[bytes]:
        """A second one beside the first."""
        command = [
            "-m",
            "celery",
            "-A",
            "navigator",
            "--quiet",
            "beat",
            "-s",
            str(self.folder / "second"),
            "--pidfile",
            "",
        ]
        environment = {**os.environ, **self.environment, "PYTHONPATH": str(ROOT), "PROCESS_ROLE": "beat"}
        return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)


def _variables(file: Path) -> dict[str, str]:
    words = (shlex.split(line)[1] for line in file.read_text().splitlines())
    return dict(word.split("=", 1) for word in words)


def median_of(values: Sequence[float], share: float) -> float:
    """The value below which `share` of them lie; 0 for none."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0
