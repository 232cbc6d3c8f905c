"""What goes wrong, by pid and signal. Each fault begins, lasts, and is healed; families come all the while.

Numbers are those of our list of faults. Not here: F7 (with F6, as Redis keeps a file here), F21 and F22 (clocks are
faked in `tests/intake/`), F23 (a full disk).
"""

import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from benchmarks.chaos.stack import Stack

Act = Callable[[Stack, float], None]  # the second is how many seconds a silence lasts


@dataclass(frozen=True)
class Fault:
    """`quick`: the last page takes under a second all the while. `settles`: seconds from the end of the fault until all
    is routed and told. `begins` comes back when it is healed."""

    says: str
    begins: Act
    quick: bool = False
    settles: float = 60.0


def _kill_a_child(of: str) -> Act:
    def begins(stack: Stack, seconds: float) -> None:
        for _ in range(3):
            stack.signal(signal.SIGKILL, *stack.children(stack.pids[of])[:1])
            time.sleep(seconds / 3)

    return begins


def _send(number: int, to: str, *, with_children: bool = False) -> Act:
    def begins(stack: Stack, seconds: float) -> None:
        pid = stack.pids[to]
        stack.signal(number, *(stack.family(pid) if with_children else [pid]))
        time.sleep(seconds)

    return begins


def _silence(who: str) -> Act:
    def begins(stack: Stack, seconds: float) -> None:
        asleep = stack.family(stack.pids[who])
        stack.signal(signal.SIGSTOP, *asleep)
        time.sleep(seconds)
        stack.signal(signal.SIGCONT, *asleep)

    return begins


def _forget_all(stack: Stack, seconds: float) -> None:
    """What waits in Redis is gone before the worker could see it."""
    asleep = stack.family(stack.pids["worker"])
    stack.signal(signal.SIGSTOP, *asleep)
    time.sleep(seconds / 2)
    stack.redis.flushall()
    stack.signal(signal.SIGCONT, *asleep)
    time.sleep(seconds / 2)


def _forget_and_die(stack: Stack, seconds: float) -> None:
    stack.redis.flushall()
    stack.signal(signal.SIGKILL, stack.pids["redis"])
    time.sleep(seconds)


def _redis_down(stack: Stack, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        stack.signal(signal.SIGKILL, stack.pids["redis"])
        time.sleep(0.2)


def _cut_connections(stack: Stack, seconds: float) -> None:
    for _ in range(5):
        with suppress(redis.RedisError):
            stack.redis.execute_command("CLIENT", "KILL", "TYPE", "normal")
            stack.redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        time.sleep(seconds / 5)


def _redis_full(stack: Stack, seconds: float) -> None:
    stack.redis.config_set("maxmemory", "1mb")
    time.sleep(seconds)
    stack.redis.config_set("maxmemory", "0")


def _end_backends(stack: Stack, seconds: float) -> None:
    for _ in range(3):
        stack.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname <> ''"
        )
        time.sleep(seconds / 3)


def _second_beat(stack: Stack, seconds: float) -> None:
    second = stack.beat()
    time.sleep(seconds + 5)
    second.terminate()
    second.wait(20)


def _mail_refused(stack: Stack, seconds: float) -> None:
    aside = stack.mail.with_name("mail-aside")
    stack.mail.rename(aside)
    stack.mail.touch()  # a file where the folder was: nothing can be handed over
    time.sleep(seconds)
    stack.mail.unlink()
    _put_back(aside, stack.mail)


def _put_back(aside: Path, mail: Path) -> None:
    """A mail may have come between: the folder is there again."""
    if mail.exists():
        for file in aside.iterdir():
            file.rename(mail / file.name)
        aside.rmdir()
    else:
        aside.rename(mail)


