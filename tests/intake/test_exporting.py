"""Requests as a file: who may, what is in it, what stands in the ledgers, and that no cell is a formula."""

import csv
import io
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from intake import exporting
from intake.models import Export, HelpRequest, History
from intake.sample_desk import load_sample_desk
from tests.intake.desk import LIST, VALUES, advocate, as_, of
from tests.intake.factories import HelpRequestFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a password of the tests"
PAGE = "admin:intake_helprequest_export"
REASON = "Numbers for the board in May"


@pytest.fixture(autouse=True)
def _desk() -> None:
    load_sample_desk(password=PASSWORD)


def send(name: str, query: str = "", **changed: Any) -> HttpResponse:
    data = {"columns": ["reference", "state"], "reason": REASON, "password": PASSWORD} | changed
    return as_(name).post(reverse(PAGE) + query, {key: value for key, value in data.items() if value is not None})


def read(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode(), newline="")))


def made(**given: Any) -> list[list[str]]:
    usual = {"rows": HelpRequest.objects.all(), "columns": ["reference"], "reason": REASON}
    given.setdefault("by", get_user_model().objects.get(username="carol"))
    return list(csv.reader(io.StringIO(exporting.export(**usual | given), newline="")))


def test_a_file_has_the_chosen_columns_and_says_so_in_both_ledgers() -> None:
    row = of("ana", state="TX")
    answer = send("ana", columns=["state", "reference"])
    assert read(answer) == [["Reference", "State"], [row.reference, "TX"]]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="requests-')
    assert "no-store" in answer["Cache-Control"]
    kept = Export.objects.get()
    assert (kept.by.username, kept.reason, kept.columns, kept.rows) == ("ana", REASON, "reference state", 1)
    line = row.history.get(what="exported")
    assert (line.by.username, line.detail) == ("ana", f"export {kept.pk}")


def test_an_advocate_takes_only_their_own() -> None:
    mine = of("ana")
    of("ben")
    HelpRequestFactory()
    assert [line[0] for line in read(send("ana"))[1:]] == [mine.reference]
    assert len(read(send("carol"))) == 4


def test_the_file_holds_what_the_list_shows() -> None:
    texas = of("ana", state="TX")
    of("ana", state="WY")
    assert [line[0] for line in read(send("ana", "?state=TX"))[1:]] == [texas.reference]
    assert reverse(PAGE) + "?state=TX" in as_("ana").get(reverse(LIST), {"state": "TX"}).content.decode()


PERSONAL = [name for name, column in exporting.COLUMNS.items() if column.personal]


@pytest.mark.parametrize("name", PERSONAL)
def test_what_says_who_somebody_is_is_for_leads(name: str) -> None:
    row = of("ana")
    refused = send("ana", columns=["reference", name])
    assert refused.status_code == 422
    assert "Choose columns from the list" in refused.content.decode()
    assert f'value="{name}"' not in as_("ana").get(reverse(PAGE)).content.decode()
    assert not Export.objects.exists()
    value = getattr(row, name)
    told = read(send("carol", columns=[name]))[1][0]
    assert told.lstrip("'") == value


def test_nothing_personal_is_chosen_for_anybody() -> None:
    form = as_("carol").get(reverse(PAGE)).context["form"]
    assert not set(form["columns"].value()) & set(PERSONAL)
    assert [name for name, label in form.fields["columns"].choices if "(personal)" in label] == PERSONAL


def test_what_a_family_told_is_in_no_column() -> None:
    row = of("ana", answers='{"disease": "pleural"}', access_needs="Large print", next_step="Ask for slides")
    text = send("carol", columns=list(exporting.COLUMNS)).content.decode()
    assert row.name in text
    assert not [word for word in ("pleural", "Large print", "slides") if word in text]


def test_a_closed_request_gives_no_contact() -> None:
    HelpRequestFactory(status="closed", outcome="withdrawn", closed_at=timezone.now())
    text = send("carol", "?desk=closed", columns=["reference", "outcome", *PERSONAL]).content.decode()
    assert "Withdrawn" in text
    assert not [value for value in (*VALUES, "606") if value in text]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u200b=", "'="])
