"""The supervisor, with tiny children that are really killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from navigator import processes
from navigator.processes import Program, ServerProcess, Supervisor
from navigator.servers import Postgres, Redis

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def wait(condition: Callable[[], bool], *, limit: float = 10) -> None:
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


@pytest.fixture
def supervisor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    monkeypatch.setattr(processes, "RESTART_AFTER", 0.1)
    lines: list[str] = []
    made = Supervisor(say=lines.append)
    made.lines = lines  # type: ignore[attr-defined]
    yield made
    made.stop()


def test_each_process_is_named_with_pid_and_address(supervisor: Supervisor) -> None:
    program = Program("web", SLEEP, os.environ, "http://127.0.0.1:8000")
    supervisor.add(program)
    assert supervisor.lines == [f"web        pid {program.pid:<8} http://127.0.0.1:8000"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_what_dies_is_started_again(supervisor: Supervisor, number: int) -> None:
    program = Program("worker", SLEEP, os.environ)
    supervisor.add(program)
    first = program.pid
    os.kill(first, number)
    wait(lambda: supervisor.watch() is None and program.pid != first)  # type: ignore[func-returns-value]
    assert alive(program.pid)
    assert not alive(first)


def test_stopping_leaves_nobody_behind_not_even_who_will_not_listen(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "GRACE", 0.5)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    programs = [Program("a", SLEEP, os.environ), Program("b", [sys.executable, "-c", deaf], os.environ)]
    for program in programs:
        supervisor.add(program)
    time.sleep(0.3)
    supervisor.stop()
    assert not any(alive(program.pid) for program in programs)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_when_the_supervisor_ends_so_do_its_processes(tmp_path: Path, number: int) -> None:
    note = tmp_path / "pid"
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom navigator.processes import Program, Supervisor\n"
        "s = Supervisor()\ns.heed_signals()\n"
        "p = Program('x', [sys.executable, '-c', 'import time; time.sleep(60)'], os.environ)\n"
        f"s.add(p)\nPath({str(note)!r}).write_text(str(p.pid))\ns.run()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL) as parent:
        wait(lambda: note.exists() and note.read_text() != "")
        child = int(note.read_text())
        assert alive(child)
        parent.send_signal(number)
        wait(lambda: not alive(child))


@pytest.mark.parametrize("kind", [Postgres, Redis])
def test_a_durable_server_comes_back_on_its_socket_with_its_data(
    supervisor: Supervisor, tmp_path_factory: pytest.TempPathFactory, kind: type[Postgres] | type[Redis]
) -> None:
    import tempfile

    import redis
    from psycopg import OperationalError, connect

    with tempfile.TemporaryDirectory(prefix="nav-data-") as folder:
        Path(folder).chmod(0o755)
        server = kind(data=Path(folder) / "data")
        url = server.start()
        process = ServerProcess("server", server, url)
        supervisor.add(process, launched=True)
        socket = server.folder / "s"
        assert oct(socket.stat().st_mode & 0o777) == "0o700"
        if kind is Postgres:
            with connect(url) as connection:
                connection.execute("CREATE TABLE kept (n int)")
                assert connection.execute("SHOW fsync").fetchone() == ("on",)
        else:
            redis.Redis.from_url(url).set("kept", "1")
            time.sleep(1.2)  # the append-only file is synced each second
        first = process.pid
        os.kill(first, signal.SIGKILL)

        def back() -> bool:
            supervisor.watch()
            if process.pid == first or process.died():
                return False
            try:
                if kind is Postgres:
                    with connect(url) as connection:
                        return connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
                return redis.Redis.from_url(url).get("kept") == b"1"
            except (OperationalError, redis.ConnectionError):
                return False

        wait(back, limit=30)
        supervisor.stop()
