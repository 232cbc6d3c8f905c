"""Expand, then contract: while a version is deployed, and after a way back, the code before runs on the schema after.

So a migration adds, and what it adds, the code before need not know: a new column is NULL or has a default in the
database. What takes away, renames, or makes stricter waits for a release in which no code needs what goes, and stands
in CONTRACTS with the reason why that is so.
"""

import inspect
import re
from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType
from typing import Any

import pytest
from django.db import DatabaseError, connection, migrations, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import fields

from intake import promises, reconciling
from navigator import start
from tests.intake.story import the_whole_story

OURS = ("navigator", "content", "doctors", "intake")

BEFORE = "before the first release: no code ran on the schema before"
NEW_COLUMN = "binds a column of the same migration, whose default passes it"
# What each migration may do for all that, and why no code of the release before it stumbles.
CONTRACTS: dict[str, dict[str, str]] = {
    "content.0003_editorial_work": {"not null": BEFORE, "stricter": BEFORE},
    "doctors.0002_facts_and_history": {"not null": BEFORE, "stricter": BEFORE},
    "doctors.0004_drop_old_columns": {"takes away": BEFORE, "stricter": BEFORE},
    "intake.0003_case_desk": {"not null": BEFORE, "stricter": BEFORE},
    "intake.0008_set_aside": {"stricter": NEW_COLUMN},
}

# Of a field, what no column shows.
UNSEEN = {
    "blank", "choices", "db_default", "default", "editable", "error_messages", "help_text", "limit_choices_to", "null",
    "on_delete", "related_name", "related_query_name", "validators", "verbose_name", "auto_now", "auto_now_add",
    "db_index", "unique", "max_length",
}  # fmt: skip
TAKES_AWAY = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)
SQL = re.compile(
    r"\b(DROP\s+(TABLE|COLUMN|VIEW|SCHEMA|TYPE|FUNCTION)|RENAME\s+(TO|COLUMN)|TRUNCATE|SET\s+NOT\s+NULL"
    r"|ALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE)\b",
    re.IGNORECASE,
)


