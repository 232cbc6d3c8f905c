"""Save, check, sign off, publish, withdraw: who may, when, and what readers see meanwhile."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from content import printouts
from content.models import Article, Change, Printout, Revision
from content.publishing import (
    PublishingError,
    check_facts,
    publish,
    recheck_sources,
    save_revision,
    set_review_cycle,
    sign_off,
    withdraw,
)
from navigator.caching import current_generation
from navigator.models import SearchEntry
from tests.content.factories import CLEAN, ArticleFactory, PersonFactory, RevisionFactory, UserFactory, check, sign
from tests.content.test_markdown import SOURCE
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def save(article: Article, **changes: Any) -> Revision:
    text = {"title": "T", "summary": "S", "description": "", "body": "Text.", "references": [], "change_note": "First"}
    return save_revision(**{"article": article, **text, "by": UserFactory(), **changes})


def checked(**fields: Any) -> Revision:
    """A draft without errors, whose facts somebody has checked."""
    revision = RevisionFactory(clean=True, **fields)
    check(revision)
    return revision


def signed(**fields: Any) -> Revision:
    revision = RevisionFactory(**fields)
    sign(revision)
    return revision


def live(**fields: Any) -> Revision:
    return publish(revision=signed(**fields), by=None)


def lines(article: Article) -> list[tuple[str, str]]:
    return [(change.what, change.note) for change in article.changes.order_by("pk")]


# Save.


def test_saving_renders_and_leaves_readers_alone() -> None:
    old = RevisionFactory(live=True)
    draft = save(old.article, body="*New*")
    assert (draft.body_html, draft.is_live, draft.signed_by) == ("<p><em>New</em></p>", False, None)
    assert Revision.objects.live().get() == old


def test_ids_of_an_answer_start_with_its_name() -> None:
    assert 'id="question-x-why"' in save(ArticleFactory(faq=True, path="faq/question-x"), body="## Why").body_html


def test_text_that_cannot_be_rendered_is_refused() -> None:
    with pytest.raises(PublishingError, match="unknown box"):
        save(ArticleFactory(), body=":::odd\n:::")
    with pytest.raises(PublishingError, match="has no title"):
        save(ArticleFactory(), references=[{"id": "x"}])
    with pytest.raises(PublishingError, match="cannot be stored"):
        save(ArticleFactory(), body="a\x00b")
    assert not Revision.objects.exists()


@pytest.mark.parametrize("note", ["", " \n"])
def test_saving_says_what_changed(note: str) -> None:
    with pytest.raises(PublishingError, match="Say what changed"):
        save(ArticleFactory(), change_note=note)


def test_source_read_longest_ago_counts() -> None:
    newer = {**SOURCE, "id": "new", "retrieved": "2026-11-25"}
    assert save(ArticleFactory(), references=[newer, SOURCE]).sources_read_on == datetime.date(2026, 11, 23)
    assert save(ArticleFactory()).sources_read_on is None


def test_edit_of_a_signed_text_is_unsigned() -> None:
    old = live()
    again = save(old.article, title=old.title, summary=old.summary, body=old.body)
    assert (again.signed_by, again.checked_by, again.is_live) == (None, None, False)


# Open the sources again.


def test_rechecked_sources_are_a_draft_with_the_same_words() -> None:
    old, editor = save(ArticleFactory(), body="One.[^acs]", references=[SOURCE]), UserFactory()
    new = recheck_sources(revision=old, by=editor)
    today = timezone.localdate()
    assert (new.title, new.body, new.change_note) == (old.title, old.body, "We opened every source again.")
    assert (new.sources_read_on, new.written_by, new.is_live, new.signed_by) == (today, editor, False, None)
    assert f'"retrieved": "{today}"' in new.references
    assert new.references_html != old.references_html
    assert new.digest != old.digest


def test_text_without_sources_has_none_to_open() -> None:
    with pytest.raises(PublishingError, match="names no source"):
        recheck_sources(revision=RevisionFactory(), by=UserFactory())


# Check the facts.


def test_somebody_else_checks_the_facts_once() -> None:
    revision, editor = RevisionFactory(written_by=UserFactory()), UserFactory()
    revision = check_facts(revision=revision, by=editor)
    assert (revision.checked_by, revision.is_checked, revision.signed_by) == (editor, True, None)
    with pytest.raises(PublishingError, match="checked already"):
        check_facts(revision=revision, by=UserFactory())


def test_writer_does_not_check_their_own_facts() -> None:
    revision = RevisionFactory(written_by=UserFactory())
    with pytest.raises(PublishingError, match="You wrote this text"):
        check_facts(revision=revision, by=revision.written_by)


def test_facts_are_checked_as_they_were_read() -> None:
    revision = RevisionFactory()
    Revision.objects.filter(pk=revision.pk).update(body="Other words.")
    with pytest.raises(PublishingError, match="no longer the text"):
        check_facts(revision=revision, by=UserFactory())
    revision.refresh_from_db()
    assert revision.checked_at is None


# Sign off.


def test_reviewer_signs_with_their_own_account() -> None:
    reviewer, revision = PersonFactory(reviewer=True), checked()
    revision = sign_off(revision=revision, reviewer=reviewer, by=reviewer.user)
    assert (revision.signed_by, revision.signed_with) == (reviewer, reviewer.user)
    assert (revision.signed_digest, revision.is_live) == (revision.digest, False)


def test_nobody_else_signs_for_a_reviewer() -> None:
    reviewer, other = PersonFactory(reviewer=True), PersonFactory(reviewer=True)
    for by in (UserFactory(), UserFactory(is_superuser=True), other.user, None):
        with pytest.raises(PublishingError, match="Only"):
            sign_off(revision=checked(), reviewer=reviewer, by=by)


def test_nobody_signs_for_a_reviewer_without_an_account() -> None:
    for by in (None, UserFactory()):
        with pytest.raises(PublishingError, match="Only"):
            sign_off(revision=checked(), reviewer=PersonFactory(role="reviewer"), by=by)


def test_author_cannot_sign() -> None:
    author = PersonFactory(user=UserFactory())
    with pytest.raises(PublishingError, match="not a medical reviewer"):
        sign_off(revision=checked(), reviewer=author, by=author.user)


def test_reviewer_does_not_sign_what_they_wrote() -> None:
    reviewer = PersonFactory(reviewer=True)
    with pytest.raises(PublishingError, match="You wrote this text"):
        sign_off(revision=checked(written_by=reviewer.user), reviewer=reviewer, by=reviewer.user)


def test_reviewer_does_not_sign_what_they_checked() -> None:
    reviewer = PersonFactory(reviewer=True)
    revision = check_facts(revision=RevisionFactory(clean=True), by=reviewer.user)
    with pytest.raises(PublishingError, match="You checked the facts"):
        sign_off(revision=revision, reviewer=reviewer, by=reviewer.user)


def test_writer_does_not_sign_in_the_name_of_a_sample() -> None:
    sample, revision = PersonFactory(sample=True, role="reviewer"), checked(written_by=UserFactory())
    with pytest.raises(PublishingError, match="You wrote this text"):
        sign_off(revision=revision, reviewer=sample, by=revision.written_by)


def test_facts_are_checked_before_the_sign_off() -> None:
    reviewer, revision = PersonFactory(reviewer=True), RevisionFactory(clean=True)
    with pytest.raises(PublishingError, match="not checked yet"):
        sign_off(revision=revision, reviewer=reviewer, by=reviewer.user)


def test_check_of_other_words_is_no_check() -> None:
    reviewer, revision = PersonFactory(reviewer=True), checked()
    revision.title = "Other"
    revision.save()
    revision.refresh_from_db()
    with pytest.raises(PublishingError, match="not checked yet"):
        sign_off(revision=revision, reviewer=reviewer, by=reviewer.user)


def test_error_of_the_editors_check_blocks_the_sign_off() -> None:
    reviewer, revision = PersonFactory(reviewer=True), RevisionFactory(body=CLEAN + "\n\nWe cure it! Read [on](/no/).")
    check(revision)
    with pytest.raises(PublishingError, match=r"found \d errors. The first: .*/no/.*leads nowhere"):
        sign_off(revision=revision, reviewer=reviewer, by=reviewer.user)
    revision.refresh_from_db()
    assert revision.signed_at is None


def test_warning_does_not_block_the_sign_off() -> None:
    reviewer, revision = PersonFactory(reviewer=True), RevisionFactory(body=CLEAN + "\n\nAsk as soon as possible.")
    check(revision)
    assert sign_off(revision=revision, reviewer=reviewer, by=reviewer.user).is_signed


def test_sample_reviewer_signs_for_anybody_but_never_in_production(settings: Any) -> None:
    sample = PersonFactory(sample=True, reviewer=True)
    first = sign_off(revision=RevisionFactory(), reviewer=sample, by=None)
    assert sign_off(revision=checked(), reviewer=sample, by=UserFactory()).is_signed
    settings.DEPLOYED = True
    with pytest.raises(PublishingError, match="in production"):
        sign_off(revision=checked(), reviewer=sample, by=sample.user)
    with pytest.raises(PublishingError, match="in production"):
        publish(revision=first, by=None)


def test_text_is_signed_once_and_as_it_was_read() -> None:
    reviewer, revision = PersonFactory(reviewer=True), checked()
    Revision.objects.filter(pk=revision.pk).update(body="Other words.")
    with pytest.raises(PublishingError, match="no longer the text"):
        sign_off(revision=revision, reviewer=reviewer, by=reviewer.user)
    Revision.objects.filter(pk=revision.pk).update(body=CLEAN)
    sign_off(revision=revision, reviewer=reviewer, by=reviewer.user)
    with pytest.raises(PublishingError, match="signed already"):
        sign_off(revision=revision, reviewer=reviewer, by=reviewer.user)


# Publish.


def test_publishing_replaces_the_live_text_and_forgets_pages() -> None:
    old = RevisionFactory(live=True)
    new = signed(article=old.article)
    before, editor = current_generation(), UserFactory()
    new = publish(revision=new, by=editor)
    assert list(Revision.objects.live()) == [new]
    assert (new.published_by, new.article.first_published_at) == (editor, new.published_at)
    assert current_generation() == before + 1


def test_first_publication_keeps_its_date() -> None:
    first = live()
    live(article=first.article)
    first.article.refresh_from_db()
    assert first.article.first_published_at == first.published_at


def test_unsigned_changed_or_live_text_is_not_published() -> None:
    draft = RevisionFactory()
    with pytest.raises(PublishingError, match="must sign"):
        publish(revision=draft, by=None)
    sign(draft)
    Revision.objects.filter(pk=draft.pk).update(title="Other")
    with pytest.raises(PublishingError, match="must sign"):
        publish(revision=draft, by=None)
    with pytest.raises(PublishingError, match="live already"):
        publish(revision=RevisionFactory(live=True), by=None)


def test_what_a_stale_page_knows_does_not_count() -> None:
    """The row in the database is published, not the object that the caller holds."""
    revision = signed()
    Revision.objects.filter(pk=revision.pk).update(signed_by=None, signed_at=None, signed_digest=None)
    with pytest.raises(PublishingError, match="must sign"):
        publish(revision=revision, by=None)


def test_publishing_writes_one_line_in_the_change_log() -> None:
    first, editor = live(change_note="First version"), UserFactory()
    second = publish(revision=signed(article=first.article, change_note="A new figure"), by=editor)
    change = Change.objects.first()
    assert lines(first.article) == [("published", "First version"), ("published", "A new figure")]
    assert (change.revision, change.before, change.by, change.at) == (second, first, editor, second.published_at)
    assert Change.objects.last().before is None


def test_refused_publication_leaves_no_line() -> None:
    draft = RevisionFactory()
    with pytest.raises(PublishingError):
        publish(revision=draft, by=None)
    assert not Change.objects.exists()


def test_review_is_due_so_many_months_after_the_sign_off() -> None:
    revision = RevisionFactory(article__review_every_months=6)
    sign(revision, signed_at=datetime.datetime(2026, 8, 31, 12, tzinfo=datetime.UTC))
    assert publish(revision=revision, by=None).article.review_due_on == datetime.date(2027, 2, 28)


def test_published_text_can_be_found_and_taken_home() -> None:
    revision = live(title="Who pays for slides?")
    assert SearchEntry.objects.get().title == "Who pays for slides?"
    assert bytes(Printout.objects.get().pdf).startswith(b"%PDF")
    publish(revision=signed(article=revision.article, title="Other"), by=None, findable=False)
    assert SearchEntry.objects.get().title == "Who pays for slides?"


def test_text_that_cannot_be_set_stays_a_draft() -> None:
    revision = signed(body="Ask 😀 them.")
    with pytest.raises(PublishingError, match=r"The PDF of this text cannot be made: .*😀"):
        publish(revision=revision, by=None)
    assert not Revision.objects.live().exists()
    assert not Change.objects.exists()
    assert not SearchEntry.objects.exists()


def test_kinds_that_are_not_printed_need_no_file() -> None:
    live(article__kind="faq", article__path="faq/x", body="Ask 😀 them.")
    assert not Printout.objects.exists()


def test_publishing_a_newer_text_takes_the_day_from_an_older_one() -> None:
    article = ArticleFactory()
    older, newer, newest = (signed(article=article) for _ in range(3))
    day = {"publish_at": timezone.now(), "scheduled_by": UserFactory()}
    Revision.objects.filter(pk__in=[older.pk, newest.pk]).update(**day)
    publish(revision=newer, by=None)
    assert list(Revision.objects.filter(publish_at__isnull=False)) == [newest]


# Withdraw.


def test_withdrawing_and_bringing_back() -> None:
    revision, editor = live(), UserFactory()
    withdraw(article=revision.article, reason=" A figure was wrong. ", by=editor)
    article = Article.objects.get()
    assert (article.withdrawn_reason, article.withdrawn_by) == ("A figure was wrong.", editor)
    assert article.review_due_on is None
    assert not Revision.objects.live().exists()
    assert not SearchEntry.objects.exists()
    publish(revision=revision, by=editor)
    article.refresh_from_db()
    assert (article.withdrawn_at, article.withdrawn_reason, article.withdrawn_by) == (None, "", None)
    assert article.review_due_on is not None
    assert lines(article) == [
        ("published", "First version"),
        ("withdrawn", "A figure was wrong."),
        ("published", "First version"),
    ]


def test_text_that_comes_back_changed_is_compared_with_what_readers_saw_last() -> None:
    first = live()
    withdraw(article=first.article, reason="Wrong.", by=None)
    second = live(article=first.article)
    assert Change.objects.first().before == first
    withdraw(article=first.article, reason="Wrong.", by=None)
    publish(revision=second, by=None)
    assert Change.objects.first().before == first


def test_the_reason_that_readers_see_is_clean() -> None:
    """PostgreSQL stores no NUL; a text that turns the direction turns the page."""
    revision = RevisionFactory(live=True)
    withdraw(article=revision.article, reason="A\x00 figure\u202e was\r\nwrong.", by=None)
    assert Article.objects.get(pk=revision.article_id).withdrawn_reason == "A figure was\nwrong."
    with pytest.raises(PublishingError):
        withdraw(article=RevisionFactory(live=True).article, reason="\u200b\x00", by=None)


def test_withdrawing_needs_a_reason_and_something_live() -> None:
    with pytest.raises(PublishingError, match="Say why"):
        withdraw(article=RevisionFactory(live=True).article, reason=" ", by=None)
    with pytest.raises(PublishingError, match="Nothing is live"):
        withdraw(article=RevisionFactory().article, reason="Wrong.", by=None)


def test_nothing_that_waits_brings_a_withdrawn_article_back() -> None:
    article = live().article
    waiting = signed(article=article, publish_at=timezone.now(), scheduled_by=UserFactory())
    withdraw(article=article, reason="Wrong.", by=None)
    waiting.refresh_from_db()
    assert (waiting.publish_at, waiting.scheduled_by) == (None, None)


@pytest.mark.parametrize("link", ["[it](term:pleura)", '[it](<term:pleura> "x")', "[it][p]\n\n[p]: term:pleura"])
def test_explained_word_cannot_be_withdrawn(link: str) -> None:
    term = live(article__kind="term", article__path="glossary/pleura").article
    text = live(body=link, body_html=save(ArticleFactory(), body=link).body_html)
    with pytest.raises(PublishingError, match=f"among them {text.article.path}"):
        withdraw(article=term, reason="Wrong.", by=None)
    withdraw(article=text.article, reason="Old.", by=None)
    withdraw(article=term, reason="Wrong.", by=None)


@pytest.mark.parametrize("body", ["[it](term:pleural) [x](/glossary/pleura/)", "`[it](term:pleura)`"])
def test_other_words_and_links_do_not_hold_a_word(body: str) -> None:
    term = live(article__kind="term", article__path="glossary/pleura").article
    live(body=body, body_html=save(ArticleFactory(), body=body).body_html)
    withdraw(article=term, reason="Wrong.", by=None)


# The cycle of reviews.


def test_review_cycle_moves_the_day_that_readers_see() -> None:
    revision = live(article__review_every_months=12)
    before = current_generation()
    set_review_cycle(article=revision.article, months=1)
    article = Article.objects.get()
    revision.article = article
    assert (article.review_every_months, article.review_due_on) == (1, revision.review_due_on())
    assert current_generation() == before + 1


def test_review_cycle_of_a_draft_promises_no_day() -> None:
    article = RevisionFactory().article
    set_review_cycle(article=article, months=6)
    article.refresh_from_db()
    assert (article.review_every_months, article.review_due_on) == (6, None)


# All at once.


@pytest.mark.django_db(transaction=True)
def test_publishing_two_texts_at_once_leaves_one_live() -> None:
    article = ArticleFactory()
    drafts = [signed(article=article) for _ in range(6)]
    assert at_once(*(lambda draft=draft: publish(revision=draft, by=None) for draft in drafts)) == []
    assert Revision.objects.live().count() == 1
    assert current_generation() == 1 + len(drafts)
    assert article.changes.count() == len(drafts)
    newest = article.changes.first()
    assert newest.revision == Revision.objects.live().get()
    chain = [change.before for change in article.changes.order_by("pk")]
    assert chain == [None, *(change.revision for change in article.changes.order_by("pk"))][: len(drafts)]


@pytest.mark.django_db(transaction=True)
def test_publishing_one_text_twice_at_once_happens_once() -> None:
    revision = signed()
    failures = at_once(*[lambda: publish(revision=revision, by=None)] * 4)
    assert [str(error) for error in failures] == ["This text is live already."] * 3
    assert Change.objects.count() == 1
    assert Printout.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_are_one_signature() -> None:
    revision, reviewers = checked(), [PersonFactory(reviewer=True) for _ in range(3)]
    calls = [lambda who=who: sign_off(revision=revision, reviewer=who, by=who.user) for who in reviewers]
    assert [type(error) for error in at_once(*calls)] == [PublishingError] * 2
    revision.refresh_from_db()
    assert revision.is_signed
    assert revision.signed_by.user == revision.signed_with


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_publishing_while_withdrawing_leaves_one_truth(turn: int) -> None:
    article = live().article
    new = signed(article=article)
    failures = at_once(
        lambda: publish(revision=new, by=None),
        lambda: withdraw(article=article, reason="Wrong.", by=None),
    )
    assert failures == []
    article.refresh_from_db()
    is_live = Revision.objects.live().exists()
    assert is_live == (article.withdrawn_at is None) == SearchEntry.objects.exists()
    assert lines(article)[-1][0] == ("published" if is_live else "withdrawn")
    assert [what for what, _ in lines(article)].count("published") == 2


@pytest.mark.django_db(transaction=True)
def test_editing_while_publishing_never_shows_unsigned_words() -> None:
    revision = signed()

    def edit() -> None:
        Revision.objects.filter(pk=revision.pk).update(title="Other")

    at_once(lambda: publish(revision=revision, by=None), edit)  # either is refused, never both done
    assert [row.title for row in Revision.objects.live()] in ([], ["Who pays?"])


def test_printed_kinds_are_texts_to_take_home() -> None:
    assert {Article.Kind.ARTICLE, Article.Kind.TOOL} == printouts.PRINTED
