"""What readers tell us: an error, or whether a text helped. Nobody says who they are."""

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from content import correcting
from content.models import ErrorReport, Helpful, Revision
from content.publishing import publish
from tests.content.factories import RevisionFactory, UserFactory, sign
from tests.content.views.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def live() -> Revision:
    return RevisionFactory(live=True, title="Who pays?", article__path="costs/who-pays")


REPORT = "/report-an-error/about/costs/who-pays/"


def test_report_is_stored_with_the_text_that_was_seen(client: Client, live: Revision) -> None:
    page = client.get(REPORT).content.decode()
    hidden = re.search(r'name="revision" value="(\d+)"', page)
    assert hidden
    newer = RevisionFactory(article=live.article)
    sign(newer)
    publish(revision=newer, by=UserFactory())
    answer = client.post(REPORT, {"words": "It is 20%,\r\nnot 25%.", "revision": hidden[1]})
    assert (answer.status_code, answer["Location"]) == (302, "/report-an-error/thanks/")
    report = ErrorReport.objects.get()
    assert (report.revision, report.words, report.state) == (live, "It is 20%,\nnot 25%.", "open")
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM content_errorreport")
        assert "20%" not in str(cursor.fetchall()), "the words are encrypted"
    assert "Thank you for your report" in read(client, "/report-an-error/thanks/")


def test_empty_report_keeps_the_page_and_says_why(client: Client, live: Revision) -> None:
    for words in ("", "   ", "\u200b\u202e"):
        answer = client.post(REPORT, {"words": words})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "<title>Error: " in page
        form = page.split("<main")[1]
        assert form.count("Tell us what is wrong") == 2, "beside the field and in the summary"
    answer = client.post(REPORT, {"words": "x" * 2001})
    assert "Use 2,000 characters or fewer" in answer.content.decode()
    assert "maxlength" not in answer.content.decode(), "nothing is cut in silence"
    assert "x" * 2001 in answer.content.decode()
    assert not ErrorReport.objects.exists()


@pytest.mark.parametrize("revision", ["", "0", "-1", "9" * 30, "abc", "999999", "1 OR 1=1"])
def test_tampered_number_reports_on_the_live_text(client: Client, live: Revision, revision: str) -> None:
    RevisionFactory(live=True, article__path="other")
    assert client.post(REPORT, {"words": "Wrong.", "revision": revision}).status_code == 302
    assert ErrorReport.objects.get().revision == live


def test_number_of_another_text_reports_on_this_one(client: Client, live: Revision) -> None:
    other = RevisionFactory(live=True, article__path="other")
    client.post(REPORT, {"words": "Wrong.", "revision": other.pk})
    assert ErrorReport.objects.get().revision == live


@pytest.mark.parametrize(
    "words", ["a\x00b", "😀" * 500, "<script>alert(1)</script>", "'; DROP TABLE x;--", "\u202eabc", "ä" * 2000]
)
def test_hostile_words_are_words(client: Client, live: Revision, words: str) -> None:
    assert client.post(REPORT, {"words": words}).status_code in (302, 422)


def test_form_needs_its_token_and_the_page_is_kept_nowhere(live: Revision) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(REPORT, {"words": "Wrong."}).status_code == 403
    answer = client.get(REPORT)
    assert answer["Cache-Control"] == "no-store"
    assert answer.cookies["csrftoken"]["max-age"] == ""


def test_flood_of_reports_is_refused_politely(client: Client, live: Revision, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correcting, "PER_HOUR", 2)
    for _ in range(2):
        assert client.post(REPORT, {"words": "Wrong."}).status_code == 302
    answer = client.post(REPORT, {"words": "Wrong again."})
    assert answer.status_code == 422
    assert "too many reports" in answer.content.decode()
    assert "Wrong again." in answer.content.decode()
    ErrorReport.objects.update(sent_at=timezone.now() - datetime.timedelta(hours=2))
    assert client.post(REPORT, {"words": "Wrong."}).status_code == 302


def test_only_live_texts_are_reported(client: Client) -> None:
    RevisionFactory(article__path="draft")
    assert client.get("/report-an-error/about/draft/").status_code == 404
    assert client.get("/report-an-error/about/nowhere/").status_code == 404


def test_yes_and_no_are_counted_and_nothing_else(client: Client, live: Revision) -> None:
    for answer in ("yes", "no", "yes"):
        reply = client.post(f"/helpful/{live.pk}/", {"answer": answer})
        assert (reply.status_code, reply["Location"]) == (302, f"/helpful/{answer}/")
        assert not reply.cookies
    counted = Helpful.objects.get()
    assert (counted.revision, counted.yes, counted.no) == (live, 2, 1)
    assert {field.name for field in Helpful._meta.get_fields()} == {"revision", "yes", "no"}


def test_answer_works_from_the_page_itself_without_cookie(live: Revision) -> None:
    client = Client(enforce_csrf_checks=True)
    page = read(client, "/costs/who-pays/")
    action = re.search(r'action="(/helpful/\d+/)"', page)
    assert action
    assert client.post(action[1], {"answer": "yes"}).status_code == 302
    assert "Thank you" in read(client, "/helpful/yes/")
    assert "Talk to a nurse advocate" in read(client, "/helpful/no/")


@pytest.mark.parametrize("data", [{}, {"answer": "maybe"}, {"answer": "pk"}, {"answer": "yes'"}])
def test_nonsense_is_not_counted(client: Client, live: Revision, data: dict[str, Any]) -> None:
    assert client.post(f"/helpful/{live.pk}/", data).status_code == 400
    assert client.get(f"/helpful/{live.pk}/").status_code == 405
    assert not Helpful.objects.exists()


def test_another_site_cannot_raise_the_counter(client: Client, live: Revision) -> None:
    for origin in ("https://elsewhere.example", "http://testserver.elsewhere.example"):
        assert client.post(f"/helpful/{live.pk}/", {"answer": "no"}, headers={"origin": origin}).status_code == 400
    assert (
        client.post(f"/helpful/{live.pk}/", {"answer": "no"}, headers={"origin": "http://testserver"}).status_code
        == 302
    )


def test_draft_is_not_counted(client: Client) -> None:
    assert client.post(f"/helpful/{RevisionFactory().pk}/", {"answer": "yes"}).status_code == 404
