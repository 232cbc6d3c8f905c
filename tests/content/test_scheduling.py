"""A signed text goes live on its day: once, as it was signed, or not at all and somebody is told."""

import datetime
import logging
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from content.models import Article, Change, Revision
from content.publishing import PublishingError, publish, save_revision, withdraw
from content.scheduling import publish_due, schedule, unschedule
from tests.content.factories import ArticleFactory, RevisionFactory, UserFactory, sign
from tests.racing import at_once

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


def signed(**fields: Any) -> Revision:
    revision = RevisionFactory(**fields)
    sign(revision)
    return revision


def waiting(*, at: datetime.datetime | None = None, **fields: Any) -> Revision:
    """One whose day was an hour ago, unless said otherwise."""
    revision = signed(**fields)
    day = {"publish_at": at or timezone.now() - HOUR, "scheduled_by": UserFactory()}
    Revision.objects.filter(pk=revision.pk).update(**day)
    revision.refresh_from_db()
    return revision


def live() -> list[Revision]:
    return list(Revision.objects.live())


def test_signed_text_waits_for_its_day() -> None:
    editor, day = UserFactory(), timezone.now() + HOUR
    revision = schedule(revision=signed(), at=day, by=editor)
    assert (revision.publish_at, revision.scheduled_by, revision.is_live) == (day, editor, False)
    assert publish_due() == []
    assert publish_due(now=day - datetime.timedelta(seconds=1)) == []
    assert publish_due(now=day) == [revision]
    revision.refresh_from_db()
    assert (revision.is_live, revision.published_by) == (True, editor)
    assert (revision.publish_at, revision.scheduled_by) == (None, None)


def test_unsigned_live_or_past_is_not_scheduled() -> None:
    for revision, at, words in (
        (RevisionFactory(), timezone.now() + HOUR, "must sign"),
        (RevisionFactory(live=True), timezone.now() + HOUR, "live already"),
        (signed(), timezone.now(), "has passed"),
        (signed(), timezone.now() - HOUR, "has passed"),
    ):
        with pytest.raises(PublishingError, match=words):
            schedule(revision=revision, at=at, by=UserFactory())
    assert not Revision.objects.filter(publish_at__isnull=False).exists()


def test_sample_sign_off_is_not_scheduled_in_production(settings: Any) -> None:
    revision = signed()
    revision.signed_by.is_sample = True
    revision.signed_by.save()
    settings.DEPLOYED = True
    with pytest.raises(PublishingError, match="in production"):
        schedule(revision=revision, at=timezone.now() + HOUR, by=UserFactory())


def test_what_a_stale_page_knows_does_not_count() -> None:
    revision = signed()
    Revision.objects.filter(pk=revision.pk).update(title="Other")
    with pytest.raises(PublishingError, match="must sign"):
        schedule(revision=revision, at=timezone.now() + HOUR, by=UserFactory())


def test_one_text_of_an_article_waits() -> None:
    first = waiting()
    elsewhere = waiting()
    second = schedule(revision=signed(article=first.article), at=timezone.now() + HOUR, by=UserFactory())
    assert set(Revision.objects.filter(publish_at__isnull=False)) == {elsewhere, second}


def test_another_day_may_be_chosen() -> None:
    revision = waiting()
    schedule(revision=revision, at=timezone.now() + HOUR, by=UserFactory())
    assert publish_due() == []


def test_text_that_waits_no_longer_stays_signed() -> None:
    revision = waiting()
    unschedule(revision=revision)
    assert publish_due() == []
    revision.refresh_from_db()
    assert revision.is_signed
    with pytest.raises(PublishingError, match="not waiting"):
        unschedule(revision=revision)


def test_publishing_by_hand_is_the_end_of_waiting() -> None:
    revision = waiting()
    publish(revision=revision, by=None)
    assert publish_due() == []
    assert Change.objects.count() == 1


def test_withdrawn_article_does_not_come_back_by_itself() -> None:
    article = RevisionFactory(live=True).article
    waiting(article=article)
    withdraw(article=article, reason="Wrong.", by=UserFactory())
    assert publish_due() == []
    assert live() == []


