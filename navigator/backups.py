"""Backups that the machine which makes them cannot read, and the way back.

    python -m navigator.backups keys FILE             a key pair: FILE opens backups, what is printed makes them
    python -m navigator.backups backup FOLDER         of DATABASE_URL, for BACKUP_RECIPIENT
    python -m navigator.backups restore FILE KEYFILE  into DATABASE_URL, which must be empty

A backup is what `pg_dump` writes, in the `age` format: it goes from one program to the next and is nowhere in clear.
Personal fields in it are still locked with FIELD_KEYS, which are never part of it. Where backups lie and how long is
left to whoever runs the site.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
import pyrage  # type: ignore[import-untyped]
from psycopg.conninfo import conninfo_to_dict

from navigator import servers

_VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
              "sslmode": "PGSSLMODE"}  # fmt: skip


class BackupError(Exception):
    """A sentence for who runs the site: why this was not done, and what to do."""


def make_keys(file: Path) -> str:
    """Write a new private key into `file`, readable by its owner only; the public half. Raises BackupError when there
    is such a file."""
    identity = pyrage.x25519.Identity.generate()
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(f"{identity}\n")
    except OSError as error:
        raise BackupError(f"{file} cannot be made ({error.strerror}). Name a new file.") from error
    return str(identity.to_public())


def backup(*, url: str, recipient: str, file: Path) -> int:
    """Write one encrypted backup of the database at `url`; its bytes. Under its own name only when it is whole.
    Raises BackupError."""
    try:
        key = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise BackupError("BACKUP_RECIPIENT is no public key. `keys` prints one that begins with age1.") from error
    program = _program("pg_dump", url)
    part = file.with_name(file.name + ".part")
    command = [str(program), "--format=custom", "--no-owner", "--no-privileges"]
    with _new_file(part) as out, _running(command, url, stdout=subprocess.PIPE) as dump:
        pyrage.encrypt_io(dump.stdout, out, [key])
        _end_well(dump, "pg_dump")
        out.flush()
        os.fsync(out.fileno())
        part.rename(file)
    return file.stat().st_size


def restore(*, url: str, file: Path, key_file: Path) -> int:
    """Put a backup into an empty database, wholly or not at all. How many tables came back. Raises BackupError."""
    try:
        identity = pyrage.x25519.Identity.from_str(key_file.read_text().strip())
        with file.open("rb") as source:
            source.read(1)
    except OSError as error:
        raise BackupError(f"{error.filename} cannot be read ({error.strerror}).") from error
    except (pyrage.IdentityError, ValueError) as error:
        raise BackupError(f"{key_file} holds no private key of `keys`.") from error
    if number := _tables(url):
        raise BackupError(f"The database has {number} tables. Restore into an empty one: nothing is overwritten.")
    whole_or_not = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    command = [str(_program("pg_restore", url)), *whole_or_not, "--dbname", ""]
    with file.open("rb") as source, _running(command, url, stdin=subprocess.PIPE) as load:
        try:
            pyrage.decrypt_io(source, load.stdin, [identity])
        except BrokenPipeError:
            pass  # pg_restore ended by itself: what it said is below
        except (pyrage.DecryptError, OSError) as error:  # the library has both for what does not open
            load.kill()  # before it sees an end: nothing is committed
            raise BackupError(f"{file} does not open: another key's, damaged or cut off ({error}).") from error
        _end_well(load, "pg_restore")
    return _tables(url)


def _tables(url: str) -> int:
    query = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
    with _connection(url) as connection:
        found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0


@contextmanager
def _connection(url: str) -> Iterator[psycopg.Connection]:
    if not url.startswith(("postgres://", "postgresql://")):
        raise BackupError(
            "DATABASE_URL names no PostgreSQL. The demo's database is a file: copy it while nothing runs."
        )
    try:
        connection = psycopg.connect(url, connect_timeout=5)
    except psycopg.Error as error:
        raise BackupError(f"The database does not answer ({type(error).__name__}). Check DATABASE_URL.") from error
    with connection:
        yield connection


def _program(name: str, url: str) -> Path:
    """pg_dump or pg_restore, of the server's version or a newer one."""
    with _connection(url) as connection:
        server = connection.info.server_version // 10000
    folder = servers.postgres_programs()
    if folder is None or not (folder / name).exists():
        raise BackupError(f"There is no {name} here. Install PostgreSQL's client programs, version {server} or newer.")
    said = subprocess.run([folder / name, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    found = re.search(r"\d+", said)
    if found is None or int(found[0]) < server:
        raise BackupError(f"{said.strip()} is older than the server, {server}. Install its client programs.")
    return folder / name


@contextmanager
def _new_file(part: Path) -> Iterator[BinaryIO]:
    """Gone unless it was renamed."""
    try:
        out = os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    except OSError as error:
        raise BackupError(f"{part.parent} cannot be written ({error.strerror}). Name another folder.") from error
    try:
        with out:
            yield out
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _running(command: Sequence[str], url: str, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """The program with where the database is in its environment: arguments can be read by everybody here."""
    known = {_VARIABLES[name]: str(value) for name, value in conninfo_to_dict(url).items() if name in _VARIABLES}
    arguments = [known.get("PGDATABASE", "") if argument == "" else argument for argument in command]
    environment = {**os.environ, **known}
    with subprocess.Popen(arguments, env=environment, stderr=subprocess.PIPE, **pipes) as process:  # noqa: S603
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def _end_well(process: subprocess.Popen[bytes], name: str) -> None:
    if process.stdin:
        with suppress(BrokenPipeError):
            process.stdin.close()
    said = process.stderr.read() if process.stderr else b""
    if process.wait():
        first = said.decode(errors="replace").strip().splitlines() or ["no word why"]
        raise BackupError(f"{name} failed: {first[0]}")


def main(arguments: Sequence[str]) -> int:
    """0, or 1 with a sentence."""
    url = os.environ.get("DATABASE_URL", "")
    try:
        match list(arguments):
            case ["keys", file]:
                public = make_keys(Path(file))
                print(f"BACKUP_RECIPIENT={public}\nKeep {file} away from this machine and from the backups.")  # noqa: T201
            case ["backup", folder]:
                made = Path(folder) / f"navigator-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.dump.age"
                size = backup(url=url, recipient=os.environ.get("BACKUP_RECIPIENT", ""), file=made)
                print(f"{made}: {size:,} bytes")  # noqa: T201
            case ["restore", file, key_file]:
                print(f"{restore(url=url, file=Path(file), key_file=Path(key_file))} tables are back.")  # noqa: T201
            case _:
                print(__doc__)  # noqa: T201
                return 1
    except BackupError as error:
        print(f"Not done: {error}")  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
