"""The rules of the tables, each broken on purpose."""

import datetime
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F, ProtectedError, Value
from django.db.models.functions import Concat
from django.utils import timezone

from content.models import (
    Article,
    Change,
    ErrorReport,
    Helpful,
    OldAddress,
    Printout,
    Revision,
    path_validator,
)
from tests.content.factories import ArticleFactory, PersonFactory, RevisionFactory, UserFactory, check, sign

pytestmark = pytest.mark.django_db

SIGNED_TEXT = ["title", "summary", "description", "body", "references", "body_html", "references_html"]
NOW = timezone.now()


def refuse(rows: Any, **changes: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**changes)


def one(row: Any) -> Any:
    return type(row).objects.filter(pk=row.pk)


# The digest.


def test_digest_is_sha256_of_every_part_with_its_length() -> None:
    parts = ["Tïtle \\", "Sum'mary", "100 %", "\\x41 \\\\ body", "[]", "<p>“é”</p>", ""]
    revision = RevisionFactory(**dict(zip(SIGNED_TEXT, parts, strict=True)))
    text = "".join(f"{len(part)}:{part}" for part in parts)
    assert revision.digest == hashlib.sha256(text.encode()).hexdigest()


def test_digest_changes_when_a_letter_moves_to_the_next_field() -> None:
    assert RevisionFactory(title="ab", summary="c").digest != RevisionFactory(title="a", summary="bc").digest


def test_every_column_of_words_is_signed() -> None:
    """A new column that readers see must join the digest, or say here why it need not."""
    not_shown = {"change_note", "source_digest", "digest", "signed_digest", "checked_digest"}
    texts = {f.name for f in Revision._meta.concrete_fields if f.get_internal_type() in ("TextField", "CharField")}
    assert texts | {"digest"} == {*SIGNED_TEXT, *not_shown}


# A live text.


def test_draft_cannot_go_live_unsigned() -> None:
    refuse(one(RevisionFactory()), is_live=True, published_at=NOW)


def test_signed_text_cannot_go_live_after_a_change() -> None:
    revision = RevisionFactory()
    sign(revision)
    one(revision).update(body="Something else.")
    refuse(one(revision), is_live=True, published_at=NOW)


def test_live_text_has_a_date_of_publication() -> None:
    refuse(one(RevisionFactory(live=True)), published_at=None)


def test_article_has_one_live_text() -> None:
    first = RevisionFactory(live=True)
    second = RevisionFactory(article=first.article)
    sign(second)
    refuse(one(second), is_live=True, published_at=NOW)


def test_two_drafts_of_one_article_are_no_trouble() -> None:
    article = ArticleFactory()
    assert RevisionFactory(article=article).pk != RevisionFactory(article=article).pk


@pytest.mark.parametrize("column", SIGNED_TEXT)
def test_raw_update_of_a_live_text_is_refused(column: str) -> None:
    revision = RevisionFactory(live=True)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE content_revision SET \"{column}\" = 'x' WHERE id = %s", [revision.pk])  # noqa: S608
    revision.refresh_from_db()
    assert getattr(revision, column) != "x"


def by_queryset(revision: Revision, column: str) -> None:
    one(revision).update(**{column: Concat(F(column), Value("."))})


def by_save(revision: Revision, column: str) -> None:
    setattr(revision, column, getattr(revision, column) + ".")
    revision.save()


def by_saving_one_field(revision: Revision, column: str) -> None:
    setattr(revision, column, getattr(revision, column) + ".")
    revision.save(update_fields=[column])


def by_bulk_update(revision: Revision, column: str) -> None:
    setattr(revision, column, getattr(revision, column) + ".")
    Revision.objects.bulk_update([revision], [column])


def by_upsert(revision: Revision, column: str) -> None:
    setattr(revision, column, getattr(revision, column) + ".")
    Revision.objects.bulk_create([revision], update_conflicts=True, unique_fields=["id"], update_fields=[column])


def by_update_or_create(revision: Revision, column: str) -> None:
    Revision.objects.update_or_create(pk=revision.pk, defaults={column: getattr(revision, column) + "."})


