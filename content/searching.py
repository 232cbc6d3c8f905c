"""What readers can find of our texts: every live one, with its other names."""

from collections.abc import Iterator

from content import prose
from content.models import Revision
from navigator.search.entries import Entry

NAME = "content"
HIDDEN = "survival"  # figures in such a box are shown to who opens it, and to nobody else
NO_WORDS = "_"  # a blank to write on


def everything() -> Iterator[Entry]:
    """Every live text, for `navigator.search.entries.register`."""
    for revision in Revision.objects.live().select_related("article"):
        yield entry(revision)


def key(path: str) -> str:
    """Of the text at `path`, for `put` and `drop`."""
    return f"{NAME}:{path}"


def entry(revision: Revision) -> Entry:
    """A text as it is found. No query if the article is there. An FAQ answer leads to its place on the FAQ page."""
    article = revision.article
    return Entry(
        key=key(article.path),
        kind=article.kind,
        title=revision.title,
        path=article.get_absolute_url(),
        summary=revision.summary,
        body=_body(revision.body),
        words=tuple(article.also_called),
    )


def _body(markdown: str) -> str:
    """A block a line, without blanks to write on."""
    blocks = (block for block in prose.blocks(markdown) if block.box != HIDDEN)
    return "\n".join(" ".join(block.text.replace(NO_WORDS, " ").split()) for block in blocks if block.text)