def test_no_cell_is_a_formula(sign: str) -> None:
    HelpRequestFactory(name=f"{sign}cmd|' /C calc'!A0")
    assert made(columns=["name"])[1][0].startswith("'")


def test_quotes_commas_and_lines_stay_in_their_cell() -> None:
    name = 'Maria "M", Sample\r\nsecond line'
    row = HelpRequestFactory(name=name)
    assert made(columns=["reference", "name"]) == [["Reference", "Name"], [row.reference, name]]


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("columns", None, "Choose at least one column"),
        ("columns", ["password"], "Choose columns from the list"),
        ("columns", ["reference", "link_id"], "Choose columns from the list"),
        ("reason", None, "Say what the file is for"),
        ("reason", "too short", "in 10 characters or more"),
        ("reason", " \u200b" * 20, "Say what the file is for"),
        ("reason", "x" * 10_000, "Say it in 200 characters or fewer"),
        ("reason", "for the\x00board of May", "Null characters"),
        ("password", None, "Type your password"),
        ("password", "another password", "This is not your password"),
        ("password", PASSWORD + " ", "This is not your password"),
        ("password", "x" * 10_000, "This is not your password"),
    ],
)
def test_a_file_is_refused_beside_the_field(field: str, value: Any, problem: str) -> None:
    row = of("ana")
    answer = send("ana", **{field: value})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert text.count(problem) >= 1
    assert "<title>Error: " in text
    assert PASSWORD not in text
    assert not Export.objects.exists()
    assert not row.history.filter(what="exported").exists()
    if field != "reason":
        assert REASON in text


def test_the_password_is_that_of_who_is_signed_in() -> None:
    of("carol")
    ben = advocate("ben").user
    ben.set_password("the password of somebody else")
    ben.save()
    assert send("carol", password="the password of somebody else").status_code == 422


def test_looking_at_the_page_takes_nothing() -> None:
    row = of("ana")
    answer = as_("ana").get(reverse(PAGE), {"columns": "name", "reason": REASON, "password": PASSWORD})
    assert "text/html" in answer["Content-Type"]
    assert not Export.objects.exists()
    assert not row.history.exists()


@pytest.mark.parametrize("name", ["olga", "stranger"])
def test_who_works_on_no_request_exports_none(name: str) -> None:
    if name == "stranger":
        UserFactory(username="stranger")
    assert as_(name).get(reverse(PAGE)).status_code == 403
    assert send(name).status_code == 403


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"reason": "\u200b \u202e" * 9}, "Say what the file is for"),
        ({"columns": []}, "Choose at least one column"),
        ({"columns": ["reference", "answers"]}, "Choose at least one column from the list"),
        ({"rows": HelpRequest.objects.none()}, "no request in this list"),
    ],
)
def test_the_verb_refuses_on_its_own(given: dict[str, Any], problem: str) -> None:
    of("ana")
    with pytest.raises(exporting.ExportError, match=problem):
        made(**given)


def test_a_file_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 2)
    for _ in range(2):
        of("ana")
    assert len(made()) == 3
    of("ana")
    with pytest.raises(exporting.ExportError, match="more than 2 requests"):
        made()
    answer = send("carol")
    assert answer.status_code == 422
    assert "Narrow it with a filter first" in answer.content.decode()
    assert Export.objects.count() == 1
    assert History.objects.filter(what="exported").count() == 2


def test_a_file_of_three_asks_no_more_than_a_file_of_one() -> None:
    counts, by = [], advocate("carol").user
    for more in (1, 2):
        for _ in range(more):
            of("ana")
        with CaptureQueriesContext(connection) as seen:
            made(columns=list(exporting.COLUMNS), by=by)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


def test_without_its_line_in_the_ledger_there_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    row = of("ana")

    def fails(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr(History.objects, "bulk_create", fails)
    with pytest.raises(DatabaseError):
        made()
    assert not Export.objects.exists()
    assert not row.history.exists()
