"""A text moves to another address, and the old one keeps leading to it (301)."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import Resolver404, resolve

from content import printouts, searching
from content.models import Article, Change, OldAddress
from content.publishing import PublishingError, refuse_if_explained
from navigator.caching import forget_public_pages
from navigator.search import entries
from navigator.security import PERSONAL

FOLDERS = {Article.Kind.FAQ: "faq/", Article.Kind.TERM: "glossary/", Article.Kind.TOOL: "downloads/"}

TAKEN = "Another text stands there, or stood there once and readers still come by that address."


@transaction.atomic
def move(*, article: Article, path: str, by: User) -> Article:
    """Raises PublishingError for an address that is taken, malformed, or answered by another part of the site."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    old, path = article.path, path.strip().strip("/")
    if path == old:
        raise PublishingError("The text stands there already.")
    refuse_address(path, kind=article.kind)
    refuse_if_explained(article)
    if Article.objects.filter(path=path).exists() or OldAddress.objects.filter(path=path).exclude(article=article):
        raise PublishingError(TAKEN)
    OldAddress.objects.filter(path=path).delete()
    OldAddress.objects.create(path=old, article=article)
    try:
        with transaction.atomic():
            Article.objects.filter(pk=article.pk).update(path=path, placed_by_hand=True)
    except IntegrityError as error:  # somebody was faster
        raise PublishingError(TAKEN) from error
    article.refresh_from_db()
    if article.first_published_at:
        note = f"This text stood at /{old}/ before. The old address leads here."
        Change.objects.create(article=article, what=Change.What.MOVED, note=note, by=by)
    entries.drop([searching.key(old)])
    live = article.revisions.live().first()
    if live:
        live.article = article
        printouts.make(live)
        entries.put([searching.entry(live)])
    forget_public_pages()
    return article


def refuse_address(path: str, *, kind: str) -> None:
    """Raises PublishingError unless a text of this kind can stand there and be found."""
    try:
        for validate in Article._meta.get_field("path").validators:
            validate(path)
    except ValidationError as error:
        raise PublishingError(error.messages[0]) from error
    folder = FOLDERS.get(Article.Kind(kind), "")
    others = [name for name in FOLDERS.values() if name != folder]
    if not path.startswith(folder) or path.startswith(tuple(others)):
        raise PublishingError(f"Such a text stands under {folder or 'no folder of other kinds'}.")
    try:
        found = resolve(f"/{path}/")
    except Resolver404:
        found = None
    if found is None or found.url_name not in ("article", "topic") or f"/{path}/".startswith(PERSONAL):
        raise PublishingError("This address belongs to another part of the site.")


def moved_from(path: str) -> Article | None:
    """The article that once stood there."""
    return Article.objects.filter(old_addresses__path=path).first()
