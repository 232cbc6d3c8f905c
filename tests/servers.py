"""Pytest plugin (`-p tests.servers`): real PostgreSQL and Redis for the whole run, and the settings of a test.

`DB=sqlite` runs the suite on SQLite; `DATABASE_URL` and `REDIS_URL`, when set, are used as they are. A server that is
missing is an error, never a skip.
"""

import os
import tempfile
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from navigator import servers

_running: list[servers.Server] = []
_folder = tempfile.TemporaryDirectory(prefix="nav-test-")

os.environ.setdefault("ENVIRONMENT", "test")
os.environ.setdefault("SECRET_KEY", "a key for tests only, which guards nothing at all, and is long enough")
os.environ.setdefault("FIELD_KEYS", Fernet.generate_key().decode())
os.environ.setdefault("FASTEST_JOURNEY", "0")
os.environ.setdefault("LOOKUP_KEY", "a lookup key for tests only, of its own")
os.environ.setdefault("MAIL_FOLDER", str(Path(_folder.name) / "mail"))
os.environ.setdefault("BROKER_FOLDER", str(Path(_folder.name) / "broker"))

if os.environ.get("DB") == "sqlite":
    os.environ["DATABASE_URL"] = f"sqlite:///{Path(_folder.name) / 'test.sqlite3'}"
elif not os.environ.get("DATABASE_URL"):
    _running.append(servers.Postgres())
    os.environ["DATABASE_URL"] = _running[-1].start()
if not os.environ.get("REDIS_URL"):
    _running.append(servers.Redis())
    os.environ["REDIS_URL"] = _running[-1].start()


def pytest_unconfigure(config: pytest.Config) -> None:
    while _running:
        _running.pop().stop()
    _folder.cleanup()
