"""What a reader can take home of a text: PDF and plain text. Both carry who we are, who pays and the date."""

import hashlib
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from content import markdown, plain_text, references, typesetting
from content.models import Article, Printout, Revision
from content.typesetting import Sheet
from navigator import identity

PRINTED = {Article.Kind.ARTICLE, Article.Kind.TOOL}  # what can be taken home as a file


def make(revision: Revision) -> None:
    """Stores the PDF of a text that has just gone live; other kinds than PRINTED have none. Raises TypesettingError."""
    if revision.article.kind in PRINTED:
        pdf = typesetting.pdf(sheet(revision))
        Printout.objects.update_or_create(revision=revision, defaults={"pdf": pdf, "made_with": made_with(revision)})


def remake() -> Iterator[str]:
    """Makes anew what is missing, or was made with another identity or typesetting; each path that was. For a
    deployment that changed who we are or how the pages look."""
    live = Revision.objects.for_readers().filter(article__kind__in=PRINTED)
    for revision in live.select_related("printout").defer("printout__pdf"):
        stored = getattr(revision, "printout", None)
        if stored is None or stored.made_with != made_with(revision):
            make(revision)
            yield revision.article.path


def stored(path: str) -> Printout | None:
    """The PDF of the live text at this address."""
    return Printout.objects.filter(revision__article__path=path, revision__is_live=True).first()


def text(revision: Revision) -> str:
    """The plain text of a live text."""
    return plain_text.plain_text(sheet(revision))


def made_with(revision: Revision) -> str:
    """Changes with the typesetting, with who we are, and with the address of the text."""
    parts = [typesetting.VERSION, settings.SITE_URL, revision.article.path, repr(identity.current())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def sheet(revision: Revision) -> Sheet:
    """Everything that stands on the paper. `revision` is live and comes with its article and signer."""
    who = identity.current()
    return Sheet(
        title=revision.title,
        summary=revision.summary,
        body=revision.body,
        sources=list(_sources(revision)),
        facts=list(_facts(revision, who)),
        foot=f"{who.name}, {who.phone}. General information, not medical advice.",
        is_tool=revision.article.kind == Article.Kind.TOOL,
        site_url=settings.SITE_URL,
    )


def _sources(revision: Revision) -> Iterator[tuple[int, str, str]]:
    """The cited sources in the order of their first citation, as on the page."""
    rows = {row["id"]: row for row in references.rows(revision.references)}
    for number, name in enumerate(markdown.cited(revision.body), start=1):
        row = rows[name]
        yield number, f"{row['title'].rstrip('.')}. {row['publisher'].rstrip('.')}. {row['dated']}.", row["url"]


def _facts(revision: Revision, who: identity.Identity) -> Iterator[str]:
    signer = revision.signed_by
    published = date_format(timezone.localdate(revision.published_at), "F j, Y")
    address = settings.SITE_URL + revision.article.get_absolute_url()
    yield f"This text was published on {published}. Its newest version: {address}"
    if signer is None or signer.is_sample:
        yield "Sample sign-off: no clinician has reviewed this text yet."
    else:
        yield f"Reviewed by {signer} on {date_format(timezone.localdate(revision.signed_at), 'F j, Y')}."
    yield f"Who we are: {who.legal_name}, {who.address}. {who.phone}, {who.hours}. {who.email}"
    yield f"Who pays for this: {who.funding}"
