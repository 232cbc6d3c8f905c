"""The site does all its work with rows alone, and can change neither a table nor what was written once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection

from intake import erasing, promises, reconciling, retention
from intake.models import History
from navigator import database_roles, demo
from navigator.database_roles import APP, AUDIT, written_once
from navigator.models import StaffEvent
from tests.intake.story import the_whole_story


@pytest.fixture
def roles(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    for _ in range(2):  # twice is once
        call_command("make_roles", verbosity=0)


@contextmanager
def as_(role: str) -> Iterator[Any]:
    """Everything in this block is asked as that role."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
        try:
            yield cursor
        finally:
            cursor.execute("RESET ROLE")


@pytest.mark.usefixtures("roles")
def test_the_site_does_all_its_work_as_app() -> None:
    with as_(APP):
        row = the_whole_story()
        assert reconciling.reconcile() == {}
        erasing.erase(help_request=row)
        while promises.sweep():
            pass
        retention.run()
        row.refresh_from_db()
    assert row.erased_at
    assert History.objects.filter(help_request=row, what="erased").exists()


@pytest.mark.usefixtures("roles")
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE intake_helprequest ADD COLUMN mine text",
        "DROP TABLE intake_history",
        "TRUNCATE intake_history",
        "ALTER TABLE intake_history DISABLE TRIGGER ALL",
        "DROP TRIGGER append_only ON intake_history",
        "SET session_replication_role = replica",
        "ALTER FUNCTION navigator_staffevent_append_only() RENAME TO other",
        "UPDATE intake_history SET what = 'looked'",
        "UPDATE navigator_staffevent SET what = 'signed_in'",
        "UPDATE django_migrations SET name = 'x'",
        f"ALTER ROLE {APP} SUPERUSER",
        "CREATE ROLE other",
        "COPY intake_history TO '/tmp/out'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT rolpassword FROM pg_authid",
    ],
)
def test_app_may_not(statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be"),
        as_(APP) as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.usefixtures("roles")
def test_audit_reads_what_was_done_and_nothing_else() -> None:
    the_whole_story()
    with as_(AUDIT) as cursor:
        for table in written_once():
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            assert cursor.fetchone()
    for statement in (
        "SELECT 1 FROM intake_helprequest",
        "SELECT 1 FROM intake_message",
        "SELECT 1 FROM auth_user",
        "SELECT 1 FROM django_session",
        "INSERT INTO navigator_staffevent (what, at) VALUES ('signed_in', now())",
        "DELETE FROM intake_history",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), as_(AUDIT) as cursor:
            cursor.execute(statement)


@pytest.mark.usefixtures("roles")
def test_a_site_that_runs_keeps_its_rights_while_they_are_made_anew() -> None:
    """Looked at from beside, after each statement."""
    beside = connection.copy()
    seen = []

    def look(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        with beside.cursor() as cursor:
            cursor.execute(f"SELECT has_table_privilege('{APP}', 'intake_helprequest', 'INSERT')")
            seen.append(cursor.fetchone()[0])
        return done

    try:
        with connection.execute_wrapper(look):
            call_command("make_roles", verbosity=0)
    finally:
        beside.close()
    assert len(seen) > 10
    assert all(seen)


def test_the_stack_signs_in_as_the_site() -> None:
    assert demo.APP == APP


def test_every_history_is_among_those_written_once() -> None:
    assert {History._meta.db_table, StaffEvent._meta.db_table} < set(written_once())
    assert len(written_once()) == 6


@pytest.mark.usefixtures("roles")
def test_only_the_owner_makes_roles() -> None:
    with pytest.raises(CommandError, match="Run this as the owner"), as_(APP):
        call_command("make_roles", verbosity=0)


@pytest.mark.django_db
def test_a_file_has_no_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "vendor", "sqlite")
    with pytest.raises(CommandError, match="it is a file"):
        call_command("make_roles")


@pytest.mark.usefixtures("roles")
def test_passwords_are_set_and_never_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = 'it\'s "quoted"; DROP ROLE x --'
    monkeypatch.setenv("APP_PASSWORD", hostile)
    call_command("make_roles")
    assert hostile not in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_authid WHERE rolpassword LIKE 'SCRAM-SHA-256%%' AND rolname LIKE 'navigator%%'"
        )
        assert cursor.fetchall() == [(APP,)]
    database_roles.make(passwords={})