def test_older_text_does_not_put_readers_back() -> None:
    article = ArticleFactory()
    waiting(article=article)
    newer = publish(revision=signed(article=article), by=None)
    assert publish_due() == []
    assert live() == [newer]


def test_edit_meanwhile_is_another_draft() -> None:
    revision = waiting()
    text = {"title": "New", "summary": "S", "description": "", "body": "New.", "references": [], "change_note": "New"}
    save_revision(article=revision.article, **text, by=UserFactory())
    assert publish_due() == [revision]
    assert live()[0].title == "Who pays?"


def test_what_is_refused_keeps_its_day_and_holds_up_nobody(caplog: pytest.LogCaptureFixture) -> None:
    changed, unset, good = waiting(), waiting(body="Ask 😀 them."), waiting()
    Revision.objects.filter(pk=changed.pk).update(title="Other")
    with caplog.at_level(logging.ERROR):
        assert publish_due() == [good]
    assert f"Revision {changed.pk} is due and was not published: A reviewer must sign" in caplog.text
    assert f"Revision {unset.pk} is due and was not published: The PDF" in caplog.text
    assert live() == [good]
    assert set(Revision.objects.filter(publish_at__isnull=False)) == {changed, unset}


def test_what_the_database_refuses_holds_up_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    without_note, good = waiting(change_note=""), waiting()
    assert publish_due() == [good]
    assert f"Revision {without_note.pk} is due and was not published" in caplog.text
    assert live() == [good]


def test_earliest_day_first() -> None:
    later, earlier = waiting(), waiting(at=timezone.now() - 2 * HOUR)
    assert publish_due() == [earlier, later]


def test_command_says_what_it_published(capsys: pytest.CaptureFixture[str]) -> None:
    waiting(article__path="costs/who-pays")
    waiting(article__kind="faq", article__path="faq/who-pays")
    call_command("publish_due")
    assert capsys.readouterr().out.splitlines() == ["Published: /costs/who-pays/", "Published: /faq/who-pays/"]
    call_command("publish_due")
    assert capsys.readouterr().out == ""


@pytest.mark.django_db(transaction=True)
def test_run_twice_at_once_publishes_once() -> None:
    revisions = [waiting(at=timezone.now() - HOUR) for _ in range(3)]
    assert at_once(*[publish_due] * 3) == []
    assert set(live()) == set(revisions)
    assert sorted(Change.objects.values_list("revision", flat=True)) == [row.pk for row in revisions]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_day_comes_while_an_editor_publishes(turn: int) -> None:
    article = RevisionFactory(live=True).article
    revision = waiting(article=article)
    failures = at_once(publish_due, lambda: publish(revision=revision, by=None), publish_due)
    assert [str(error) for error in failures] in ([], ["This text is live already."])
    assert live() == [revision]
    assert Change.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_scheduling_while_publishing_leaves_one_truth(turn: int) -> None:
    article = RevisionFactory(live=True).article
    first, second = signed(article=article), signed(article=article)
    day, editor = timezone.now() + HOUR, UserFactory()
    failures = at_once(
        lambda: publish(revision=first, by=None),
        lambda: schedule(revision=first, at=day, by=editor),
        lambda: schedule(revision=second, at=day, by=editor),
        lambda: publish(revision=second, by=None),
    )
    assert {str(error) for error in failures} <= {"This text is live already."}
    assert len(live()) == 1
    assert not Revision.objects.filter(is_live=True, publish_at__isnull=False).exists()
    assert Revision.objects.filter(publish_at__isnull=False).count() <= 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_another_day_chosen_while_the_day_comes(turn: int) -> None:
    revision, later, editor = waiting(), timezone.now() + HOUR, UserFactory()
    failures = at_once(publish_due, lambda: schedule(revision=revision, at=later, by=editor))
    revision.refresh_from_db()
    if failures:
        assert str(failures[0]) == "This text is live already."
    assert revision.is_live == bool(failures)
    assert revision.publish_at == (None if failures else later)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_day_comes_while_the_article_is_withdrawn(turn: int) -> None:
    article = RevisionFactory(live=True).article
    waiting(article=article)
    assert at_once(publish_due, lambda: withdraw(article=article, reason="Wrong.", by=None)) == []
    assert live() == []
    assert Article.objects.get(pk=article.pk).withdrawn_at
