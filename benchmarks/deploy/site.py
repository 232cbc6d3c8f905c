"""The site as compose.yaml runs it, in processes of this machine: the proxy, two web processes, worker and beat.

Each process runs a version's own code, style sheets and settings; what is asked of them here is what docker is asked of
in README.md, "Deploy".
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from cryptography.fernet import Fernet

from benchmarks import proxy
from benchmarks.deploy.versions import Version
from navigator import servers
from navigator.demo import APP

GRACE = {"web-a": 40.0, "web-b": 40.0, "worker": 45.0, "beat": 10.0}  # seconds, as in compose.yaml
DRAINS = 2.0  # seconds between the file and the stop
READY = 60.0  # seconds in which a web process says that it is ready
CELERY = ("celery", "-A", "navigator", "--quiet")
WORKER = (*CELERY, "worker", "-c", "2", "--without-gossip", "--without-mingle", "--loglevel", "warning")


class Site:
    """`with Site() as site`, then `site.prepare(version)`; nothing of it is left."""

    def __enter__(self) -> "Site":
        self.folder = Path(tempfile.mkdtemp(prefix="nav-deploy-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        (self.folder / "mail").mkdir()
        (self.folder / "proxy").mkdir()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.ports = {"web-a": proxy.free_port(), "web-b": proxy.free_port()}
        self.postgres, self.redis = servers.Postgres(), servers.Redis()
        self.owner = self.postgres.start()
        broker = self.redis.start()
        self.home = f"https://127.0.0.1:{(secure := proxy.free_port())}"
        self.proxy = proxy.start(self.folder / "proxy", *self.ports.values(), secure=secure)
        self.environment = {
            "PATH": os.environ["PATH"],
            "ENVIRONMENT": "demo",  # sample people; what else it allows is set as in production
            "SECOND_FACTOR": "true",
            "SECRET_KEY": Fernet.generate_key().decode() * 2,
            "FIELD_KEYS": Fernet.generate_key().decode(),
            "LOOKUP_KEY": Fernet.generate_key().decode(),
            "SITE_URL": self.home,
            "ALLOWED_HOSTS": "127.0.0.1",
            "REDIS_URL": broker,
            "DATABASE_URL": self.owner.replace("//postgres@", f"//{APP}@", 1),
            "MAIL_FOLDER": str(self.folder / "mail"),
            "LOG_FORMAT": "json",
            "FASTEST_JOURNEY": "0",  # these families are machines
            "PYTHONWARNINGS": "ignore:You're running the worker",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return self

    def __exit__(self, *error: object) -> None:
        for process in self.running.values():
            _kill(process)
        self.proxy.stop()
        self.redis.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def prepare(self, version: Version) -> None:
        """A database with the samples. Raises RuntimeError when a command fails."""
        self.manage(version, "prepare")
        self.manage(version, "make_roles")
        self.sql("UPDATE intake_advocate SET capacity = 30000")  # a crowd is no reason to wait for somebody

    def build(self, version: Version) -> None:
        """What the image does."""
        self.manage(version, "collectstatic", "--noinput", "-v", "0")

    def manage(self, version: Version, *command: str) -> subprocess.CompletedProcess[str]:
        """As the owner of the tables."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=version.folder,
            env=self._environment(version, "web") | {"DATABASE_URL": self.owner},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {command[0]}: {(done.stderr or done.stdout)[-2000:]}")
        return done

    def sql(self, query: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.owner, autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def start(self, name: str, version: Version) -> None:
        """A web process, worker or beat of that version."""
        command = {
            "worker": WORKER,
            "beat": (*CELERY, "beat", "-s", str(self.folder / "beat"), "--pidfile", "", "--loglevel", "warning"),
        }.get(name) or self._web(self.ports[name])
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=version.folder,
                env=self._environment(version, name.split("-")[0]),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=servers.die_with_parent(signal.SIGTERM),
            )

    def stop(self, name: str) -> float:
        """Asks, waits as long as compose.yaml does, then kills. Seconds until it was gone."""
        process, began = self.running[name], time.monotonic()
        process.terminate()
        try:
            process.wait(GRACE[name])
        except subprocess.TimeoutExpired:
            _kill(process)
        return time.monotonic() - began

    def kill(self, *names: str) -> None:
        for name in names:
            _kill(self.running[name])

    def wait_until_ready(self, name: str) -> float:
        """Seconds until it says so. Raises RuntimeError with the end of its log when it does not."""
        began = time.monotonic()
        while time.monotonic() < began + READY:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[name]}/health/ready", timeout=2):
                    return time.monotonic() - began
            except (OSError, urllib.error.HTTPError):
                time.sleep(0.2)
        raise RuntimeError(f"{name} is not ready:\n{self.log(name)[-1500:]}")

    def replace_web(self, name: str, version: Version) -> tuple[float, float]:
        """Takes it out, stops it, starts `version`, and lets it in again when it is ready. Seconds to stop, and to be
        ready."""
        stops = self.proxy.folder / f"{name}.stops"
        stops.touch()
        time.sleep(DRAINS)
        stopped = self.stop(name)
        self.start(name, version)
        ready = self.wait_until_ready(name)
        self.proxy.process.send_signal(signal.SIGHUP)  # nginx -s reload
        time.sleep(0.5)
        stops.unlink()
        return stopped, ready

    def log(self, name: str) -> str:
        file = self.folder / f"{name}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def errors(self) -> list[str]:
        """What the logs say went wrong, one of each kind."""
        lines = [line for name in GRACE for line in self.log(name).splitlines() if line.startswith("{")]
        wrong = [said for line in lines if (said := json.loads(line))["level"] in ("ERROR", "CRITICAL")]
        return sorted({f"{said['role']}: {said['message'][:200]} {said.get('exception', '')}" for said in wrong})

    def _environment(self, version: Version, role: str) -> dict[str, str]:
        static = str(self.folder / f"static-{version.name}")
        own = {"PYTHONPATH": str(version.folder), "STATIC_ROOT": static, "PROCESS_ROLE": role}
        return {**self.environment, **own}

    def _web(self, port: int) -> tuple[str, ...]:
        at = ("--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--blocking-threads", "8")
        more = ("--no-ws", "--respawn-failed-workers", "--log-level", "warning")
        return ("granian", "--interface", "wsgi", "navigator.wsgi:application", *at, *more)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
