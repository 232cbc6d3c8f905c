"""What can be taken home: made when a text goes live, kept, and made anew when we change."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content import printouts, typesetting
from content.models import Printout, Revision
from content.publishing import publish
from tests.content.factories import PersonFactory, RevisionFactory, sign
from tests.content.pdfs import Document
from tests.content.test_markdown import SOURCE

pytestmark = pytest.mark.django_db


def live(*, signer: dict[str, Any] | None = None, **fields: Any) -> Revision:
    revision = RevisionFactory(**fields)
    changes = {"signed_by": PersonFactory(**signer)} if signer else {}
    sign(revision, **changes)
    return publish(revision=revision, by=None)


def stored(revision: Revision) -> Document:
    found = printouts.stored(revision.article.path)
    assert found is not None
    return Document(bytes(found.pdf))


def test_file_is_that_of_the_live_text() -> None:
    old = live(title="Old title")
    new = live(article=old.article, title="New title")
    assert Printout.objects.count() == 2
    assert stored(new).headings == [("/H1", "New title")]


def test_draft_and_withdrawn_text_have_no_file() -> None:
    revision = live()
    Revision.objects.update(is_live=False)
    assert printouts.stored(revision.article.path) is None
    assert printouts.stored("nowhere") is None


@pytest.mark.parametrize(("kind", "count"), [("article", 1), ("tool", 1), ("faq", 0), ("term", 0), ("page", 0)])
def test_what_is_printed(kind: str, count: int) -> None:
    revision = live(article__kind=kind)
    assert Printout.objects.count() == count
    assert (printouts.stored(revision.article.path) is not None) == bool(count)


def test_says_who_we_are_who_pays_and_the_date(settings: Any) -> None:
    settings.SITE_FUNDING = "A foundation pays for this."
    settings.SITE_URL = "https://site.example"
    revision = live(article__path="costs/who-pays")
    day = timezone.localdate(revision.published_at)
    facts = [
        f"This text was published on {day:%B} {day.day}, {day.year}.",
        "https://site.example/costs/who-pays/",
        settings.SITE_LEGAL_NAME,
        settings.SITE_ADDRESS,
        settings.SITE_PHONE,
        "Who pays for this: A foundation pays for this.",
    ]
    document = stored(revision)
    plain = " ".join(printouts.text(revision).split())
    for words in facts:
        assert words in document.text
        assert words in plain
    assert settings.SITE_PHONE in document.artifacts
    assert "not medical advice" in document.artifacts


def test_sample_sign_off_says_that_nobody_reviewed_it() -> None:
    revision = live(signer={"sample": True, "role": "reviewer", "name": "Sample Reviewer"})
    for text in (stored(revision).text, " ".join(printouts.text(revision).split())):
        assert "Sample sign-off: no clinician has reviewed this text yet." in text
        assert "Reviewed by" not in text
        assert "Sample Reviewer" not in text


def test_real_sign_off_names_the_reviewer_and_the_day() -> None:
    revision = RevisionFactory()
    day = datetime.datetime(2026, 11, 23, 18, tzinfo=datetime.UTC)
    sign(revision, signed_by=PersonFactory(reviewer=True, name="Ada Real"), signed_at=day)
    revision = publish(revision=revision, by=None)
    assert "Reviewed by Ada Real on November 23, 2026." in stored(revision).text
    assert "Reviewed by Ada Real on November 23, 2026." in printouts.text(revision)


def test_sources_stand_in_the_order_of_the_page() -> None:
    from content.publishing import save_revision

    first = RevisionFactory()
    listed = [{**SOURCE, "id": name, "title": f"Title {name}."} for name in ("unused", "b", "a")]
    draft = save_revision(
        article=first.article, title="T", summary="S.", description="", body="One.[^a] Two.[^b] One.[^a]",
        references=listed, change_note="New", by=None,
    )  # fmt: skip
    sign(draft)
    revision = publish(revision=draft, by=None)
    assert [row[:2] for row in printouts.sheet(revision).sources] == [
        (1, "Title a. American Cancer Society. living page."),
        (2, "Title b. American Cancer Society. living page."),
    ]
    assert "Title unused" not in stored(revision).text


def test_tool_is_set_larger() -> None:
    assert printouts.sheet(live(article__kind="tool", article__path="downloads/x")).is_tool
    assert not printouts.sheet(live()).is_tool


def test_nothing_is_made_anew_while_nothing_changed() -> None:
    live()
    assert list(printouts.remake()) == []


@pytest.mark.parametrize("name", ["SITE_NAME", "SITE_FUNDING", "SITE_PHONE", "SITE_ADDRESS", "SITE_URL", "SITE_EMAIL"])
def test_other_identity_makes_every_live_file_anew(name: str, settings: Any) -> None:
    revision = live(article__path="costs")
    live(article__kind="faq", article__path="faq/x")
    before = Printout.objects.get().made_with
    setattr(settings, name, "https://other.example" if name == "SITE_URL" else "Something else")
    assert list(printouts.remake()) == ["costs"]
    row = Printout.objects.get()
    assert row.made_with != before
    assert "https://other.example" in stored(revision).text or "Something else" in (
        stored(revision).text + stored(revision).artifacts
    )
    assert list(printouts.remake()) == []


def test_other_typesetting_makes_it_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    live(article__path="costs")
    monkeypatch.setattr(typesetting, "VERSION", "next")
    assert list(printouts.remake()) == ["costs"]


def test_missing_file_is_made() -> None:
    live(article__path="costs")
    Printout.objects.all().delete()
    assert list(printouts.remake()) == ["costs"]
    assert Printout.objects.count() == 1


def test_serving_a_file_takes_one_query() -> None:
    revision = live()
    with CaptureQueriesContext(connection) as captured:
        printouts.stored(revision.article.path)
    assert len(captured) == 1
