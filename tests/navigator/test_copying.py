from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from doctors.models import ListingChange, Program
from navigator import copying
from tests.doctors.factories import ProgramFactory, make

pytestmark = pytest.mark.django_db
TEXTS = [
    "",
    "a\tb",
    "back\\slash \\N \\.",
    "\\.",
    "two\nlines\r\n",
    "“é” 漢字 🫁",
    "NULL",
    "{a,b}",
    "'; DROP TABLE x; --",
    '"',
]


def unsaved(**values: Any) -> Program:
    program: Program = ProgramFactory.build(**values)
    return program


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_arrives_as_it_is(text: str) -> None:
    copying.add([unsaved(slug="a", notes=text, hours=text, hipec=False, ended_on=None)])
    row = Program.objects.get()
    assert (row.notes, row.hours, row.hipec, row.surgery, row.pleural) == (text, text, False, None, True)
    assert (row.longitude, row.center, row.ended_on) == (-87.65, None, None)


def test_what_the_model_fills_in_is_filled_in(django_user_model: Any) -> None:
    by = django_user_model.objects.create_user("dora")
    fields = {"name": [None, 'a "b"\t\\n'], "hipec": [True, None], "latitude": [1.5, -2]}
    copying.add([ListingChange(kind="program", slug="a", what="added", fields=fields, by=by)])
    line = ListingChange.objects.get()
    assert (line.fields, line.by) == (fields, by)
    assert line.at is not None


def test_a_row_that_is_there_already_is_an_error_of_django_and_adds_nothing() -> None:
    make(ProgramFactory, slug="b")
    with pytest.raises(IntegrityError), transaction.atomic():
        copying.add([unsaved(slug="a"), unsaved(slug="b")])
    assert Program.objects.count() == 1


def test_a_rule_of_the_database_holds() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        copying.add([unsaved(ended_on="2026-01-01")])


def test_keys_go_on_where_they_were() -> None:
    copying.add([unsaved(), unsaved()])
    first, second = Program.objects.order_by("pk")
    assert first.pk < second.pk < make(ProgramFactory).pk


def test_nothing_is_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        copying.add([])
    assert len(queries) == 0
