"""From a draft to a page and back: save, sign off, publish, withdraw.

Each verb is one transaction and says who. Readers only ever see a text that a reviewer signed, letter for letter; the
database keeps that (`content.models.Revision`), these verbs give the reasons in words. Whether the caller may use a
verb at all (staff, permissions) is left to the admin.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from content import markdown
from content import references as sources
from content.models import Article, Person, Revision
from navigator.caching import forget_public_pages


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
        written_by=by,
        source_digest=source_digest,
    )


def check_text(
    *, article: Article, body: str, references: Sequence[dict[str, Any]] | str
) -> tuple[str, markdown.Rendered]:
    """The references in their canonical spelling and the rendered text, without saving. Raises PublishingError."""
    try:
        listed = sources.canonical(references)
        return listed, markdown.render(body, sources.rows(listed), prefix=_prefix(article))
    except ValueError as error:  # also what json raises
        raise PublishingError(str(error)) from error


def _prefix(article: Article) -> str:
    """FAQ answers stand together on one page, so their ids start with their own name."""
    return f"{article.anchor}-" if article.kind == Article.Kind.FAQ else ""


@transaction.atomic
def sign_off(*, revision: Revision, reviewer: Person, by: User | None) -> Revision:
    """The reviewer answers for exactly the text that `revision` holds. Only the reviewer's own account may do so; a
    sample reviewer signs for anybody, but never in production. Raises PublishingError."""
    if reviewer.role != Person.Role.REVIEWER:
        raise PublishingError(f"{reviewer} is not a medical reviewer.")
    if reviewer.is_sample and settings.DEPLOYED:
        raise PublishingError(
            "A sample reviewer cannot sign in production. A real reviewer must read and sign this text."
        )
    if not reviewer.is_sample and (by is None or reviewer.user_id != by.pk):
        raise PublishingError(f"Only {reviewer} can sign as {reviewer}. Ask them to sign in and read this text.")
    signed = Revision.objects.filter(pk=revision.pk, digest=revision.digest, signed_at__isnull=True).update(
        signed_by=reviewer, signed_at=timezone.now(), signed_digest=revision.digest
    )
    if not signed:
        raise PublishingError("This text is signed already, or is no longer the text that was read.")
    revision.refresh_from_db()
    return revision


@transaction.atomic
def publish(*, revision: Revision, by: User | None) -> Revision:
    """Puts a signed text before readers, in place of the one that is live. Also brings a withdrawn article back.
    Raises PublishingError."""
    article = Article.objects.select_for_update().get(pk=revision.article_id)
    revision = Revision.objects.select_related("signed_by").get(pk=revision.pk)
    if revision.is_live:
        raise PublishingError("This text is live already.")
    if revision.signed_by is None or revision.signed_digest != revision.digest:
        raise PublishingError("A reviewer must sign this text before it is published.")
    if revision.signed_by.is_sample and settings.DEPLOYED:
        raise PublishingError("A sample sign-off cannot be published in production.")
    now = timezone.now()
    Revision.objects.filter(article=article, is_live=True).update(is_live=False)
    Revision.objects.filter(pk=revision.pk).update(is_live=True, published_at=now, published_by=by)
    Article.objects.filter(pk=article.pk).update(
        first_published_at=article.first_published_at or now, withdrawn_at=None, withdrawn_reason="", withdrawn_by=None
    )
    forget_public_pages()
    revision.refresh_from_db()
    return revision


@transaction.atomic
def withdraw(*, article: Article, reason: str, by: User | None) -> None:
    """Takes an article away from readers; its address says so and gives the reason. Raises PublishingError."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if not reason.strip():
        raise PublishingError("Say why this article is withdrawn. Readers see the reason.")
    if not Revision.objects.filter(article=article, is_live=True).update(is_live=False):
        raise PublishingError("Nothing is live under this address.")
    Article.objects.filter(pk=article.pk).update(
        withdrawn_at=timezone.now(), withdrawn_reason=reason.strip(), withdrawn_by=by
    )
    forget_public_pages()