def steps(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Those that touch the database."""
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from steps(operation.database_operations)
        else:
            yield operation


def words_of(function: Any, *, seen: set[int] | None = None) -> Iterator[str]:
    """Every text that a function of a migration can reach in its own file: its own, its helpers', its constants'."""
    seen = seen if seen is not None else set()
    if not isinstance(function, FunctionType) or id(function) in seen:
        return
    seen.add(id(function))
    names: set[str] = set()

    def inside(code: CodeType) -> Iterator[str]:
        names.update(code.co_names)
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                yield from inside(constant)
            elif isinstance(constant, str):
                yield constant

    yield from inside(function.__code__)
    module = inspect.getmodule(function)
    for name in names:
        found = function.__globals__.get(name)
        if isinstance(found, FunctionType):
            if inspect.getmodule(found) is module:
                yield from words_of(found, seen=seen)
        elif isinstance(found, str | list | tuple | dict):
            yield str(found)


def sent(operation: Operation) -> str:
    """The statements that a step sends by its own hand when it goes forward."""
    if isinstance(operation, migrations.RunSQL):
        return str(operation.sql)
    return " ".join(words_of(operation.code)) if isinstance(operation, migrations.RunPython) else ""


def is_column(field: Any) -> bool:
    return not isinstance(field, models.ManyToManyField | models.GeneratedField)


def needs_a_value(field: Any) -> bool:
    """An INSERT that does not name it is refused."""
    return is_column(field) and not field.null and field.db_default is fields.NOT_PROVIDED


def altered(before: Any, after: Any) -> Iterator[str]:
    """What of a column changes so that the code before it notices."""
    if before.null and not after.null:
        yield "not null"  # a default does not help: the code before writes NULL
    if after.unique and not before.unique:
        yield "stricter"
    (_, was, _, was_with), (_, now, _, now_with) = before.deconstruct(), after.deconstruct()
    shown = [{name: value for name, value in each.items() if name not in UNSEEN} for each in (was_with, now_with)]
    longest = [each.get("max_length") or float("inf") for each in (was_with, now_with)]
    if was != now or shown[0] != shown[1] or longest[1] < longest[0]:
        yield "changes a type"


def breaches(state: ProjectState, migration: Migration) -> Iterator[tuple[str, str]]:
    """(rule, what) of one migration; `state` is what was there before, and has the migration in it after."""
    app, new = migration.app_label, set[str]()
    for operation in migration.operations:
        for step in steps([operation]):
            name = str(getattr(step, "model_name", getattr(step, "name", ""))).lower()
            if isinstance(step, migrations.CreateModel):
                new.add(name)
            elif name not in new:  # no code before knows a new table
                yield from noticed(step, name, state.models.get((app, name)))
        operation.state_forwards(app, state)


def noticed(step: Operation, name: str, table: ModelState | None) -> Iterator[tuple[str, str]]:
    """What of one step the code before stumbles over."""
    field = f"{name}.{getattr(step, 'name', '')}"
    if found := SQL.search(sent(step)):
        yield "SQL that takes away", found[0]
    elif isinstance(step, TAKES_AWAY):
        yield "takes away", step.describe()
    elif isinstance(step, migrations.AddField) and needs_a_value(step.field):
        yield "not null", f"{field} is new, not null, and has no db_default"
    elif isinstance(step, migrations.AddConstraint | migrations.AlterUniqueTogether):
        yield "stricter", step.describe()
    elif isinstance(step, migrations.AlterField) and table:
        for rule in altered(table.fields[step.name], step.field):
            yield rule, field


@pytest.fixture(scope="module")
def landed() -> tuple[dict[str, list[tuple[str, str]]], ProjectState]:
    """What each migration of ours breaches, and what is there after all of them."""
    graph = MigrationLoader(None).graph
    found, state = {}, ProjectState()
    for key in graph._generate_plan(graph.leaf_nodes(), at_end=True):
        found[".".join(key)] = list(breaches(state, graph.nodes[key]))
    return {name: these for name, these in found.items() if name.split(".")[0] in OURS}, state


def test_each_migration_adds_and_takes_nothing_away(landed: Any) -> None:
    found, _ = landed
    assert len(found) > 20
    wrong = {
        name: these
        for name, every in found.items()
        if (these := [(rule, what) for rule, what in every if rule not in CONTRACTS.get(name, {})])
    }
    assert wrong == {}, "Add now and take away a release later, or say in CONTRACTS why no code stumbles."


def test_each_exception_is_needed_and_says_why(landed: Any) -> None:
    found, _ = landed
    assert {name: set(rules) for name, rules in CONTRACTS.items()} == {
        name: {rule for rule, _ in these} for name, these in found.items() if these
    }
    assert all(len(reason) > 20 for rules in CONTRACTS.values() for reason in rules.values())


def _drop(apps: Any, editor: Any) -> None:
    for statement in THROWN_AWAY:
        editor.execute(statement)


def _through_another(apps: Any, editor: Any) -> None:
    _drop(apps, editor)


def _empty(apps: Any, editor: Any) -> None:
    editor.execute("TRUNCATE intake_message")


THROWN_AWAY = ["DROP TABLE intake_message"]
ROW = "helprequest"
CLOSED = models.Q(status="closed")
# (what it breaks, the step)
BAD: list[tuple[str, Operation]] = [
    ("takes away", migrations.RemoveField(ROW, "zip_prefix")),
    ("takes away", migrations.RenameField(ROW, "zip_prefix", "zip")),
    ("takes away", migrations.RenameModel("Message", "Letter")),
    ("takes away", migrations.DeleteModel("Message")),
    ("takes away", migrations.AlterModelTable(ROW, "requests")),
    ("not null", migrations.AddField(ROW, "later", models.CharField(max_length=9))),
    ("not null", migrations.AddField(ROW, "later", models.CharField(max_length=9, default="x"))),
    ("not null", migrations.AlterField(ROW, "next_step_on", models.DateField())),
    ("stricter", migrations.AddConstraint(ROW, models.CheckConstraint(condition=CLOSED, name="closed_only"))),
    ("stricter", migrations.AlterField(ROW, "state", models.CharField(max_length=2, unique=True))),
    ("changes a type", migrations.AlterField(ROW, "state", models.CharField(max_length=1))),
    ("changes a type", migrations.AlterField(ROW, "state", models.IntegerField())),
    ("SQL that takes away", migrations.RunSQL("ALTER TABLE intake_helprequest DROP COLUMN zip_prefix")),
    ("SQL that takes away", migrations.RunSQL("alter table intake_helprequest rename column zip_prefix to zip")),
    ("SQL that takes away", migrations.RunSQL([("ALTER TABLE t ALTER COLUMN c SET NOT NULL", [])])),
    ("SQL that takes away", migrations.RunPython(_empty)),
    ("SQL that takes away", migrations.RunPython(_drop)),
    ("SQL that takes away", migrations.RunPython(_through_another)),
    (
        "takes away",
        migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField(ROW, "zip_prefix")]),
    ),
]
GOOD: list[Operation] = [
    migrations.AddField(ROW, "later", models.CharField(max_length=9, db_default="x")),
    migrations.AddField(ROW, "when", models.DateTimeField(null=True)),
    migrations.AddField(ROW, "others", models.ManyToManyField("intake.HelpRequest")),
    migrations.AddField(
        ROW,
        "length",
        models.GeneratedField(expression=models.F("id"), output_field=models.IntegerField(), db_persist=True),
    ),
    migrations.AddIndex(ROW, models.Index(fields=["tries"], name="later_index")),
    migrations.AlterField(ROW, "state", models.CharField(max_length=20, verbose_name="state of the union", blank=True)),
    migrations.CreateModel("Later", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]),
    migrations.RunSQL("CREATE TABLE later (id int)", "DROP TABLE later"),
    migrations.RunPython(migrations.RunPython.noop, _drop),
    migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField(ROW, "zip_prefix")]),
]


def planted(*operations: Operation) -> Migration:
    migration = Migration("9999_planted", "intake")
    migration.operations = list(operations)
    return migration


@pytest.mark.parametrize("number", range(len(BAD)), ids=lambda n: f"{n}-{type(BAD[n][1]).__name__}")
def test_a_planted_step_that_takes_away_is_seen(landed: Any, number: int) -> None:
    rule, operation = BAD[number]
    assert rule in [found for found, _ in breaches(landed[1].clone(), planted(operation))]


@pytest.mark.parametrize("number", range(len(GOOD)), ids=lambda n: f"{n}-{type(GOOD[n]).__name__}")
def test_a_planted_step_that_adds_passes(landed: Any, number: int) -> None:
    assert list(breaches(landed[1].clone(), planted(GOOD[number]))) == []


def test_a_table_of_the_same_migration_may_have_anything(landed: Any) -> None:
    made = migrations.CreateModel("Later", [("id", models.BigAutoField(primary_key=True))])
    step = migrations.AddField("later", "name", models.TextField())
    assert list(breaches(landed[1].clone(), planted(made, step))) == []


def migrate_by_hand(state: ProjectState, *operations: Operation) -> None:
    """The steps on the test's database, noted as a migration that this code does not have."""
    state = state.clone()
    with connection.schema_editor() as editor:
        for operation in operations:
            before = state.clone()
            operation.state_forwards("intake", state)
            operation.database_forwards("intake", editor, before, state)
    MigrationRecorder(connection).record_applied("intake", "9999_planted")


@pytest.fixture
def tables(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("a file is not deployed to, and SQLite changes no table inside a test")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the end of a test would bar a change


def works() -> bool:
    """This code starts, takes in a request and does everything that can be done with it."""
    start.refuse_unless_ready()
    the_whole_story()
    while promises.sweep():
        pass
    return reconciling.reconcile() == {}


@pytest.fixture
def _keep_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The start closes the connection it checked with; a test's transaction must live on."""
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.close", lambda self: None)


@pytest.mark.usefixtures("tables", "_keep_the_connection")
def test_this_code_runs_on_a_schema_that_was_added_to(landed: Any) -> None:
    """As it does between the migration and the last new process, and after a way back."""
    adds = [step for step in GOOD if not isinstance(step, migrations.RunPython | migrations.SeparateDatabaseAndState)]
    migrate_by_hand(landed[1], *adds)
    assert works()
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT later FROM intake_helprequest")
        assert cursor.fetchall() == [("x",)]


@pytest.mark.usefixtures("tables", "_keep_the_connection")
@pytest.mark.parametrize("number", [0, 1, 2, 4, 5, 6, 7, 8])  # what this story comes past
def test_and_stumbles_over_one_that_takes_away(landed: Any, number: int) -> None:
    """What the rules refuse is no theory."""
    migrate_by_hand(landed[1], BAD[number][1])
    with pytest.raises(DatabaseError):
        works()
