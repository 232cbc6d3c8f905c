"""The rules of the tables, each broken on purpose."""

import hashlib
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from content.models import Article, Revision, path_validator
from tests.content.factories import ArticleFactory, PersonFactory, RevisionFactory, UserFactory, sign

pytestmark = pytest.mark.django_db

SIGNED_TEXT = ["title", "summary", "description", "body", "references", "body_html", "references_html"]


def refuse(rows: Any, **changes: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**changes)


def test_digest_is_sha256_of_every_part_with_its_length() -> None:
    parts = ["Tïtle \\", "Sum'mary", "100 %", "\\x41 \\\\ body", "[]", "<p>“é”</p>", ""]
    revision = RevisionFactory(**dict(zip(SIGNED_TEXT, parts, strict=True)))
    text = "".join(f"{len(part)}:{part}" for part in parts)
    assert revision.digest == hashlib.sha256(text.encode()).hexdigest()


def test_digest_changes_when_a_letter_moves_to_the_next_field() -> None:
    assert RevisionFactory(title="ab", summary="c").digest != RevisionFactory(title="a", summary="bc").digest


def test_draft_cannot_go_live_unsigned() -> None:
    refuse(Revision.objects.filter(pk=RevisionFactory().pk), is_live=True, published_at=timezone.now())


def test_signed_text_cannot_go_live_after_a_change() -> None:
    revision = RevisionFactory()
    sign(revision)
    Revision.objects.filter(pk=revision.pk).update(body="Something else.")
    refuse(Revision.objects.filter(pk=revision.pk), is_live=True, published_at=timezone.now())


def test_live_text_has_a_date_of_publication() -> None:
    revision = RevisionFactory(live=True)
    refuse(Revision.objects.filter(pk=revision.pk), published_at=None)


def test_article_has_one_live_text() -> None:
    first = RevisionFactory(live=True)
    second = RevisionFactory(article=first.article)
    sign(second)
    refuse(Revision.objects.filter(pk=second.pk), is_live=True, published_at=timezone.now())


@pytest.mark.parametrize("column", SIGNED_TEXT)
def test_raw_update_of_a_live_text_is_refused(column: str) -> None:
    revision = RevisionFactory(live=True)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE content_revision SET \"{column}\" = 'x' WHERE id = %s", [revision.pk])  # noqa: S608
    revision.refresh_from_db()
    assert getattr(revision, column) != "x"


@pytest.mark.parametrize("missing", ["signed_by", "signed_at", "signed_digest"])
def test_sign_off_is_whole_or_absent(missing: str) -> None:
    revision = RevisionFactory()
    sign(revision)
    refuse(Revision.objects.filter(pk=revision.pk), **{missing: None})


@pytest.mark.parametrize("half", ["by", "at"])
def test_fact_check_is_whole_or_absent(half: str) -> None:
    value = UserFactory() if half == "by" else timezone.now()
    refuse(Revision.objects.filter(pk=RevisionFactory().pk), **{f"checked_{half}": value})


@pytest.mark.parametrize("changes", [{"withdrawn_reason": "Old."}, {"withdrawn_at": timezone.now()}])
def test_withdrawal_has_a_time_and_a_reason(changes: dict[str, Any]) -> None:
    refuse(Article.objects.filter(pk=ArticleFactory().pk), **changes)


def test_only_an_faq_answer_is_shown_on_another_article() -> None:
    refuse(Article.objects.filter(pk=ArticleFactory().pk), shown_on=ArticleFactory())


@pytest.mark.parametrize("months", [0, 25])
def test_review_cycle_is_one_to_24_months(months: int) -> None:
    refuse(Article.objects.filter(pk=ArticleFactory().pk), review_every_months=months)


def test_path_is_unique() -> None:
    refuse(Article.objects.filter(pk=ArticleFactory().pk), path=ArticleFactory().path)


def test_person_is_one_account_at_most() -> None:
    reviewer = PersonFactory(reviewer=True)
    refuse(type(reviewer).objects.filter(pk=PersonFactory().pk), user=reviewer.user)


@pytest.mark.parametrize("path", ["/costs", "costs/", "Costs", "a//b", "a b", "-a", "a/../b", "a.html", "costs\n"])
def test_path_refuses_other_shapes(path: str) -> None:
    with pytest.raises(ValidationError):
        path_validator(path)


def test_path_takes_segments() -> None:
    path_validator("costs/who-pays-2026")


def test_names_in_the_admin() -> None:
    revision = RevisionFactory(article__path="costs/who-pays", article__topic__title="Costs")
    assert str(revision).startswith("Who pays? (")
    assert str(revision.article) == "costs/who-pays"
    assert str(revision.article.topic) == "Costs"
    assert str(PersonFactory(name="Ada Sample")) == "Ada Sample"


def test_next_review_counts_months_from_the_sign_off() -> None:
    revision = RevisionFactory(article__review_every_months=6)
    assert revision.next_review_on is None
    sign(revision, signed_at=timezone.datetime(2026, 8, 31, 12, tzinfo=timezone.get_default_timezone()))
    assert str(revision.next_review_on) == "2027-02-28"
