"""What is written about a request is kept, told only as a word that it is there, and gone with the family."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from intake import erasing, notes, people, promises, triage
from intake.models import HelpRequest, Note
from intake.notes import NoteError
from tests.intake.factories import AdvocateFactory, HelpRequestFactory

pytestmark = pytest.mark.django_db
WRITERS = ["for_staff", "to_family", "from_family"]


@pytest.fixture
def row() -> HelpRequest:
    return HelpRequestFactory()


@pytest.fixture
def nurse() -> Any:
    return AdvocateFactory().user


def write(kind: str, row: HelpRequest, body: str, nurse: Any) -> Note:
    verb: Callable[..., Note] = getattr(notes, kind)
    return verb(help_request=row, body=body, **({} if kind == "from_family" else {"by": nurse}))


@pytest.mark.parametrize("kind", WRITERS)
def test_it_is_kept_and_history_says_only_that(kind: str, row: HelpRequest, nurse: Any) -> None:
    note = write(kind, row, "Ring\r\nafter\u202e two\x00", nurse)
    assert Note.objects.get().body == "Ring\nafter two"
    assert note.kind == ("staff" if kind == "for_staff" else kind)
    line = row.history.get()
    assert (line.detail, line.by) == ("", None if kind == "from_family" else nurse)
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM intake_note")
        assert "Ring" not in cursor.fetchone()[0]


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("body", ["", " \n ", "\u200b", "x" * 2001])
def test_nothing_and_too_much_are_refused(kind: str, body: str, row: HelpRequest, nurse: Any) -> None:
    with pytest.raises(NoteError, match=r"Write something first|2,000 characters or fewer"):
        write(kind, row, body, nurse)
    assert not Note.objects.exists()
    assert not row.history.exists()


@pytest.mark.parametrize("kind", WRITERS)
def test_a_deleted_request_takes_no_note(kind: str, row: HelpRequest, nurse: Any) -> None:
    erasing.erase(help_request=row)
    with pytest.raises(NoteError, match="asked us to stop" if kind == "to_family" else "deleted"):
        write(kind, row, "hello", nurse)


def test_the_family_hears_only_that_there_is_something(row: HelpRequest, nurse: Any, mailoutbox: list[Any]) -> None:
    son = people.add(
        help_request=row, role="helper", contact={"name": "Sol", "email": "sol@family.example", "reach_by": "email"}
    )
    people.join(participant=son, words="yes", how="page")
    promises.sweep()
    mailoutbox.clear()
    notes.to_family(help_request=row, body="The hospital in Canaryville has a place", by=nurse)
    promises.sweep()
    assert sorted(mail.to[0] for mail in mailoutbox) == ["maria@family.example", "sol@family.example"]
    assert not [mail for mail in mailoutbox if "Canaryville" in mail.subject + mail.body]


def test_a_note_for_staff_is_told_to_nobody(row: HelpRequest, nurse: Any) -> None:
    notes.for_staff(help_request=row, body="Speaks softly", by=nurse)
    assert not row.promises.exists()


def test_the_desk_sees_that_the_family_wrote(row: HelpRequest) -> None:
    HelpRequest.objects.filter(pk=row.pk).update(waiting_since=timezone.now())
    notes.from_family(help_request=row, body="We have the scans")
    row.refresh_from_db()
    assert row.news_since
    assert row.waiting_since is None


def test_a_closed_request_takes_a_note_and_waits_for_nothing() -> None:
    row = HelpRequestFactory(status="closed", outcome="helped", closed_at=timezone.now())
    notes.from_family(help_request=row, body="Thank you")
    row.refresh_from_db()
    assert row.news_since is None


def test_notes_are_gone_with_the_family(row: HelpRequest, nurse: Any) -> None:
    for kind in WRITERS:
        write(kind, row, "hello", nurse)
    erasing.erase(help_request=row)
    assert list(Note.objects.values_list("body", flat=True)) == [None] * 3


@pytest.mark.parametrize("kind", [Note.Kind.STAFF, Note.Kind.TO_FAMILY, Note.Kind.FROM_FAMILY])
def test_a_note_has_its_writer_by_the_databases_word(kind: str, row: HelpRequest, nurse: Any) -> None:
    wrong = nurse if kind == Note.Kind.FROM_FAMILY else None
    with pytest.raises(IntegrityError, match="note_has_its_writer"), transaction.atomic():
        Note.objects.create(help_request=row, kind=kind, body="x", by=wrong)


@pytest.mark.parametrize("when", ["open", "closed"])
def test_nothing_is_written_to_who_asked_us_to_stop(
    when: str, row: HelpRequest, nurse: Any, mailoutbox: list[Any]
) -> None:
    if when == "closed":
        triage.close(help_request=row, outcome="helped")
        notes.to_family(help_request=row, body="All the best", by=nurse)
        row.promises.all().delete()
    erasing.withdraw(help_request=row)
    with pytest.raises(NoteError, match="asked us to stop"):
        notes.to_family(help_request=row, body="Come back", by=nurse)
    promises.sweep()
    assert mailoutbox == []
