"""The starter texts: Markdown files beside this module, each with its facts in TOML between two lines of +++.

They are loaded like an editor's work, through `content.publishing`. Outside production they are signed by a sample
reviewer and published, so that there is a site to look at; in production they arrive as unsigned drafts. A text that
somebody changed in the admin is never touched again.
"""

import hashlib
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from content import searching
from content.models import Article, Person, Topic
from content.moving import moved_from
from content.publishing import publish, save_revision, sign_off
from navigator.search import entries

FOLDER = Path(__file__).parent / "library"

TOPICS = {
    "second-opinion": (
        "Second opinion",
        "Why to ask for one, how to get it, what to send, and what to do with the answer.",
    ),
    "diagnosis": ("Diagnosis and stage", "How doctors name this cancer, and how far it has grown."),
    "treatment": ("Treatment", "What can be done, where doctors disagree, and what trials are."),
    "find-care": ("Find care", "How to choose a center and a team that see this cancer often."),
    "costs": ("Costs and cover", "Who pays for a second opinion, and what help there is with money."),
    "support": ("Support", "For families, for the way there, and for easing symptoms."),
    "veterans": ("Veterans", "VA care, care outside VA, and claims."),
    "our-help": ("About our free help", "What we do, what it costs, and what happens to your details."),
}
PEOPLE = {
    "sample-author": {
        "name": "Sample Author",
        "role": Person.Role.AUTHOR,
        "title": "Health writer (sample)",
        "biography": "This person does not exist. The name stands where the name of a real author will stand.",
        "disclosure": "A sample person is paid by nobody.",
    },
    "sample-reviewer": {
        "name": "Sample Reviewer",
        "role": Person.Role.REVIEWER,
        "title": "Medical reviewer (sample)",
        "biography": "This person does not exist and has reviewed nothing. The name stands where the name of a real, "
        "licensed clinician will stand.",
        "disclosure": "A sample person is paid by nobody.",
    },
}


@dataclass(frozen=True)
class Text:
    """One file of the library."""

    facts: dict[str, Any]
    body: str
    digest: str

    @property
    def path(self) -> str:
        return str(self.facts["path"])


def read(folder: Path) -> list[Text]:
    """Every file; those that FAQ answers are shown on come first. Raises ValueError that names the file."""
    texts = [read_file(file) for file in sorted(folder.rglob("*.md"))]
    return sorted(texts, key=lambda text: "shown_on" in text.facts)


def read_file(file: Path) -> Text:
    """Raises ValueError that names the file and what it lacks."""
    source = file.read_text(encoding="utf-8")
    before, _, rest = source.partition("+++\n")
    front, mark, body = rest.partition("\n+++\n")
    if before or not mark:
        raise ValueError(f"{file.name}: start with the facts between two lines of +++.")
    try:
        facts = tomllib.loads(front)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{file.name}: {error}") from error
    missing = {"kind", "path", "title", "summary", "author", "reviewer", "references"} - facts.keys()
    if missing:
        raise ValueError(f"{file.name}: there is no {', '.join(sorted(missing))}.")
    return Text(facts, body.strip() + "\n", hashlib.sha256(source.encode()).hexdigest())


def paths(folder: Path | None = None) -> frozenset[str]:
    """Where the library's texts and topics will stand. Files that cannot be read are passed over."""
    found = set(TOPICS)
    for file in (folder or FOLDER).rglob("*.md"):
        with suppress(ValueError):
            found.add(read_file(file).path)
    return frozenset(found)


@transaction.atomic
def load(folder: Path | None = None) -> list[str]:
    """All or nothing, and again without harm. Returns a line for each text: what was done with it."""
    for order, (slug, (title, summary)) in enumerate(TOPICS.items()):
        Topic.objects.get_or_create(slug=slug, defaults={"title": title, "summary": summary, "order": order})
    for slug, facts in PEOPLE.items():
        Person.objects.get_or_create(slug=slug, defaults={**facts, "is_sample": True})
    texts = read(folder or FOLDER)
    lines = [f"{text.path}: {_load_text(text)}" for text in texts]
    for text in texts:
        _relate(text)
    entries.refresh(searching.NAME)
    return lines


def _load_text(text: Text) -> str:
    article = _article(text)
    newest = article.revisions.first() if article else None
    if newest and newest.source_digest == text.digest:
        return "unchanged"
    if newest and not newest.source_digest:
        return "left alone, it was edited in the admin"
    if article is None:
        article = Article.objects.create(path=text.path, **_place(text.facts))
    elif not article.placed_by_hand:
        Article.objects.filter(pk=article.pk).update(**_place(text.facts))
        article.refresh_from_db()
    revision = save_revision(
        article=article,
        title=text.facts["title"],
        summary=text.facts["summary"],
        description=text.facts.get("description", ""),
        body=text.body,
        references=text.facts["references"],
        change_note=text.facts.get("change_note", "New version of the starter text"),
        by=None,
        source_digest=text.digest,
    )
    if settings.DEPLOYED:
        return "loaded as a draft, which a reviewer must sign"
    if article.withdrawn_at:
        return "loaded as a draft, because the article is withdrawn"
    sign_off(revision=revision, reviewer=Person.objects.get(slug=text.facts["reviewer"]), by=None)
    publish(revision=revision, by=None, findable=False)
    return "published with a sample sign-off"


def _article(text: Text) -> Article | None:
    """The article of a file, also where an editor has moved it to another address."""
    return Article.objects.filter(path=text.path).first() or moved_from(text.path)


def _place(facts: dict[str, Any]) -> dict[str, Any]:
    """Where the article stands. A topic or article that does not exist is an error of the file."""
    return {
        "kind": Article.Kind(facts["kind"]),
        "topic": _named(Topic, facts, "topic", "slug"),
        "shown_on": _named(Article, facts, "shown_on", "path"),
        "author": _named(Person, facts, "author", "slug"),
        "order": facts.get("order", 0),
        "also_called": facts.get("also_called", []),
        "review_every_months": facts.get("review_every_months", 12),
    }


def _named(model: type[Topic] | type[Article] | type[Person], facts: dict[str, Any], fact: str, field: str) -> Any:
    """The row that a fact of the file names; None without that fact. Raises ValueError for one that is not there."""
    if fact not in facts:
        return None
    row = model.objects.filter(**{field: facts[fact]}).first()
    if row is None:
        raise ValueError(f"{facts['path']}: {fact} is {facts[fact]}, which is not there.")
    return row


def _relate(text: Text) -> None:
    """The articles that help next; after all are there, because they point to each other."""
    article = _article(text)
    if article is None or article.placed_by_hand or "related" not in text.facts:
        return
    related = Article.objects.filter(path__in=text.facts["related"])
    missing = set(text.facts["related"]) - {other.path for other in related}
    if missing:
        raise ValueError(f"{text.path}: related to {', '.join(sorted(missing))}, which is no text of ours.")
    article.related.set(related)