def _poison(stack: Stack, seconds: float) -> None:
    """A row that nothing can keep, first in the queue: the others go on."""
    stack.sql(
        "INSERT INTO intake_promise (kind, help_request_id, key, due_at, attempts, last_error, created_at)"
        " SELECT 'nonsense', min(id), 'poison', now() - interval '1 day', 0, '', now() FROM intake_helprequest"
    )
    end = time.monotonic() + 30
    while True:
        time.sleep(seconds)
        (seen,) = stack.sql("SELECT attempts, last_error, done_at FROM intake_promise WHERE key = 'poison'")
        if seen[1] or time.monotonic() > end:
            break
    assert seen[0] >= 1 and seen[1:] == ("ValueError", None), f"the poisoned row says {seen}"  # noqa: PT018
    stack.sql("DELETE FROM intake_promise WHERE key = 'poison'")


def _one_leaves(stack: Stack, seconds: float) -> None:
    stack.sql("UPDATE intake_advocate SET is_active = false WHERE id = (SELECT min(id) FROM intake_advocate)")
    done = stack.manage("shell", "-c", "from intake import absences; absences.hand_over_all()")
    time.sleep(seconds)
    stack.sql("UPDATE intake_advocate SET is_active = true")
    assert done.returncode == 0, done.stderr


def _nobody_there(stack: Stack, seconds: float) -> None:
    stack.sql("UPDATE intake_advocate SET is_active = false")
    time.sleep(seconds)
    stack.sql("UPDATE intake_advocate SET is_active = true")


def _migrate(stack: Stack, seconds: float) -> None:
    """What the first half of a change adds, while the old code goes on."""
    for change in ("ADD COLUMN later text NULL", "DROP COLUMN later"):
        for _ in range(20):
            try:
                stack.sql(f"SET lock_timeout = '500ms'; ALTER TABLE intake_helprequest {change}")
                break
            except psycopg.errors.LockNotAvailable:
                time.sleep(0.2)
        time.sleep(seconds / 2)
    done: subprocess.CompletedProcess[str] = stack.manage("migrate", "-v", "0")
    assert done.returncode == 0, done.stderr


FAULTS = {
    "F0": Fault("nothing", lambda stack, seconds: time.sleep(seconds), quick=True),
    "F1": Fault("a worker's child is killed, three times", _kill_a_child("worker"), quick=True),
    "F2": Fault("the worker's parent is killed", _send(signal.SIGKILL, "worker"), quick=True),
    "F3": Fault(
        "the worker is killed with its children", _send(signal.SIGKILL, "worker", with_children=True), quick=True
    ),
    "F4": Fault("the worker falls silent", _silence("worker"), quick=True),
    "F5": Fault("the worker is asked to stop", _send(signal.SIGTERM, "worker"), quick=True),
    "F6": Fault("Redis is killed, and what it held is gone", _forget_and_die, quick=True),
    "F8": Fault("what waits in Redis is gone", _forget_all, quick=True),
    "F9": Fault("Redis falls silent", _silence("redis"), quick=True),
    "F10": Fault("Redis is down", _redis_down, quick=True),
    "F11": Fault("every connection to Redis is cut, five times", _cut_connections, quick=True),
    "F12": Fault("Redis is full", _redis_full, quick=True),
    "F13": Fault("PostgreSQL stops at once and comes back", _send(signal.SIGQUIT, "postgres")),
    "F14": Fault("every connection to PostgreSQL is cut, three times", _end_backends),
    "F15": Fault("PostgreSQL falls silent", _silence("postgres")),
    "F16": Fault("a web process is killed, three times", _kill_a_child("web")),
    "F17": Fault("the web server is told to reload", _send(signal.SIGHUP, "web")),
    "F18": Fault("beat is killed", _send(signal.SIGKILL, "beat"), quick=True),
    "F19": Fault("two beats at once", _second_beat, quick=True),
    "F20": Fault("beat falls silent", _silence("beat"), quick=True),
    "F24": Fault("mail is refused", _mail_refused, quick=True),
    "F25": Fault("a promise that nothing can keep", _poison, quick=True),
    "F26": Fault("an advocate leaves", _one_leaves),
    "F27": Fault("no advocate is there", _nobody_there, quick=True, settles=120.0),
    "F28": Fault("the schema changes", _migrate),
}
SHORT = ("F3", "F6", "F8", "F9", "F13", "F16", "F20", "F24")
