"""The starter texts: Markdown files beside this module, each with its facts in TOML between two lines of +++.

They are loaded like an editor's work, through `content.publishing`. Outside production they are signed by a sample
reviewer and published, so that there is a site to look at; in production they arrive as unsigned drafts. A text that
somebody changed in the admin is never touched again.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from content.models import Article, Person, Revision, Topic
from content.publishing import publish, save_revision, sign_off

FOLDER = Path(__file__).parent / "library"

TOPICS = {
    "second-opinion": ("Second opinion", "Why to ask for one, when, how to get it, where to go and who pays."),
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
    texts = [_read_file(file) for file in sorted(folder.rglob("*.md"))]
    return sorted(texts, key=lambda text: "shown_on" in text.facts)


def _read_file(file: Path) -> Text:
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


@transaction.atomic
def load(folder: Path | None = None) -> list[str]:
    """All or nothing, and again without harm. Returns a line for each text: what was done with it."""
    for order, (slug, (title, summary)) in enumerate(TOPICS.items()):
        Topic.objects.get_or_create(slug=slug, defaults={"title": title, "summary": summary, "order": order})
    for slug, facts in PEOPLE.items():
        Person.objects.get_or_create(slug=slug, defaults={**facts, "is_sample": True})
    return [f"{text.path}: {_load_text(text)}" for text in read(folder or FOLDER)]


def _load_text(text: Text) -> str:
    newest = Revision.objects.filter(article__path=text.path).first()
    if newest and newest.source_digest == text.digest:
        return "unchanged"
    if newest and not newest.source_digest:
        return "left alone, it was edited in the admin"
    article, _ = Article.objects.update_or_create(path=text.path, defaults=_place(text.facts))
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
    publish(revision=revision, by=None)
    return "published with a sample sign-off"


def _place(facts: dict[str, Any]) -> dict[str, Any]:
    """Where the article stands. A topic or article that does not exist is an error of the file."""
    return {
        "kind": Article.Kind(facts["kind"]),
        "topic": Topic.objects.get(slug=facts["topic"]) if "topic" in facts else None,
        "shown_on": Article.objects.get(path=facts["shown_on"]) if "shown_on" in facts else None,
        "author": Person.objects.get(slug=facts["author"]),
        "order": facts.get("order", 0),
        "review_every_months": facts.get("review_every_months", 12),
    }
