"""`make run` and `make stack`: everything this site needs, on this machine only, with sample people.

`python -m navigator.demo run` uses SQLite and a folder as the broker; `python -m navigator.demo stack` uses PostgreSQL,
Redis and collected files, as a deployment does. Keys are made once and kept with the data; nothing here is for real
families. This is no `manage.py` command because the settings need the keys that it makes.
"""

import fcntl
import hashlib
import os
import secrets
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from cryptography.fernet import Fernet

from navigator.processes import Program, ServerProcess, Supervisor
from navigator.servers import Postgres, Redis

APP = "navigator_app"  # as in navigator.database_roles, which needs Django and its settings
ROOT = Path(__file__).resolve().parent.parent
WAIT = 90  # seconds until the first page must answer
ON = ("1", "true", "yes", "on")


def main(arguments: Sequence[str]) -> int:
    """0 after a clean stop, 1 with a sentence when it cannot start."""
    if list(arguments) not in (["run"], ["stack"]):
        print("Usage: python -m navigator.demo run|stack")  # noqa: T201
        return 1
    wanted = os.environ.get("PORT") or "8000"
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        print(f"PORT is {wanted!r}. Name a number, for example: PORT=8001 make {arguments[0]}")  # noqa: T201
        return 1
    port = int(wanted)
    if not _is_free(port):
        print(f"Port {port} is taken. Stop what answers there, or choose another: PORT={port + 1} make {arguments[0]}")  # noqa: T201
        return 1
    supervisor = Supervisor(say=lambda line: print(line, flush=True))  # noqa: T201
    supervisor.heed_signals()
    try:
        environment = _run(port) if arguments[0] == "run" else _stack(port, supervisor)
        _serve(supervisor, environment, port, full=arguments[0] == "stack")
    except (RuntimeError, LookupError, subprocess.CalledProcessError) as error:
        print(f"Not started: {error}", flush=True)  # noqa: T201
        supervisor.stop()
        return 1
    return 0


def _run(port: int) -> dict[str, str]:
    """The environment of `make run`: a database file and a broker folder under .demo/."""
    folder = _folder(ROOT / ".demo")
    return _environment(folder, port) | {
        "DEBUG": "true" if os.environ.get("DEBUG", "").lower() in ON else "",
        "DATABASE_URL": f"sqlite:///{folder / 'navigator.sqlite3'}",
        "REDIS_URL": "",
        "BROKER_FOLDER": str(folder / "broker"),
    }


def _stack(port: int, supervisor: Supervisor) -> dict[str, str]:
    """The environment of `make stack`; starts those servers that are not given by DATABASE_URL and REDIS_URL."""
    folder = _folder(_stack_folder())
    environment = _environment(folder, port) | {
        "STATIC_ROOT": str(folder / "static"),
        "DEBUG": "",
        "READY_PAGES": "true",
    }
    if not environment.get("DATABASE_URL"):
        postgres = Postgres(data=folder / "postgresql")
        environment["DATABASE_URL"] = environment["OWNER"] = postgres.start()
        supervisor.add(ServerProcess("postgres", postgres, environment["DATABASE_URL"]), launched=True)
    if not environment.get("REDIS_URL"):
        redis = Redis(data=folder / "redis")
        environment["REDIS_URL"] = redis.start()
        supervisor.add(ServerProcess("redis", redis, environment["REDIS_URL"]), launched=True)
    return environment


def _serve(supervisor: Supervisor, environment: dict[str, str], port: int, *, full: bool) -> None:
    """Prepare the data, then web, worker and beat until somebody stops us."""
    folder = Path(environment["DATA_FOLDER"])
    _write_environment(folder / "environment", environment)
    _manage(environment, ["prepare"], *([["collectstatic", "--noinput", "-v", "0"]] if full else []))
    if "OWNER" in environment and not supervisor.stopping:  # a server of ours: the site is not who owns the tables
        _manage(environment, ["make_roles"])
        environment["DATABASE_URL"] = environment["OWNER"].replace("//postgres@", f"//{APP}@", 1)
    for program in [] if supervisor.stopping else _programs(environment, port, folder, full=full):
        supervisor.add(program)
    if _answers(environment["SITE_URL"] + "/", supervisor):
        supervisor.say(f"\n{environment['SITE_URL']}/        the site")
        supervisor.say(f"{environment['SITE_URL']}/admin/  the desk: admin, password {environment['DEMO_PASSWORD']}")
        supervisor.say(f"{environment['MAIL_FOLDER']}  its mail\nCtrl-C stops everything.\n")
    elif not supervisor.stopping:
        supervisor.say(
            f"{environment['SITE_URL']}/ does not answer yet. The lines above say why. Ctrl-C stops everything."
        )
    supervisor.run()


def _manage(environment: dict[str, str], *commands: list[str]) -> None:
    """`manage.py` commands side by side. Raises CalledProcessError when one fails."""
    started = [
        subprocess.Popen([sys.executable, "manage.py", *command], cwd=ROOT, env=environment)  # noqa: S603
        for command in commands
    ]
    for process in started:
        if process.wait():
            raise subprocess.CalledProcessError(process.returncode, process.args)


