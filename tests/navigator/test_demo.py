"""`make run` and `make stack`: what they refuse, what they make, and one real run with fast children."""

import os
import shlex
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from navigator import demo
from navigator.processes import Program, Supervisor


@pytest.fixture(autouse=True)
def _own_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A tree of its own, no address of the suite's servers, signals and locks as they were."""
    monkeypatch.setattr(demo, "ROOT", tmp_path)
    for name in ("DATABASE_URL", "REDIS_URL", "PORT", "STACK_FOLDER", "DEBUG"):
        monkeypatch.delenv(name, raising=False)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
    while demo._locks:
        demo._locks.pop().close()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


@pytest.mark.parametrize("arguments", [[], ["walk"], ["run", "stack"]])
def test_it_names_its_two_words(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main(arguments) == 1
    assert "run|stack" in capsys.readouterr().out


@pytest.mark.parametrize("value", ["x", "0", "70000", "-1"])
def test_a_port_is_a_number(value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PORT", value)
    assert demo.main(["run"]) == 1
    assert f"PORT is '{value}'" in capsys.readouterr().out


def test_a_port_that_is_taken_is_said_and_nothing_is_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(number))
        assert demo.main(["run"]) == 1
    assert f"Port {number} is taken" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_two_runs_never_share_a_folder(
    port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    demo._folder(tmp_path / ".demo")
    monkeypatch.setenv("PORT", str(port))
    assert demo.main(["run"]) == 1
    assert "Another run uses" in capsys.readouterr().out


def test_keys_are_made_once_and_are_the_owners_alone(port: int, tmp_path: Path) -> None:
    first = demo._run(port)
    demo._locks.pop().close()
    again = demo._run(port)
    secret = ("SECRET_KEY", "FIELD_KEYS", "LOOKUP_KEY", "DEMO_PASSWORD")
    assert [first[name] for name in secret] == [again[name] for name in secret]
    assert len({first[name] for name in secret}) == 4
    assert mode(tmp_path / ".demo" / "keys") == "0o600"
    assert mode(tmp_path / ".demo" / "mail") == "0o700"
    assert mode(tmp_path / ".demo" / "broker") == "0o700"


def test_the_run_is_a_demo_on_a_file_and_a_folder(port: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    made = demo._run(port)
    assert made["ENVIRONMENT"] == "demo"
    assert made["SITE_URL"] == f"http://127.0.0.1:{port}"
    assert made["DATABASE_URL"] == f"sqlite:///{tmp_path}/.demo/navigator.sqlite3"
    assert made["REDIS_URL"] == ""
    assert made["MAIL_FOLDER"] == f"{tmp_path}/.demo/mail"


@pytest.mark.parametrize(("value", "server"), [("", "granian"), ("1", "runserver"), ("0", "granian")])
def test_debug_takes_djangos_own_server(
    port: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str, server: str
) -> None:
    monkeypatch.setenv("DEBUG", value)
    made = demo._run(port)
    web = demo._programs(made, port, tmp_path, full=False)[0]
    assert server in web.command


def test_the_stack_takes_the_servers_it_is_given_and_never_debug(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"DATABASE_URL": "postgresql://given", "REDIS_URL": "redis://given", "DEBUG": "1"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    supervisor = Supervisor(say=lambda line: None)
    made = demo._stack(port, supervisor)
    assert supervisor.running == []
    assert (made["DATABASE_URL"], made["REDIS_URL"], made["DEBUG"]) == ("postgresql://given", "redis://given", "")
    web, worker, beat = demo._programs(made, port, Path(made["DATA_FOLDER"]), full=True)
    assert [web.command[web.command.index(flag) + 1] for flag in ("--workers", "--blocking-threads")] == ["2", "8"]
    assert [p.environment.get("PROCESS_ROLE") for p in (worker, beat)] == ["worker", "beat"]
    assert worker.address == "redis://given"


def test_the_stacks_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert demo._stack_folder() == tmp_path / ".stack"
    monkeypatch.setenv("STACK_FOLDER", str(tmp_path / "mine"))
    assert demo._stack_folder() == tmp_path / "mine"


def test_where_the_databases_user_cannot_go_another_folder_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setenv("STACK_FOLDER", str(closed / "data"))
    chosen = demo._stack_folder()
    assert not chosen.is_relative_to(tmp_path)
    assert chosen == demo._stack_folder()
    assert f"using {chosen}" in capsys.readouterr().out


def test_a_shell_can_join_in(tmp_path: Path) -> None:
    file = tmp_path / "environment"
    demo._write_environment(file, {"DATABASE_URL": "postgresql://x@/y?host=/a b", "SECRET_KEY": "it's", "PATH": "no"})
    assert mode(file) == "0o600"
    printed = subprocess.run(
        ["sh", "-c", f'. {shlex.quote(str(file))}; printf %s "$SECRET_KEY $DATABASE_URL"'],
        capture_output=True,
        text=True,
    )
    assert printed.stdout == "it's postgresql://x@/y?host=/a b"
    assert "PATH" not in file.read_text()


def test_a_failed_preparation_ends_with_a_sentence_and_nothing_running(
    port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "manage.py").write_text("import sys; sys.exit(3)")
    monkeypatch.setenv("PORT", str(port))
    assert demo.main(["run"]) == 1
    assert "Not started:" in capsys.readouterr().out


def test_a_whole_run_says_where_everything_is_and_stops_when_told(
    port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "manage.py").write_text("")
    (tmp_path / "site").mkdir()
    serve = [
        sys.executable,
        "-m",
        "http.server",
        str(port),
        "--bind",
        "127.0.0.1",
        "--directory",
        str(tmp_path / "site"),
    ]

    def programs(environment: dict[str, str], port: int, folder: Path, *, full: bool) -> list[Program]:
        return [Program("web", serve, os.environ, environment["SITE_URL"])]

    def stop_when_it_answers(self: Supervisor) -> None:
        threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
        end = time.monotonic() + 20
        while not self.stopping and time.monotonic() < end:
            time.sleep(0.02)
        self.stop()

    monkeypatch.setattr(demo, "_programs", programs)
    monkeypatch.setattr(Supervisor, "run", stop_when_it_answers)
    monkeypatch.setenv("PORT", str(port))
    assert demo.main(["run"]) == 0
    said = capsys.readouterr().out
    password = (tmp_path / ".demo" / "keys").read_text().split("DEMO_PASSWORD=")[1].strip()
    for words in (f"http://127.0.0.1:{port}/ ", f"password {password}", f"{tmp_path}/.demo/mail", "All stopped."):
        assert words in said
    assert demo._is_free(port)


def test_a_site_that_does_not_answer_is_said(
    port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def none(*args: Any, **kwargs: Any) -> list[Program]:
        return []

    (tmp_path / "manage.py").write_text("")
    monkeypatch.setattr(demo, "WAIT", 0.3)
    monkeypatch.setattr(demo, "_programs", none)
    monkeypatch.setattr(Supervisor, "run", lambda self: None)
    monkeypatch.setenv("PORT", str(port))
    assert demo.main(["run"]) == 0
    assert "does not answer yet" in capsys.readouterr().out
