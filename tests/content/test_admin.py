"""The editors' desk: a text is written, read, signed and published there, and never edited."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content.models import Revision
from tests.content.factories import ArticleFactory, PersonFactory, RevisionFactory, UserFactory, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Any:
    return get_user_model().objects.create_superuser("chief", password="a long pass phrase")


@pytest.fixture
def desk(client: Client, editor: Any) -> Client:
    client.force_login(editor)
    return client


def written(article: Any, **changes: str) -> dict[str, Any]:
    text = {"article": article.pk, "title": "New", "summary": "Yes.", "description": "", "body": "New *words*."}
    return {**text, "references": "[]", "change_note": "Clearer", **changes}


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("model", ["revision", "article", "person", "topic"])
def test_lists_take_the_same_queries_for_one_row_and_three(desk: Client, model: str) -> None:
    url = reverse(f"admin:content_{model}_changelist")
    RevisionFactory(live=True)
    desk.get(url)
    one = queries(desk, url)
    RevisionFactory(live=True)
    RevisionFactory(live=True)
    assert queries(desk, url) == one


def test_form_starts_from_the_newest_text(desk: Client) -> None:
    revision = RevisionFactory(title="Where we stand")
    page = desk.get(reverse("admin:content_revision_add"), {"article": revision.article_id})
    assert "Where we stand" in page.content.decode()
    assert desk.get(reverse("admin:content_revision_add")).status_code == 200


def test_saving_makes_a_rendered_draft(desk: Client, editor: Any) -> None:
    article = ArticleFactory()
    answer = desk.post(reverse("admin:content_revision_add"), written(article))
    revision = Revision.objects.get()
    assert answer.status_code == 302
    assert revision.body_html == "<p>New <em>words</em>.</p>"
    assert (revision.written_by, revision.is_live, revision.source_digest) == (editor, False, "")


def test_text_that_cannot_be_rendered_comes_back_with_the_reason(desk: Client) -> None:
    page = desk.post(reverse("admin:content_revision_add"), written(ArticleFactory(), body="Odd.[^who]"))
    assert "The text cites [^who], which is not in its references." in page.content.decode()
    page = desk.post(reverse("admin:content_revision_add"), written(ArticleFactory(), title=""))
    assert page.status_code == 200
    assert not Revision.objects.exists()


def test_saved_text_is_read_only_with_a_preview(desk: Client) -> None:
    revision = RevisionFactory()
    url = reverse("admin:content_revision_change", args=[revision.pk])
    page = desk.get(url).content.decode()
    assert "<p>Ask your plan.</p>" in page
    assert 'name="body"' not in page
    assert 'name="_save"' not in page
    assert desk.post(url, written(revision.article)).status_code == 403
    revision.refresh_from_db()
    assert revision.title == "Who pays?"
    assert not Revision.objects.exclude(pk=revision.pk).exists()


def test_text_cannot_be_deleted(desk: Client) -> None:
    assert desk.post(reverse("admin:content_revision_delete", args=[RevisionFactory().pk])).status_code == 403


def test_admin_pages_have_no_inline_script_or_style(desk: Client) -> None:
    revision = RevisionFactory()
    for url in (
        reverse("admin:content_revision_change", args=[revision.pk]),
        reverse("admin:content_article_withdraw", args=[revision.article_id]),
    ):
        page = desk.get(url).content.decode()
        assert " style=" not in page
        assert "<script>" not in page


def test_reviewer_signs_and_publishes(client: Client) -> None:
    reviewer = PersonFactory(reviewer=True)
    reviewer.user.is_superuser = True
    reviewer.user.save()
    client.force_login(reviewer.user)
    revision = RevisionFactory()
    page = client.post(
        reverse("admin:content_revision_sign_off", args=[revision.pk]), {"reviewer": reviewer.pk}, follow=True
    )
    assert "Signed off: Who pays?" in page.content.decode()
    page = client.post(reverse("admin:content_revision_publish", args=[revision.pk]), follow=True)
    assert "This text is live." in page.content.decode()
    revision.refresh_from_db()
    assert (revision.is_live, revision.signed_by, revision.published_by) == (True, reviewer, reviewer.user)


def test_refusal_is_shown_in_words(desk: Client) -> None:
    reviewer, revision = PersonFactory(reviewer=True, name="Ada Real"), RevisionFactory()
    page = desk.post(
        reverse("admin:content_revision_sign_off", args=[revision.pk]), {"reviewer": reviewer.pk}, follow=True
    )
    assert "Only Ada Real can sign as Ada Real" in page.content.decode()
    page = desk.post(reverse("admin:content_revision_publish", args=[revision.pk]), follow=True)
    assert "A reviewer must sign this text" in page.content.decode()


def test_steps_need_post_and_permission(desk: Client) -> None:
    revision = RevisionFactory()
    url = reverse("admin:content_revision_publish", args=[revision.pk])
    assert desk.get(url).status_code == 405
    desk.force_login(UserFactory())
    assert desk.post(url).status_code == 403
    assert desk.post(reverse("admin:content_article_withdraw", args=[revision.article_id])).status_code == 403


def test_withdrawing_asks_for_the_reason(desk: Client) -> None:
    revision = RevisionFactory(live=True)
    url = reverse("admin:content_article_withdraw", args=[revision.article_id])
    assert "Say why" in desk.post(url, {"reason": " "}).content.decode()
    page = desk.post(url, {"reason": "A figure was wrong."}, follow=True).content.decode()
    assert "is withdrawn" in page
    revision.refresh_from_db()
    assert not revision.is_live


def test_article_page_leads_to_its_next_steps(desk: Client) -> None:
    article = RevisionFactory().article
    page = desk.get(reverse("admin:content_article_change", args=[article.pk])).content.decode()
    assert "Write a new revision" in page
    assert "Save this first" in desk.get(reverse("admin:content_article_add")).content.decode()


def test_signed_draft_offers_to_publish(desk: Client) -> None:
    revision = RevisionFactory()
    sign(revision)
    assert "<h2>Publish</h2>" in desk.get(reverse("admin:content_revision_change", args=[revision.pk])).content.decode()
