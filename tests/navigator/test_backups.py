"""A backup brings every row back, tells nobody anything, and is whole or not there."""

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pyrage
import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import connection
from psycopg import sql

from navigator import backups, servers
from navigator.backups import BackupError, backup, main, make_keys, restore
from tests.intake.story import CANARY, VALUES, the_whole_story

OURS = re.compile(r"^(content|doctors|intake|navigator|auth|django)_")


def url_of(database: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()


@pytest.fixture
def here(transactional_db: None) -> str:
    if connection.vendor != "postgresql":
        pytest.skip("backups are of PostgreSQL")
    return url_of(settings.DATABASES["default"]["NAME"])


@pytest.fixture
def empty(here: str) -> Iterator[str]:
    """A second database of the same server."""
    name = f"restored_{secrets.token_hex(4)}"
    for statement in ("CREATE DATABASE {}", "DROP DATABASE {} WITH (FORCE)"):
        with psycopg.connect(here, autocommit=True) as administrator:
            administrator.execute(sql.SQL(statement).format(sql.Identifier(name)))
        if statement.startswith("CREATE"):
            yield url_of(name)


@pytest.fixture
def keys(tmp_path: Path) -> tuple[str, Path]:
    """The public key, and the file of the private one."""
    file = tmp_path / "backup.key"
    return make_keys(file), file


def rows(url: str) -> dict[str, list[Any]]:
    """Every row of every table, in order."""
    with psycopg.connect(url) as reader:
        names = reader.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        query = sql.SQL("SELECT * FROM {} ORDER BY 1")
        return {name: reader.execute(query.format(sql.Identifier(name))).fetchall() for (name,) in names}


def objects(url: str) -> set[Any]:
    """Constraints and indexes by name (their text comes back with other casts), triggers and functions word for word,
    extensions."""
    queries = (
        "SELECT conname, conrelid::regclass::text || contype::text FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace",
        "SELECT indexname, tablename FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prolang <> 13",
        "SELECT extname, 'extension' FROM pg_extension",
    )
    with psycopg.connect(url) as reader:
        return {row for query in queries for row in reader.execute(query).fetchall()}


def test_the_drill(here: str, empty: str, keys: tuple[str, Path], tmp_path: Path) -> None:
    """Told, backed up, brought back: the same rows, the same rules, and nothing to read without both keys."""
    row = the_whole_story()
    file = tmp_path / "navigator.dump.age"
    assert backup(url=here, recipient=keys[0], file=file) == file.stat().st_size > 10_000
    assert restore(url=empty, file=file, key_file=keys[1]) == len(rows(here)) > 50

    before, after = rows(here), rows(empty)
    assert after == before
    assert sum(bool(found) for name, found in before.items() if OURS.match(name)) > 25, "most tables have something"
    assert objects(empty) == objects(here)

    with psycopg.connect(empty, autocommit=True) as restored:
        with pytest.raises(psycopg.DatabaseError, match="append"):
            restored.execute("UPDATE intake_history SET what = 'looked'")
        (number,) = restored.execute(
            "INSERT INTO intake_linkask (email_hash, asked_at) VALUES ('x', now()) RETURNING id"
        ).fetchone() or (0,)
        assert number > 0
        (sealed,) = restored.execute("SELECT name FROM intake_helprequest WHERE id = %s", [row.pk]).fetchone() or ("",)
    assert Fernet(settings.FIELD_KEYS[0]).decrypt(sealed).decode() == VALUES["name"]
    with pytest.raises(InvalidToken):
        Fernet(Fernet.generate_key()).decrypt(sealed)

    clear = pyrage.decrypt(file.read_bytes(), [pyrage.x25519.Identity.from_str(keys[1].read_text().strip())])
    assert clear.startswith(b"PGDMP")
    assert CANARY.findall(str(after)) == [], "what it holds, with the backup's key alone"


def test_nothing_clear_and_nothing_half_stays_behind(here: str, keys: tuple[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    backup(url=here, recipient=keys[0], file=folder / "a.age")
    assert [path.name for path in folder.iterdir()] == ["a.age"]
    assert (folder / "a.age").stat().st_mode & 0o077 == 0, "for its owner only"
    assert keys[1].stat().st_mode & 0o077 == 0


def test_a_dump_that_fails_is_no_backup(
    here: str, keys: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "pg_dump"
    fake.write_text(
        "#!/bin/sh\n[ $1 = --version ] && echo 'pg_dump 99' && exit\necho half; echo 'the disk is full' >&2; exit 1\n"
    )
    fake.chmod(0o755)
    monkeypatch.setattr(servers, "postgres_programs", lambda: tmp_path)
    with pytest.raises(BackupError, match="the disk is full"):
        backup(url=here, recipient=keys[0], file=tmp_path / "a.age")
    assert not list(tmp_path.glob("a.age*"))


@pytest.mark.parametrize("cut", ["end", "middle", "changed", "clear"])
def test_a_damaged_backup_leaves_the_database_empty(
    here: str, empty: str, keys: tuple[str, Path], tmp_path: Path, cut: str
) -> None:
    the_whole_story()
    file = tmp_path / "a.age"
    backup(url=here, recipient=keys[0], file=file)
    whole = file.read_bytes()
    middle = len(whole) // 2
    changed = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    file.write_bytes({"end": whole[:-20], "middle": whole[:middle], "changed": changed, "clear": b"PGDMP"}[cut])
    with pytest.raises(BackupError, match="does not open"):
        restore(url=empty, file=file, key_file=keys[1])
    assert rows(empty) == {}


def test_another_key_opens_nothing(here: str, empty: str, keys: tuple[str, Path], tmp_path: Path) -> None:
    backup(url=here, recipient=keys[0], file=tmp_path / "a.age")
    make_keys(tmp_path / "other.key")
    with pytest.raises(BackupError, match="another key's"):
        restore(url=empty, file=tmp_path / "a.age", key_file=tmp_path / "other.key")
    assert rows(empty) == {}


def test_a_database_with_tables_is_not_written_over(here: str, keys: tuple[str, Path], tmp_path: Path) -> None:
    backup(url=here, recipient=keys[0], file=tmp_path / "a.age")
    before = rows(here)
    with pytest.raises(BackupError, match="nothing is overwritten"):
        restore(url=here, file=tmp_path / "a.age", key_file=keys[1])
    assert rows(here) == before


def test_an_older_program_is_refused(here: str, keys: tuple[str, Path], monkeypatch: Any, tmp_path: Path) -> None:
    fake = tmp_path / "pg_dump"
    fake.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6'\n")
    fake.chmod(0o755)
    monkeypatch.setattr(servers, "postgres_programs", lambda: tmp_path)
    with pytest.raises(BackupError, match="older than the server"):
        backup(url=here, recipient=keys[0], file=tmp_path / "a.age")
    monkeypatch.setattr(servers, "postgres_programs", lambda: None)
    with pytest.raises(BackupError, match="Install PostgreSQL's client programs"):
        backup(url=here, recipient=keys[0], file=tmp_path / "a.age")


@pytest.mark.parametrize(
    ("url", "recipient", "sentence"),
    [
        ("sqlite:///x", "", "no public key"),
        ("sqlite:///x", "public", "names no PostgreSQL"),
        ("postgresql://nobody@127.0.0.1:1/x", "public", "does not answer"),
    ],
)
def test_what_is_missing_is_said(
    keys: tuple[str, Path], tmp_path: Path, url: str, recipient: str, sentence: str
) -> None:
    with pytest.raises(BackupError, match=sentence):
        backup(url=url, recipient=keys[0] if recipient else "", file=tmp_path / "a.age")


def test_keys_are_never_overwritten_and_files_must_be_there(keys: tuple[str, Path], tmp_path: Path) -> None:
    held = keys[1].read_text()
    with pytest.raises(BackupError, match="Name a new file"):
        make_keys(keys[1])
    assert keys[1].read_text() == held
    for file, key in ((tmp_path / "none.age", keys[1]), (keys[1], tmp_path / "none.key")):
        with pytest.raises(BackupError, match="cannot be read"):
            restore(url="postgresql://x", file=file, key_file=key)
    (tmp_path / "odd.key").write_text("no key")
    with pytest.raises(BackupError, match="no private key"):
        restore(url="postgresql://x", file=keys[1], key_file=tmp_path / "odd.key")


def test_the_command_says_what_it_did_and_ends_with_one_when_it_did_not(
    here: str, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "k"
    assert main(["keys", str(key)]) == 0
    public = capsys.readouterr().out.split("=", 1)[1].split()[0]
    monkeypatch.setenv("DATABASE_URL", here)
    monkeypatch.setenv("BACKUP_RECIPIENT", public)
    assert main(["backup", str(tmp_path)]) == 0
    (file,) = tmp_path.glob("navigator-*.dump.age")
    monkeypatch.setenv("DATABASE_URL", empty)
    assert main(["restore", str(file), str(key)]) == 0
    assert "tables are back." in capsys.readouterr().out
    assert main(["restore", str(file), str(key)]) == 1
    assert "Not done: The database has" in capsys.readouterr().out
    assert main(["backup", str(tmp_path / "nowhere")]) == 1
    assert "Name another folder" in capsys.readouterr().out
    assert main([]) == 1
    assert backups.__doc__ in capsys.readouterr().out
