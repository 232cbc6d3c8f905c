"""From a draft to a page and back: save, check the facts, sign off, publish, withdraw.

Each verb is one transaction and says who. Readers only ever see a text that a reviewer signed, letter for letter; the
database keeps that (`content.models.Revision`), these verbs give the reasons in words. Whoever wrote a text neither
checks nor signs it, and checking and signing are acts of two people. `by` is None for the library's loader alone. What
readers saw change is one line in the change log, written in the same transaction. Whether the caller may use a verb at
all (staff, permissions) is left to the admin.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from content import links, markdown, printouts, searching
from content import references as sources
from content.lint import draft_of, lint
from content.models import Article, Change, Person, Revision
from content.typesetting import TypesettingError
from navigator.caching import forget_public_pages
from navigator.search import entries
from navigator.security import clean_text


class PublishingError(Exception):
    """What was asked is against the rules; the message says which, in words for the editor."""


@transaction.atomic
def save_revision(
    *,
    article: Article,
    title: str,
    summary: str,
    description: str,
    body: str,
    references: Sequence[dict[str, Any]] | str,
    change_note: str,
    by: User | None,
    source_digest: str = "",
) -> Revision:
    """A new draft, rendered and never edited again; readers keep what is live. Raises PublishingError with what to
    change in the text. `by` is None for the library loader, which gives a `source_digest`."""
    if not change_note.strip():
        raise PublishingError("Say what changed and why. Readers see it in the change log.")
    listed, rendered = check_text(article=article, body=body, references=references)
    return Revision.objects.create(
        article=article,
        title=title,
        summary=summary,
        description=description,
        body=body,
        references=listed,
        change_note=change_note,
        body_html=rendered.html,
        references_html=rendered.references_html,
        sources_read_on=sources.oldest_reading(listed),
        written_by=by,
        source_digest=source_digest,
    )


def recheck_sources(*, revision: Revision, by: User) -> Revision:
    """A new draft that says of every source: opened today. For whoever has just opened them all; the words stay.
    Raises PublishingError."""
    today = timezone.localdate().isoformat()
    listed = [{**row, "retrieved": today} for row in sources.rows(revision.references)]
    if not listed:
        raise PublishingError("This text names no source.")
    return save_revision(
        article=revision.article,
        title=revision.title,
        summary=revision.summary,
        description=revision.description,
        body=revision.body,
        references=listed,
        change_note="We opened every source again.",
        by=by,
    )


def check_text(
    *, article: Article, body: str, references: Sequence[dict[str, Any]] | str
) -> tuple[str, markdown.Rendered]:
    """The references in their canonical spelling and the rendered text, without saving. Raises PublishingError."""
    if "\x00" in body:
        raise PublishingError("The text holds a character that cannot be stored (NUL).")
    try:
        listed = sources.canonical(references)
        return listed, markdown.render(body, sources.rows(listed), prefix=_prefix(article))
    except ValueError as error:  # also what json raises
        raise PublishingError(str(error)) from error


def _prefix(article: Article) -> str:
    """FAQ answers stand together on one page, so their ids start with their own name."""
    return f"{article.anchor}-" if article.kind == Article.Kind.FAQ else ""


@transaction.atomic
def check_facts(*, revision: Revision, by: User) -> Revision:
    """Somebody other than the writer held every statement against its source. Raises PublishingError."""
    if revision.written_by_id == by.pk:
        raise PublishingError("You wrote this text. Somebody else has to check its facts.")
    checked = Revision.objects.filter(pk=revision.pk, digest=revision.digest, checked_at__isnull=True).update(
        checked_by=by, checked_at=timezone.now(), checked_digest=revision.digest
    )
    if not checked:
        raise PublishingError("The facts of this text are checked already, or it is no longer the text that was read.")
    revision.refresh_from_db()
    return revision


@transaction.atomic
def sign_off(*, revision: Revision, reviewer: Person, by: User | None) -> Revision:
    """The reviewer answers for exactly the text that `revision` holds. Only the reviewer's own account may do so; a
    sample reviewer signs for anybody, but never in production. The facts must be checked and no lint error may stand.
    Raises PublishingError."""
    _check_reviewer(reviewer, by)
    if by is not None:
        _check_ready_to_sign(revision, by)
    signed = Revision.objects.filter(pk=revision.pk, digest=revision.digest, signed_at__isnull=True).update(
        signed_by=reviewer, signed_at=timezone.now(), signed_digest=revision.digest, signed_with=by
    )
    if not signed:
        raise PublishingError("This text is signed already, or is no longer the text that was read.")
    revision.refresh_from_db()
    return revision


def _check_reviewer(reviewer: Person, by: User | None) -> None:
    if reviewer.role != Person.Role.REVIEWER:
        raise PublishingError(f"{reviewer} is not a medical reviewer.")
    if reviewer.is_sample and settings.DEPLOYED:
        raise PublishingError(
            "A sample reviewer cannot sign in production. A real reviewer must read and sign this text."
        )
    if not reviewer.is_sample and (by is None or reviewer.user_id != by.pk):
        raise PublishingError(f"Only {reviewer} can sign as {reviewer}. Ask them to sign in and read this text.")


def _check_ready_to_sign(revision: Revision, by: User) -> None:
    if revision.written_by_id == by.pk:
        raise PublishingError("You wrote this text. Somebody else has to sign it.")
    if not revision.is_checked:
        raise PublishingError("The facts of this text are not checked yet. That comes before the sign-off.")
    if revision.checked_by_id == by.pk:
        raise PublishingError("You checked the facts of this text. Somebody else has to sign it.")
    errors = lint(draft_of(revision), live=links.live_among(revision.body)).errors
    if errors:
        raise PublishingError(f"The check of the text found {len(errors)} errors. The first: {errors[0].message}")


@transaction.atomic
def publish(*, revision: Revision, by: User | None, findable: bool = True) -> Revision:
    """Puts a signed text before readers, in place of the one that is live. Also brings a withdrawn article back.
    `findable=False` leaves the search to a caller who publishes many texts at once. Raises PublishingError."""
    article = Article.objects.select_for_update().get(pk=revision.article_id)
    revision = Revision.objects.select_related("signed_by").get(pk=revision.pk)
    refuse_unless_publishable(revision)
    revision.article = article
    now = timezone.now()
    before = Revision.objects.filter(article=article, is_live=True).first()
    Revision.objects.filter(article=article, is_live=True).update(is_live=False)
    Revision.objects.filter(pk=revision.pk).update(
        is_live=True, published_at=now, published_by=by, publish_at=None, scheduled_by=None
    )
    # An older text that still waits for its day would put readers back behind this one.
    _unschedule(Revision.objects.filter(article=article, pk__lt=revision.pk))
    Article.objects.filter(pk=article.pk).update(
        first_published_at=article.first_published_at or now,
        review_due_on=revision.review_due_on(),
        withdrawn_at=None,
        withdrawn_reason="",
        withdrawn_by=None,
    )
    Change.objects.create(
        article=article,
        at=now,
        what=Change.What.PUBLISHED,
        note=revision.change_note,
        revision=revision,
        before=before or _last_before(article, revision),
        by=by,
    )
    revision.refresh_from_db()
    try:
        printouts.make(revision)
    except TypesettingError as error:
        raise PublishingError(f"The PDF of this text cannot be made: {error}") from error
    if findable:
        entries.put([searching.entry(revision)])
    forget_public_pages()
    return revision


def refuse_unless_publishable(revision: Revision) -> None:
    """Raises PublishingError unless readers may see this text, now or on a later day."""
    if revision.is_live:
        raise PublishingError("This text is live already.")
    if revision.signed_by is None or not revision.is_signed:
        raise PublishingError("A reviewer must sign this text before it is published.")
    if revision.signed_by.is_sample and settings.DEPLOYED:
        raise PublishingError("A sample sign-off cannot be published in production.")


def _last_before(article: Article, revision: Revision) -> Revision | None:
    """What readers saw last, when the article comes back after it was withdrawn."""
    last = article.changes.filter(what=Change.What.PUBLISHED).exclude(revision=revision).first()
    return last.revision if last else None


def _unschedule(revisions: QuerySet[Revision]) -> None:
    revisions.filter(publish_at__isnull=False).update(publish_at=None, scheduled_by=None)


@transaction.atomic
def withdraw(*, article: Article, reason: str, by: User | None) -> None:
    """Takes an article away from readers; its address says so and gives the reason. Nothing brings it back by itself:
    a text that waited for its day waits no longer. Raises PublishingError."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    reason = clean_text(reason, lines=True)
    if not reason:
        raise PublishingError("Say why this article is withdrawn. Readers see the reason.")
    refuse_if_explained(article)
    if not Revision.objects.filter(article=article, is_live=True).update(is_live=False):
        raise PublishingError("Nothing is live under this address.")
    _unschedule(Revision.objects.filter(article=article))
    Article.objects.filter(pk=article.pk).update(
        withdrawn_at=timezone.now(), withdrawn_reason=reason, withdrawn_by=by, review_due_on=None
    )
    Change.objects.create(article=article, what=Change.What.WITHDRAWN, note=reason, by=by)
    entries.drop([searching.key(article.path)])
    forget_public_pages()


def refuse_if_explained(article: Article) -> None:
    """Raises PublishingError for a glossary term that a live text explains by this address."""
    if article.kind != Article.Kind.TERM:
        return
    slug = article.path.removeprefix("glossary/")
    button = f'popovertarget="term-{slug}"'  # however the link to it is written
    users = Revision.objects.live().filter(body_html__contains=button).values_list("article__path", flat=True)
    if users:
        raise PublishingError(f"Live texts explain this word, among them {users[0]}. Change those first.")


@transaction.atomic
def set_review_cycle(*, article: Article, months: int) -> None:
    """How often the text is looked at again; the day that is promised to readers moves with it."""
    Article.objects.filter(pk=article.pk).update(review_every_months=months)
    article.refresh_from_db()
    live = article.revisions.live().first()
    if live is not None:
        live.article = article
        Article.objects.filter(pk=article.pk).update(review_due_on=live.review_due_on())
        forget_public_pages()
