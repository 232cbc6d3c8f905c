"""What is written once: refused in words by the model, and by the database whatever comes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import serializers
from django.db import IntegrityError, connection, migrations, transaction
from django.db.models import F

from content.models import Change
from navigator.append_only import AppendOnlyError, guard
from tests.content.factories import RevisionFactory

pytestmark = pytest.mark.django_db


def line() -> Change:
    revision = RevisionFactory(live=True)
    return Change.objects.create(article=revision.article, what="published", note="New.", revision=revision)


def rows() -> Any:
    return Change.objects.all()


WAYS: list[Callable[[Change], Any]] = [
    lambda row: row.save(),
    lambda row: row.save(update_fields=["note"]),
    lambda row: row.save(force_update=True),
    lambda row: row.delete(),
    lambda row: rows().update(note="Other."),
    lambda row: rows().delete(),
    lambda row: rows().filter(pk=row.pk).update(note=F("note")),
    lambda row: rows().bulk_update([row], ["note"]),
    lambda row: rows().update_or_create(pk=row.pk, defaults={"note": "Other."}),
    lambda row: row.article.changes.all().delete(),
    lambda row: row.article.changes.update(note="Other."),
    lambda row: Change(pk=row.pk, article=row.article, what="moved", note="Other.").save(),
]


@pytest.mark.parametrize("way", WAYS)
def test_model_refuses_a_change_in_words(way: Callable[[Change], Any]) -> None:
    row = line()
    with pytest.raises(AppendOnlyError, match=r"^Change is append-only\.$"), transaction.atomic():
        way(row)
    assert rows().get().note == "New."


def raw(statement: str) -> Callable[[Change], Any]:
    def run(row: Change) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(row.pk))

    return run


def upsert(row: Change) -> None:
    row.note = "Other."
    rows().bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=["note"])


def fixture(row: Change) -> None:
    text = serializers.serialize("json", [row]).replace("New.", "Other.")
    next(serializers.deserialize("json", text)).save()


PAST_THE_MODEL = [
    raw("UPDATE content_change SET note = 'Other.' WHERE id = {}"),
    raw("UPDATE content_change SET note = note WHERE id = {}"),
    raw("UPDATE content_change SET revision_id = NULL WHERE id = {}"),
    upsert,
    fixture,
    lambda row: super(Change, row).save_base(force_update=True),
]


@pytest.mark.parametrize("way", PAST_THE_MODEL)
def test_database_refuses_a_change(way: Callable[[Change], Any]) -> None:
    row = line()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        way(row)
    assert rows().get().note == "New."


DELETIONS = [raw("DELETE FROM content_change WHERE id = {}"), lambda row: rows()._raw_delete("default")]


@pytest.mark.parametrize("way", DELETIONS)
def test_postgresql_refuses_to_delete(way: Callable[[Change], Any]) -> None:
    row = line()
    if connection.vendor == "sqlite":  # there Django empties tables by deleting rows
        way(row)
        return
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        way(row)
    assert rows().exists()


def test_writing_more_is_free() -> None:
    row = line()
    more = [Change(article=row.article, what="moved", note=str(number)) for number in range(3)]
    rows().bulk_create(more)
    assert rows().count() == 4


@pytest.mark.django_db(transaction=True)
def test_guard_can_be_taken_off_and_put_back() -> None:
    step: migrations.RunPython = guard("content_change")
    with connection.schema_editor() as editor:
        step.reverse_code(None, editor)
    row = line()
    raw("UPDATE content_change SET note = 'Other.' WHERE id = {}")(row)
    assert rows().get().note == "Other."
    with connection.schema_editor() as editor:
        step.code(None, editor)
    with pytest.raises(IntegrityError, match="append-only"):
        raw("UPDATE content_change SET note = 'Again.' WHERE id = {}")(row)
