"""What can be found. An app registers a provider of all its entries, and puts or drops one when it changes.

Both verbs work in the caller's transaction, so that readers find a text the moment it is live and no longer. The words
of all entries are counted on the way (`SearchWord`): the counts say what is rare and what is misspelled.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from django.db import transaction

from navigator import copying
from navigator.models import SearchEntry, SearchWord
from navigator.search import databases, words
from navigator.search.stems import stem
from navigator.search.vocabulary import ALL

FIELDS = ("kind", "title", "path", "summary", "body", "words")
BATCH = 500

Kind = SearchEntry.Kind


@dataclass(frozen=True)
class Entry:
    """One thing to find. `key` starts with the provider's name and a colon; `words` are other names of it.

    Summary and body are plain text, in the body a sentence, heading or list item a line.
    """

    key: str
    kind: str
    title: str
    path: str
    summary: str = ""
    body: str = ""
    words: tuple[str, ...] = ()


Counted = tuple[str, str]  # a word, and which of its two counts
Provider = Callable[[], Iterable[Entry]]
_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Called by an app when it is ready. `provider` gives every entry of that app, as it is now."""
    _providers[name] = provider


@transaction.atomic
def put(entries: Iterable[Entry]) -> None:
    """Makes each findable under its key, as it is now. What has not changed costs a comparison."""
    databases.current().lock()
    rows = {entry.key: _row(entry) for entry in entries}
    old = SearchEntry.objects.in_bulk(rows, field_name="key")
    changed = [row for key, row in rows.items() if key not in old or _values(row) != _values(old[key])]
    counts: Counter[Counted] = Counter()
    for row in changed:
        counts.update(_vocabulary(row))
        if row.key in old:
            counts.subtract(_vocabulary(old[row.key]))
    copying.add([row for row in changed if row.key not in old])
    SearchEntry.objects.bulk_create(
        [row for row in changed if row.key in old],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=FIELDS,
    )
    _count(counts)


@transaction.atomic
def drop(keys: Iterable[str]) -> None:
    """Nobody finds these any more. A key that is not there does no harm."""
    databases.current().lock()
    rows = SearchEntry.objects.in_bulk(list(keys), field_name="key").values()
    counts: Counter[Counted] = Counter()
    for row in rows:
        counts.subtract(_vocabulary(row))
    SearchEntry.objects.filter(pk__in=[row.pk for row in rows]).delete()
    _count(counts)


@transaction.atomic
def refresh(name: str) -> int:
    """Puts all that one provider gives, drops what it no longer gives. How many there are."""
    databases.current().lock()
    entries = list(_providers[name]())
    held = SearchEntry.objects.filter(key__startswith=f"{name}:").values_list("key", flat=True)
    drop(set(held) - {entry.key for entry in entries})
    put(entries)
    return len(entries)


@transaction.atomic
def rebuild() -> dict[str, int]:
    """Everything anew, counts too; readers search the old until it is committed. How many entries of each provider."""
    databases.current().lock()
    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    return {name: refresh(name) for name in sorted(_providers)}


def _row(entry: Entry) -> SearchEntry:
    named = [*entry.words, *words.needle(words.split(_slug(entry.path)))]
    return SearchEntry(**{**asdict(entry), "words": "\n".join(named)})


def _slug(path: str) -> str:
    """The last part of an address: who-we-are."""
    return re.split("[/#]", path.strip("/"))[-1]


def _values(row: SearchEntry) -> list[str]:
    return [getattr(row, name) for name in FIELDS]


def _vocabulary(row: SearchEntry) -> Counter[Counted]:
    """Each word once, because it is entries that are counted; and ALL, whose count is of all entries."""
    head = {ALL, *words.split(f"{row.title}\n{row.words}\n{row.summary}")}
    return Counter(
        [(word, "entries") for word in head.union(words.split(row.body))] + [(word, "heads") for word in head]
    )


def _count(changes: Counter[Counted]) -> None:
    """Nobody else counts meanwhile: the caller holds the lock. A count gone astray stops nobody from publishing."""
    changed = {word for (word, _), change in changes.items() if change}
    rows = SearchWord.objects.in_bulk(list(changed), field_name="word")
    for word in changed:
        row = rows.setdefault(word, SearchWord(word=word, stem=stem(word), entries=0, heads=0))
        row.entries = max(0, row.entries + changes[word, "entries"])
        row.heads = max(0, row.heads + changes[word, "heads"])
    SearchWord.objects.bulk_create(
        [rows[word] for word in sorted(rows) if rows[word].entries],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["word"],
        update_fields=["entries", "heads"],
    )
    gone = [row.pk for row in rows.values() if row.pk and not row.entries]
    for start in range(0, len(gone), BATCH):
        SearchWord.objects.filter(pk__in=gone[start : start + BATCH]).delete()
