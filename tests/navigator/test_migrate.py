"""A migration that waits for a table holds nobody up: it gives way, says who is in the way, and can be run again."""

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from navigator.management.commands import migrate

ROOT = Path(__file__).resolve().parents[2]
LATER = """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("navigator", "0001_initial")]
    operations = [migrations.RunSQL({forward!r}, "ALTER TABLE navigator_tally DROP COLUMN IF EXISTS later")]
"""
ADD = "ALTER TABLE navigator_tally ADD COLUMN later text NULL"


@pytest.fixture
def folder(tmp_path: Path, transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Migrations of navigator with two of its own at the end, which a test writes."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite locks the whole file")
    package = tmp_path / "later_migrations"
    shutil.copytree(ROOT / "navigator" / "migrations", package)
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    settings.MIGRATION_MODULES = {"navigator": package.name}
    monkeypatch.setattr(migrate, "WAIT", 0.3)
    monkeypatch.setattr(migrate, "PAUSE", 0.1)
    monkeypatch.setattr(migrate, "TRIES", 3)
    yield package
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE navigator_tally DROP COLUMN IF EXISTS later")
    MigrationRecorder(connection).migration_qs.filter(name__startswith="99").delete()
    for name in [name for name in sys.modules if name.startswith(package.name)]:
        del sys.modules[name]


def write(folder: Path, name: str, forward: str, after: str) -> None:
    (folder / f"{name}.py").write_text(LATER.format(forward=forward).replace("0001_initial", after))


def last(folder: Path) -> str:
    """The leaf of the migrations that are there."""
    return sorted(path.stem for path in folder.glob("0*.py"))[-1]


def run() -> str:
    said = StringIO()
    call_command("migrate", "navigator", stdout=said, no_color=True)
    return said.getvalue()


@contextmanager
def in_use(statement: str = "SELECT count(*) FROM navigator_tally") -> Iterator[None]:
    """Somebody has a transaction open in which the table was read."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(statement)
            yield
            cursor.execute("ROLLBACK")
    finally:
        other.close()


def columns() -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, "navigator_tally")]


def test_it_gives_up_says_so_and_has_changed_nothing(folder: Path) -> None:
    write(folder, "9901_later", ADD, last(folder))
    with in_use():
        time.sleep(1.1)  # long enough to be named
        with pytest.raises(CommandError, match=r"stayed in use: 3 tries.*Run migrate again.*process \d+ for \d+ sec"):
            run()
    assert "later" not in columns()
    assert "OK" in run()
    assert "later" in columns()


def test_what_a_transaction_says_is_not_repeated(folder: Path) -> None:
    """A statement may hold what a family told us."""
    write(folder, "9901_later", ADD, last(folder))
    with in_use("SELECT 'Canary Family' FROM navigator_tally"), pytest.raises(CommandError) as caught:
        run()
    assert "Canary" not in str(caught.value)


def test_who_reads_meanwhile_waits_a_moment_only(folder: Path) -> None:
    write(folder, "9901_later", ADD, last(folder))
    waited: list[float] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            started = time.monotonic()
            reader = connection.copy()
            with reader.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM navigator_tally")
            reader.close()
            waited.append(time.monotonic() - started)

    reading = threading.Thread(target=read)
    with in_use():
        reading.start()
        with pytest.raises(CommandError):
            run()
        over.set()
        reading.join()
    assert max(waited) > 0.2, "nobody stood behind the migration: this proves nothing"
    assert max(waited) < 2, "the settings' own limit would be five seconds"


def test_it_goes_on_when_the_table_is_free(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, "9901_later", ADD, last(folder))
    monkeypatch.setattr(migrate, "TRIES", 50)
    said: list[str] = []

    def migrating() -> None:
        said.append(run())
        connection.close()

    running = threading.Thread(target=migrating)
    with in_use():
        running.start()
        time.sleep(0.6)
    running.join(20)
    assert "a table is in use; 49 more tries" in said[0]
    assert "later" in columns()


def test_what_was_done_before_stays(folder: Path) -> None:
    write(folder, "9901_earlier", "CREATE TABLE navigator_earlier (id int)", last(folder))
    write(folder, "9902_later", ADD, "9901_earlier")
    with in_use(), pytest.raises(CommandError):
        run()
    applied = {name for _, name in MigrationRecorder(connection).applied_migrations()}
    assert "9901_earlier" in applied
    assert "9902_later" not in applied
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE navigator_earlier")


def test_another_fault_is_said_at_once(folder: Path) -> None:
    write(folder, "9901_later", "ALTER TABLE navigator_tally ADD COLUMN ends_at text", last(folder))
    with pytest.raises(DatabaseError, match="already exists"):
        run()


def test_a_long_step_is_no_fault_and_limits_come_back(folder: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 300")
        write(folder, "9901_later", "SELECT pg_sleep(0.6)", last(folder))
        run()
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("5s",)
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("10s",)
        with pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SET statement_timeout = 100; SELECT pg_sleep(1)")
        cursor.execute("RESET statement_timeout")


@pytest.mark.django_db
def test_a_file_is_migrated_as_ever() -> None:
    assert "No migrations to apply" in run()