@pytest.mark.parametrize("column", SIGNED_TEXT)
@pytest.mark.parametrize(
    "way", [by_queryset, by_save, by_saving_one_field, by_bulk_update, by_upsert, by_update_or_create]
)
def test_no_way_of_the_orm_changes_a_live_text(way: Callable[[Revision, str], None], column: str) -> None:
    revision = RevisionFactory(live=True)
    before = getattr(revision, column)
    with pytest.raises(IntegrityError), transaction.atomic():
        way(revision, column)
    revision.refresh_from_db()
    assert getattr(revision, column) == before


def test_digest_itself_cannot_be_written() -> None:
    revision = RevisionFactory(live=True)
    with pytest.raises(Exception, match=r"(?i)generated"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE content_revision SET digest = %s WHERE id = %s", ["0" * 64, revision.pk])


def test_live_text_cannot_lose_its_sign_off() -> None:
    refuse(one(RevisionFactory(live=True)), signed_by=None, signed_at=None, signed_digest=None)


def test_live_text_cannot_carry_the_sign_off_of_another() -> None:
    revision, other = RevisionFactory(live=True), RevisionFactory(title="Other")
    refuse(one(revision), signed_digest=other.digest)


def test_text_that_readers_saw_cannot_be_deleted() -> None:
    revision = RevisionFactory(live=True)
    Change.objects.create(article=revision.article, what="published", note="New", revision=revision)
    with pytest.raises(ProtectedError):
        revision.delete()
    with pytest.raises(ProtectedError):
        revision.article.delete()


# Who did it: all or nothing, and never the same person twice.


@pytest.mark.parametrize("missing", ["signed_by", "signed_at", "signed_digest"])
def test_sign_off_is_whole_or_absent(missing: str) -> None:
    revision = RevisionFactory()
    sign(revision)
    refuse(one(revision), **{missing: None})


@pytest.mark.parametrize("missing", ["checked_by", "checked_at", "checked_digest"])
def test_fact_check_is_whole_or_absent(missing: str) -> None:
    revision = RevisionFactory()
    check(revision)
    refuse(one(revision), **{missing: None})


def test_writer_does_not_sign() -> None:
    revision = RevisionFactory(written_by=UserFactory())
    refuse(one(revision), signed_with=revision.written_by)


def test_writer_does_not_check() -> None:
    revision = RevisionFactory(written_by=UserFactory())
    refuse(one(revision), checked_by=revision.written_by, checked_at=NOW, checked_digest=revision.digest)


def test_who_checked_does_not_sign() -> None:
    revision = RevisionFactory()
    check(revision)
    refuse(one(revision), signed_with=revision.checked_by)


def test_writer_cannot_be_put_under_a_text_they_signed_or_checked() -> None:
    revision = RevisionFactory()
    check(revision)
    sign(revision, signed_with=UserFactory())
    refuse(one(revision), written_by=revision.checked_by)
    refuse(one(revision), written_by=revision.signed_with)


def test_three_people_are_no_trouble() -> None:
    revision = RevisionFactory(written_by=UserFactory())
    check(revision)
    sign(revision, signed_with=UserFactory())
    assert revision.is_signed
    assert revision.is_checked


@pytest.mark.parametrize("field", ["signed_with", "checked_by", "scheduled_by"])
def test_account_that_signed_checked_or_scheduled_stays(field: str) -> None:
    revision = RevisionFactory()
    check(revision)
    sign(revision, signed_with=UserFactory(), publish_at=NOW, scheduled_by=UserFactory())
    with pytest.raises(ProtectedError):
        getattr(revision, field).delete()


def test_change_after_check_and_sign_off_undoes_both() -> None:
    revision = RevisionFactory()
    check(revision)
    sign(revision)
    revision.summary += "."
    revision.save()
    revision.refresh_from_db()
    assert not revision.is_checked
    assert not revision.is_signed


@pytest.mark.parametrize("changes", [{"publish_at": NOW}, {"scheduled_by": True}])
def test_schedule_has_a_day_and_somebody(changes: dict[str, Any]) -> None:
    if changes.get("scheduled_by"):
        changes = {"scheduled_by": UserFactory()}
    refuse(one(RevisionFactory()), **changes)


def test_live_text_waits_for_no_day() -> None:
    refuse(one(RevisionFactory(live=True)), publish_at=NOW, scheduled_by=UserFactory())


# Articles and addresses.


@pytest.mark.parametrize("changes", [{"withdrawn_reason": "Old."}, {"withdrawn_at": NOW}])
def test_withdrawal_has_a_time_and_a_reason(changes: dict[str, Any]) -> None:
    refuse(one(ArticleFactory()), **changes)


def test_only_an_faq_answer_is_shown_on_another_article() -> None:
    refuse(one(ArticleFactory()), shown_on=ArticleFactory())


@pytest.mark.parametrize("months", [0, 25])
def test_review_cycle_is_one_to_24_months(months: int) -> None:
    refuse(one(ArticleFactory()), review_every_months=months)


@pytest.mark.parametrize("kind", ["article", "faq", "tool", "page"])
def test_only_a_term_has_other_names(kind: str) -> None:
    article = ArticleFactory(kind="term", also_called=["IHC"])
    refuse(one(article), kind=kind)
    one(article).update(also_called=[], kind=kind)
    refuse(one(article), also_called=["IHC"])


@pytest.mark.parametrize("value", ["IHC", {"a": 1}, [1], [""], ["x" * 81], [["IHC"]], None])
def test_other_names_are_a_list_of_short_words(value: Any) -> None:
    field = Article._meta.get_field("also_called")
    with pytest.raises(ValidationError, match=r"list of words|cannot be null"):
        field.clean(value, None)
    assert field.clean(["IHC", "cell stains"], None) == ["IHC", "cell stains"]


def test_path_is_unique() -> None:
    refuse(one(ArticleFactory()), path=ArticleFactory().path)


def test_old_address_leads_to_one_article() -> None:
    OldAddress.objects.create(path="costs/old", article=ArticleFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        OldAddress.objects.create(path="costs/old", article=ArticleFactory())


def test_article_with_old_addresses_stays() -> None:
    address = OldAddress.objects.create(path="costs/old", article=ArticleFactory())
    with pytest.raises(ProtectedError):
        address.article.delete()


def test_person_is_one_account_at_most() -> None:
    reviewer = PersonFactory(reviewer=True)
    refuse(one(PersonFactory()), user=reviewer.user)


@pytest.mark.parametrize("path", ["/costs", "costs/", "Costs", "a//b", "a b", "-a", "a/../b", "a.html", "costs\n"])
def test_path_refuses_other_shapes(path: str) -> None:
    with pytest.raises(ValidationError):
        path_validator(path)


def test_path_takes_segments() -> None:
    path_validator("costs/who-pays-2026")


# The change log.


def test_change_says_why() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.create(article=ArticleFactory(), what="withdrawn", note="")


def test_publication_names_its_text() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.create(article=ArticleFactory(), what="published", note="New")


def test_comparison_has_two_texts() -> None:
    revision = RevisionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.create(article=revision.article, what="corrected", note="Wrong.", before=revision)


def test_changes_stand_newest_first() -> None:
    article = ArticleFactory()
    older = Change.objects.create(article=article, what="moved", note="A", at=NOW - datetime.timedelta(days=1))
    first, second = (Change.objects.create(article=article, what="moved", note=note, at=NOW) for note in "BC")
    assert list(article.changes.all()) == [second, first, older]


# What readers tell us.


def report(**fields: Any) -> ErrorReport:
    revision = RevisionFactory()
    return ErrorReport.objects.create(article=revision.article, revision=revision, words="Wrong.", **fields)


def closing(state: str) -> dict[str, Any]:
    return {"state": state, "answer": "Yes.", "closed_at": NOW, "closed_by": UserFactory()}


@pytest.mark.parametrize("missing", [{"closed_at": None}, {"closed_by": None}, {"answer": ""}, {"state": "open"}])
def test_report_is_closed_whole_or_open(missing: dict[str, Any]) -> None:
    row = report()
    refuse(one(row), **{**closing("declined"), **missing})
    one(row).update(**closing("declined"))


def test_accepted_report_stands_in_the_change_log() -> None:
    row = report()
    refuse(one(row), **closing("accepted"))
    change = Change.objects.create(article=row.article, what="corrected", note="Yes.")
    one(row).update(**closing("accepted"), change=change)


def test_declined_or_open_report_does_not() -> None:
    row = report()
    change = Change.objects.create(article=row.article, what="corrected", note="Yes.")
    refuse(one(row), **closing("declined"), change=change)
    refuse(one(row), change=change)


def test_one_line_of_the_log_answers_one_report() -> None:
    first, second = report(), report()
    change = Change.objects.create(article=first.article, what="corrected", note="Yes.")
    one(first).update(**closing("accepted"), change=change)
    refuse(one(second), **closing("accepted"), change=change)


def test_words_of_a_report_are_encrypted() -> None:
    row = report()
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM content_errorreport WHERE id = %s", [row.pk])
        assert "Wrong" not in str(cursor.fetchone())
    row.refresh_from_db()
    assert row.words == "Wrong."


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_counts_are_never_negative(answer: str) -> None:
    row = Helpful.objects.create(revision=RevisionFactory())
    refuse(one(row), **{answer: -1})


@pytest.mark.parametrize("model", [Helpful, Printout])
def test_text_with_counts_or_a_file_stays(model: Any) -> None:
    revision = RevisionFactory()
    model.objects.create(revision=revision)
    with pytest.raises(ProtectedError):
        revision.delete()


# How they call themselves.


def test_names_in_the_admin() -> None:
    revision = RevisionFactory(article__path="costs/who-pays", article__topic__title="Costs")
    assert str(revision).startswith("Who pays? (")
    assert str(revision.article) == "costs/who-pays"
    assert str(revision.article.topic) == "Costs"
    assert str(PersonFactory(name="Ada Sample")) == "Ada Sample"
    day = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
    change = Change.objects.create(article=revision.article, what="withdrawn", note="Old.", at=day)
    assert str(change) == "2026-11-24 Taken down"
    assert change.get_absolute_url() == f"/changes/{change.pk}/"
    assert str(OldAddress(path="costs/old")) == "costs/old"
    assert str(Helpful(yes=3, no=1)) == "3 yes, 1 no"
    assert str(ErrorReport(pk=7)) == "Report 7"
    assert str(Printout(revision=revision)) == f"PDF of {revision.pk}"


def test_next_review_counts_months_from_the_sign_off() -> None:
    revision = RevisionFactory(article__review_every_months=6)
    assert revision.review_due_on() is None
    sign(revision, signed_at=timezone.datetime(2026, 8, 31, 12, tzinfo=timezone.get_default_timezone()))
    assert str(revision.review_due_on()) == "2027-02-28"


def test_text_is_overdue_the_day_after_its_day() -> None:
    day = datetime.date(2026, 11, 24)
    article = Article(review_due_on=day)
    assert not article.is_overdue(day)
    assert article.is_overdue(day + datetime.timedelta(days=1))
    assert not Article().is_overdue(day)


@pytest.mark.parametrize(
    ("kind", "path", "url", "slug"),
    [
        ("article", "costs/who-pays", "/costs/who-pays/", "who-pays"),
        ("faq", "faq/who-pays", "/faq/#who-pays", "who-pays"),
        ("term", "glossary/pleura", "/glossary/pleura/", "pleura"),
        ("tool", "downloads/records", "/downloads/records/", "records"),
        ("page", "privacy", "/privacy/", "privacy"),
    ],
)
def test_address_of_each_kind(kind: str, path: str, url: str, slug: str) -> None:
    article = Article(kind=kind, path=path)
    assert (article.get_absolute_url(), article.slug) == (url, slug)


def test_default_references_are_an_empty_list() -> None:
    assert json.loads(RevisionFactory().references) == []
