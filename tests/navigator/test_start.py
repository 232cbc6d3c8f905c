"""A process that is not ready ends with a sentence."""

import io
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from navigator import start

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _keep_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process closes the connection it checked with; a test's transaction must live on."""
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.close", lambda self: None)


def test_a_ready_process_starts() -> None:
    start.refuse_unless_ready()


def test_the_settings_stop_it_first(settings: Any) -> None:
    settings.LOOKUP_KEY = ""
    with pytest.raises(SystemExit, match=r"LOOKUP_KEY is missing.*Set LOOKUP_KEY"):
        start.refuse_unless_ready()


def test_an_old_schema_stops_it() -> None:
    MigrationRecorder.Migration.objects.filter(app="intake").delete()
    with pytest.raises(SystemExit, match=r"intake\.0001_tables.*manage\.py migrate"):
        start.refuse_unless_ready()


def test_a_newer_schema_does_not() -> None:
    """So that the code before goes on while a new one is deployed, and after a way back (tests/test_migrations.py)."""
    MigrationRecorder(connection).record_applied("intake", "9999_later")
    start.refuse_unless_ready()


def test_wrong_field_keys_stop_it(settings: Any) -> None:
    start.refuse_unless_ready()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(SystemExit, match="FIELD_KEYS does not open this database"):
        start.refuse_unless_ready()


def test_a_wrong_lookup_key_stops_it(settings: Any) -> None:
    start.refuse_unless_ready()
    settings.LOOKUP_KEY = "another key that is long enough for the check"
    with pytest.raises(SystemExit, match="LOOKUP_KEY is not the one"):
        start.refuse_unless_ready()


def test_a_database_that_is_away_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(start, "MigrationExecutor", away)
    with pytest.raises(SystemExit, match="does not answer"):
        start.refuse_unless_ready()


def test_a_sample_sign_off_that_is_live_stops_a_deployment(settings: Any) -> None:
    call_command("load_library", stdout=io.StringIO())
    settings.DEPLOYED = True
    assert any("content.E001" in reason for reason in start.database_reasons())
