"""What a migration does to rows that were there before."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("content", "0003_editorial_work")]
FILLED = [("content", "0004_backfill_dates_and_changes")]
DAY = datetime.datetime(2026, 8, 31, 23, 30, tzinfo=datetime.UTC)
SOURCES = '[{"id": "a", "retrieved": "2026-08-02"}, {"id": "b", "retrieved": "2025-12-31"}]'


def go(targets: list[tuple[str, str]]) -> Any:
    """Migrates there; the models as they are then."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def before() -> Iterator[Any]:
    """The models before the change log was filled; the newest schema afterwards, whatever happens."""
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("content")
    yield go(BEFORE)
    go(newest)


def article(apps: Any, path: str, **fields: Any) -> Any:
    author, _ = apps.get_model("content", "Person").objects.get_or_create(slug="ada", name="Ada", role="author")
    return apps.get_model("content", "Article").objects.create(path=path, author=author, **fields)


def revision(apps: Any, of: Any, *, published: datetime.datetime | None, **fields: Any) -> Any:
    model = apps.get_model("content", "Revision")
    row = model.objects.create(article=of, title="T", summary="S", body="B", body_html="<p>B</p>", **fields)
    row.refresh_from_db()
    signer = apps.get_model("content", "Person").objects.get()
    signed = {"signed_by": signer, "signed_at": DAY, "signed_digest": row.digest}
    model.objects.filter(pk=row.pk).update(published_at=published, **signed)
    return row


def live(apps: Any, row: Any) -> None:
    apps.get_model("content", "Revision").objects.filter(pk=row.pk).update(is_live=True)


def lines(apps: Any) -> list[tuple[Any, ...]]:
    rows = apps.get_model("content", "Change").objects.order_by("at", "pk")
    return [(row.what, row.note, row.at, row.revision_id, row.before_id, row.by_id) for row in rows]


def test_published_text_gets_its_line_and_its_dates(before: Any) -> None:
    user = before.get_model("auth", "User").objects.create(username="edith")
    text = article(before, "costs", review_every_months=6)
    row = revision(before, text, published=DAY, references=SOURCES, change_note="First", published_by=user)
    live(before, row)
    after = go(FILLED)
    assert lines(after) == [("published", "First", DAY, row.pk, None, user.pk)]
    assert after.get_model("content", "Article").objects.get().review_due_on == datetime.date(2027, 2, 28)
    assert after.get_model("content", "Revision").objects.get().sources_read_on == datetime.date(2025, 12, 31)


def test_each_text_is_compared_with_the_one_before(before: Any) -> None:
    text, other = article(before, "costs"), article(before, "support")
    days = [DAY + datetime.timedelta(days=number) for number in range(3)]
    third = revision(before, text, published=days[2], change_note="Third")
    first = revision(before, text, published=days[0], change_note="")
    elsewhere = revision(before, other, published=days[1], change_note="Elsewhere")
    revision(before, text, published=None, change_note="A draft")
    live(before, third)
    after = go(FILLED)
    assert lines(after) == [
        ("published", "Published", days[0], first.pk, None, None),
        ("published", "Elsewhere", days[1], elsewhere.pk, None, None),
        ("published", "Third", days[2], third.pk, first.pk, None),
    ]


def test_text_without_sources_or_readers_gets_no_dates(before: Any) -> None:
    revision(before, article(before, "costs"), published=None, change_note="A draft")
    revision(before, article(before, "support"), published=DAY, change_note="Old")
    after = go(FILLED)
    assert not after.get_model("content", "Revision").objects.exclude(sources_read_on=None).exists()
    assert not after.get_model("content", "Article").objects.exclude(review_due_on=None).exists()


def test_withdrawn_article_says_so_in_its_log(before: Any) -> None:
    later = DAY + datetime.timedelta(days=1)
    text = article(before, "costs", withdrawn_at=later, withdrawn_reason="Wrong.")
    row = revision(before, text, published=DAY, change_note="First")
    after = go(FILLED)
    assert lines(after) == [
        ("published", "First", DAY, row.pk, None, None),
        ("withdrawn", "Wrong.", later, None, None, None),
    ]


def test_going_back_and_forward_writes_no_line_twice(before: Any) -> None:
    revision(before, article(before, "costs"), published=DAY, change_note="First")
    go(FILLED)
    go(BEFORE)
    assert len(lines(go(FILLED))) == 1


def test_log_is_closed_after_that(before: Any) -> None:
    revision(before, article(before, "costs"), published=DAY, change_note="First")
    after = go([("content", "0005_changes_are_append_only")])
    with pytest.raises(IntegrityError, match="append-only"):
        after.get_model("content", "Change").objects.update(note="Other.")
