"""The page on which a family reports a listing: no cookie, no name, no word lost."""

import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from doctors import reporting
from doctors.models import Report
from navigator.caching import ASKED, MARK
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make

pytestmark = pytest.mark.django_db

KINDS = [("center", CenterFactory), ("program", ProgramFactory), ("specialist", SpecialistFactory)]


@pytest.fixture
def path() -> str:
    return reverse("report-listing", args=["program", make(ProgramFactory, name="Lake program").slug])


@pytest.mark.parametrize(("kind", "factory"), KINDS)
def test_a_listing_of_each_kind_is_reported(kind: str, factory: Any) -> None:
    client, listing = Client(enforce_csrf_checks=True), make(factory)
    path = f"/find-care/report/{kind}/{listing.slug}/"
    page = client.get(path)
    assert str(listing) in page.content.decode()
    answer = client.post(path, {"problem": "closed", "words": "The door is shut,\r\nsince May."})
    assert (answer.status_code, answer["Location"]) == (302, "/find-care/report/thanks/")
    row = Report.objects.get()
    assert (row.listing, row.problem, row.words) == (listing, "closed", "The door is shut,\nsince May.")
    thanks = client.get(answer["Location"])
    assert "Thank you for your report" in thanks.content.decode()
    assert "180 days" in thanks.content.decode()
    assert not page.cookies
    assert not answer.cookies
    assert not thanks.cookies
    assert not client.cookies


def test_the_page_is_the_same_for_everybody(client: Client, path: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path, **{ASKED: "1"})
    assert answer[MARK] == "1"
    assert len(queries) == 1
    assert "Cookie" not in answer.get("Vary", "")
    posted = client.post(path, {"words": "My phone is secret."}, **{ASKED: "1"})
    assert posted.status_code == 422
    assert MARK not in posted
    assert posted["Cache-Control"] == "no-store"


def test_the_page_says_what_happens_and_what_to_leave_out(client: Client, path: str) -> None:
    text = client.get(path).content.decode().split("<main")[1]
    for words in ("One of us reads every report", "Leave out names and anything about your own health", "call 911"):
        assert words in text
    assert "email" not in text.lower()
    assert 'type="tel"' not in text


@pytest.mark.parametrize(
    "path",
    ["/find-care/report/palace/x/", "/find-care/report/program/nowhere/", "/find-care/report/Program/x/",
     "/find-care/report/program/%00/", "/find-care/report/listingchange/x/"],
)  # fmt: skip
def test_what_is_not_there_is_not_reported(client: Client, path: str) -> None:
    make(ProgramFactory, slug="x")
    assert client.get(path).status_code in (404, 400)
    assert client.post(path, {"problem": "phone"}).status_code in (404, 400)
    assert not Report.objects.exists()


def test_a_doctor_who_is_not_shown_is_not_reported(client: Client) -> None:
    hidden = make(SpecialistFactory, evidence="directories")
    path = f"/find-care/report/specialist/{hidden.slug}/"
    assert client.get(path).status_code == 404
    assert client.post(path, {"problem": "doctor"}).status_code == 404
    assert not Report.objects.exists()


def test_a_place_that_ended_can_still_be_reported(client: Client) -> None:
    day = timezone.localdate()
    program = make(ProgramFactory, ended_on=day, ended_note="It closed.")
    assert client.post(f"/find-care/report/program/{program.slug}/", {"problem": "closed"}).status_code == 302


@pytest.mark.parametrize(
    ("data", "says", "times"),
    [
        ({}, "Choose what is wrong", 2),
        ({"problem": "palace", "words": "Kept."}, "Choose what is wrong", 2),
        ({"problem": "other"}, "Tell us what is wrong", 2),
        ({"problem": "other", "words": " \u200b\u202e\n"}, "Tell us what is wrong", 2),
        ({"problem": "phone", "words": "x" * 2001}, "Use 2,000 characters or fewer", 2),
    ],
)
def test_what_is_missing_is_said_twice_and_nothing_is_lost(
    client: Client, path: str, data: dict[str, str], says: str, times: int
) -> None:
    answer = client.post(path, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: " in page
    assert page.split("<main")[1].count(says) == times, "beside the field and in the summary"
    assert data.get("words", "") in page
    assert "maxlength" not in page, "nothing is cut in silence"
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "words",
    ["a\x00b", "😀" * 500, "<script>alert(1)</script>", "'; DROP TABLE x;--", "\u202eabc", "ä" * 2000, "x" * 10_000,
     "\ud800", "a\u200bb"],
)  # fmt: skip
@pytest.mark.parametrize("problem", ["phone", "\x00", "x" * 10_000, "😀"])
def test_hostile_words_are_words(client: Client, path: str, words: str, problem: str) -> None:
    data = urlencode({"problem": problem, "words": words.encode("utf-8", "surrogatepass")})
    answer = client.post(path, data, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (302, 422)
    assert "<script>alert" not in answer.content.decode()
    for row in Report.objects.all():
        assert not set(row.words) & set("\x00\u202e\u200b")


def test_each_answer_counts_once(client: Client, path: str) -> None:
    client.post(path, {"problem": ["address", "phone"], "words": ["One.", "Two."], "state": "settled", "answer": "x"})
    row = Report.objects.get()
    assert (row.problem, row.words, row.state, row.answer) == ("phone", "Two.", "open", "")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "http://testserver.elsewhere.example"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_sends_nothing_in_a_family_s_name(client: Client, path: str, headers: dict[str, str]) -> None:
    answer = client.post(path, {"problem": "phone", "words": "Kept."}, headers=headers)
    assert answer.status_code == 422
    assert "send them from this page" in answer.content.decode()
    assert "Kept." in answer.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "http://testserver"}, {"origin": "null", "sec-fetch-site": "same-origin"}, {"origin": "null"}],
)
def test_the_page_itself_is_believed(client: Client, path: str, headers: dict[str, str]) -> None:
    assert client.post(path, {"problem": "phone"}, headers=headers).status_code == 302


def test_a_flood_is_refused_politely(client: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "PER_HOUR", 2)
    for _ in range(2):
        assert client.post(path, {"problem": "phone"}).status_code == 302
    answer = client.post(path, {"problem": "phone", "words": "Kept."})
    assert answer.status_code == 422
    assert "too many reports" in answer.content.decode()
    assert "Kept." in answer.content.decode()
    Report.objects.update(sent_at=timezone.now() - datetime.timedelta(hours=2))
    assert client.post(path, {"problem": "phone"}).status_code == 302