def _programs(environment: dict[str, str], port: int, folder: Path, *, full: bool) -> list[Program]:
    """Web, worker, beat. The worker waits for its broker; a web process never does (PROCESS_ROLE)."""
    python = [sys.executable, "-m"]
    threads, workers = ("8", "2") if full else ("4", "1")
    at = ["--host", "127.0.0.1", "--port", str(port)]
    size = ["--workers", workers, "--blocking-threads", threads]
    web = [*python, "granian", "--interface", "wsgi", "navigator.wsgi:application", *at, *size]
    web += ["--no-ws", "--respawn-failed-workers", "--log-level", "warning"]
    if environment["DEBUG"]:
        web = [sys.executable, "manage.py", "runserver", f"127.0.0.1:{port}"]
    celery = [*python, "celery", "-A", "navigator", "--quiet"]
    quiet = ["--loglevel", "warning"]
    worker = [*celery, "worker", "-c", "2", "--without-gossip", "--without-mingle", "--without-heartbeat", *quiet]
    beat = [*celery, "beat", "-s", str(folder / "beat-schedule"), "--pidfile", "", *quiet]
    broker = environment["REDIS_URL"] or environment.get("BROKER_FOLDER", "")
    return [
        Program("web", web, environment, environment["SITE_URL"]),
        Program("worker", worker, environment | {"PROCESS_ROLE": "worker"}, broker),
        Program("beat", beat, environment | {"PROCESS_ROLE": "beat"}, broker),
    ]


def _environment(folder: Path, port: int) -> dict[str, str]:
    """What every process of the demo sees: ours wins over what is set outside, but for the servers' addresses."""
    return {
        **os.environ,
        **_keys(folder / "keys"),
        "ENVIRONMENT": "demo",
        "PYTHONPATH": str(ROOT),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "MAIL_FOLDER": str(folder / "mail"),
        "DATA_FOLDER": str(folder),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore:You're running the worker",  # as root: true of a server, not of a try
    }


def _keys(file: Path) -> dict[str, str]:
    """Keys and the admin's password: made once, readable by the owner only."""
    if not file.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(64),
            "FIELD_KEYS": Fernet.generate_key().decode(),
            "LOOKUP_KEY": secrets.token_urlsafe(40),
            "DEMO_PASSWORD": secrets.token_urlsafe(12),
        }
        new = file.with_suffix(".new")  # renamed when whole: half a set of keys would be worse than none
        new.touch(mode=0o600)
        new.write_text("".join(f"{name}={value}\n" for name, value in made.items()))
        new.rename(file)
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


def _write_environment(file: Path, environment: dict[str, str]) -> None:
    """For whoever wants to join in: `. .stack/environment` and then manage.py or psql."""
    names = ("SECRET_KEY", "FIELD_KEYS", "LOOKUP_KEY", "ENVIRONMENT", "SITE_URL", "ALLOWED_HOSTS", "MAIL_FOLDER",
             "DATABASE_URL", "REDIS_URL", "BROKER_FOLDER", "STATIC_ROOT")  # fmt: skip
    file.touch(mode=0o600)
    lines = (f"export {name}={shlex.quote(environment[name])}\n" for name in names if name in environment)
    file.write_text("".join(lines))


_locks: list[TextIO] = []  # open as long as this process lives


def _folder(folder: Path) -> Path:
    """The data folder, ours alone: mail holds links to families' pages. Raises RuntimeError when another run has it."""
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)  # PostgreSQL's user passes through, and sees no list
    lock = (folder / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise RuntimeError(f"Another run uses {folder}. Stop it first.") from error
    _locks.append(lock)
    for name in ("mail", "broker"):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    for name in ("broker/messages", "broker/control"):
        (folder / name).mkdir(exist_ok=True)
    return folder


def _stack_folder() -> Path:
    """STACK_FOLDER or .stack. PostgreSQL runs as `nobody` when we are root: where nobody cannot go, elsewhere."""
    wanted = Path(os.environ.get("STACK_FOLDER") or ROOT / ".stack").resolve()
    way = [folder for folder in (wanted, *wanted.parents) if folder.exists()]
    if os.geteuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in way):
        return wanted
    name = f"navigator-{hashlib.sha256(str(wanted).encode()).hexdigest()[:8]}"
    # Looked at in the next line.
    other = Path("/var/tmp") / name  # noqa: S108  # nosec B108
    if other.is_symlink() or (other.exists() and other.stat().st_uid != os.geteuid()):  # anybody may write there
        raise RuntimeError(f"{other} belongs to somebody else. Name a folder that `nobody` can enter: STACK_FOLDER=…")
    print(f"The database's user cannot enter {wanted}; using {other}.", flush=True)  # noqa: T201
    return other


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _answers(url: str, supervisor: Supervisor) -> bool:
    """Wait for the first page, while watching over the processes."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end and not supervisor.stopping:
        supervisor.watch()
        try:
            # Our own address.
            # nosemgrep: asks-another-machine
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  # nosec B310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
