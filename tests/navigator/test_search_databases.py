"""What only one database has: the extension and the index on PostgreSQL, the triggers on SQLite; and the way back."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from doctors.directory import load_directory
from navigator.models import SearchEntry, SearchWord
from navigator.search import databases, entries, ideas, synonyms, words
from navigator.search.asking import find
from navigator.search.entries import Entry
from navigator.search.vocabulary import ALL, Count

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL")
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite")


def rows(sql: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def put_one() -> None:
    entries.put([Entry("t:1", "article", "Who pays?", "/costs/", "Many plans/policies help.", "A rare zebra.")])


@pytest.mark.django_db
def test_a_common_idea_is_not_looked_for_in_bodies() -> None:
    put_one()
    asked = ideas.weighed(ideas.read(["zebra"]), {ALL: Count(10_000, 10_000), "zebra": Count(9_000, 1)})
    assert databases.current().meetings(asked) == []
    asked = ideas.weighed(ideas.read(["zebra"]), {ALL: Count(10_000, 10_000), "zebra": Count(9, 1)})
    assert len(databases.current().meetings(asked)) == 1


@pytest.mark.django_db
def test_signs_part_words() -> None:
    put_one()
    assert find("policies").count == 1


@on_postgresql
@pytest.mark.django_db
def test_an_owner_who_is_no_superuser_may_add_the_extension() -> None:
    assert rows("SELECT bool_and(trusted) FROM pg_available_extension_versions WHERE name = 'pg_trgm'") == [(True,)]


@on_postgresql
@pytest.mark.django_db
def test_postgresql_has_no_stop_word_that_we_search_for() -> None:
    """Else a query would lose a word that we count on."""
    put_one()
    load_directory()
    found = SearchWord.objects.exclude(word=ALL).values_list("word", flat=True)
    telling = [word for word in {*found, *synonyms.spellings()} if words.tells(word)]
    assert rows("SELECT word FROM unnest(%s::text[]) AS word WHERE to_tsvector('english', word) = ''", telling) == []


@on_sqlite
@pytest.mark.django_db
def test_the_triggers_keep_the_full_text_tables() -> None:
    put_one()
    SearchEntry.objects.update(body="A giraffe.")
    match = "SELECT count(*) FROM navigator_searchentry_fts WHERE navigator_searchentry_fts MATCH %s"
    assert rows(match, "zebra") == [(0,)]
    assert rows(match, "giraffe") == [(1,)]
    entries.drop(["t:1"])
    assert rows(match, "giraffe") == [(0,)]
    for name in ("navigator_searchentry_fts", "navigator_searchword_fts"):
        rows(f"INSERT INTO {name} ({name}) VALUES ('integrity-check')")  # noqa: S608  raises when they differ


@pytest.mark.django_db(transaction=True)
def test_the_migration_goes_back_and_forth() -> None:
    def migrate(name: str) -> None:
        MigrationExecutor(connection).migrate([("navigator", name)])

    ((_, newest),) = MigrationExecutor(connection).loader.graph.leaf_nodes("navigator")
    try:
        migrate("0001_initial")
        assert "navigator_searchentry" not in connection.introspection.table_names()
    finally:
        migrate(newest)
    put_one()
    assert find("pays").count == 1
