"""What is put is found in the same transaction, what is dropped is not; the counts of words stay true."""

from dataclasses import replace
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from navigator.models import SearchEntry, SearchWord
from navigator.search import entries, words
from navigator.search.asking import find
from navigator.search.entries import Entry
from navigator.search.vocabulary import ALL

HIPEC = Entry("t:hipec", "term", "HIPEC", "/glossary/hipec/", "Warm drugs.", "Ask if it fits you.", ("hot chemo",))
COSTS = Entry("t:costs", "article", "Who pays?", "/costs/who-pays/", "Many plans help.", "Ask your plan.")


def paths(query: str) -> list[str]:
    return [hit.path for hit in find(query).hits]


def counted() -> dict[str, tuple[int, int]]:
    return {row.word: (row.entries, row.heads) for row in SearchWord.objects.all()}


def true_counts() -> dict[str, tuple[int, int]]:
    rows = SearchEntry.objects.all()
    heads = [{ALL, *words.split(f"{row.title} {row.words} {row.summary}")} for row in rows]
    whole = [head.union(words.split(row.body)) for head, row in zip(heads, rows, strict=True)]
    return {word: (sum(word in e for e in whole), sum(word in h for h in heads)) for word in set().union(*whole)}


@pytest.mark.django_db
def test_put_change_drop() -> None:
    entries.put([HIPEC, COSTS])
    assert paths("warm drugs") == ["/glossary/hipec/"]
    entries.put([replace(HIPEC, summary="", body="Zebra.")])
    assert paths("warm drugs") == []
    assert paths("zebra") == ["/glossary/hipec/"]
    assert counted() == true_counts()
    entries.drop(["t:hipec", "t:not-there"])
    assert paths("zebra") == []
    assert counted() == true_counts()
    entries.drop(["t:costs"])
    assert counted() == {}


@pytest.mark.django_db
def test_the_caller_rolls_back() -> None:
    with transaction.atomic():
        entries.put([HIPEC])
        assert paths("HIPEC")
        transaction.set_rollback(True)
    assert paths("HIPEC") == []
    assert counted() == {}


@pytest.mark.django_db
def test_putting_the_same_again_writes_nothing() -> None:
    entries.put([HIPEC])
    before = SearchEntry.objects.get().pk, counted()
    entries.put([HIPEC])
    assert (SearchEntry.objects.get().pk, counted()) == before


@pytest.mark.django_db
def test_refresh_drops_what_a_provider_no_longer_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    given = [HIPEC, COSTS]
    monkeypatch.setattr(entries, "_providers", {"t": lambda: given, "other": lambda: []})
    assert entries.refresh("t") == 2
    entries.put([replace(COSTS, key="other:costs")])
    given.remove(HIPEC)
    entries.refresh("t")
    assert set(SearchEntry.objects.values_list("key", flat=True)) == {"t:costs", "other:costs"}


@pytest.mark.django_db
def test_the_command_makes_everything_anew(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(entries, "_providers", {"t": lambda: [HIPEC, COSTS]})
    entries.put([replace(COSTS, key="old:costs")])
    SearchWord.objects.create(word="astray", stem="astrai", entries=7, heads=1)
    for _ in range(2):
        call_command("index_search")
        assert capsys.readouterr().out == "t: 2 entries\n"
        assert set(SearchEntry.objects.values_list("key", flat=True)) == {"t:hipec", "t:costs"}
        assert counted() == true_counts()


@pytest.mark.django_db
def test_a_count_that_went_astray_stops_nobody() -> None:
    entries.put([HIPEC])
    SearchWord.objects.update(entries=0, heads=0)
    entries.drop([HIPEC.key])
    entries.put([COSTS])
    assert paths("pays") == ["/costs/who-pays/"]


@pytest.mark.django_db
def test_a_title_of_noise_is_found_by_its_address() -> None:
    entries.put([Entry("t:who", "page", "Who we are", "/about/who-we-are/")])
    assert paths("who are you") == ["/about/who-we-are/"]


@pytest.mark.django_db(transaction=True)
def test_many_who_publish_at_once_count_each_word_once() -> None:
    together = Barrier(4)

    def publish(number: int) -> None:
        together.wait()
        try:
            entries.put([replace(HIPEC, key=f"t:{number}")])
            entries.put([replace(HIPEC, key="t:shared", body=f"Version {number}.")])
        finally:
            connection.close()

    threads = [Thread(target=publish, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert SearchEntry.objects.count() == 5
    assert counted() == true_counts()
