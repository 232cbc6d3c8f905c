"""What readers can find, and what each database finds it by.

PostgreSQL: three columns that it computes itself, and trigrams of the words (`pg_trgm` is a trusted extension: the owner
of the database may create it). SQLite: two FTS5 tables that read the rows and are kept by triggers.
"""

from django.db import migrations, models

# What each column is computed from. Signs that would make PostgreSQL read words as an address, a file or a hyphenated
# whole are spaces to it; no position is kept, because no query asks for one.
WORDS = {"title_words": "title || ' ' || words", "summary_words": "summary", "body_words": "body"}
VECTOR = "strip(to_tsvector('english', translate({}, '/-_.:@’', '       ')))"

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "ALTER TABLE navigator_searchentry "
    + ", ".join(
        f"ADD COLUMN {name} tsvector GENERATED ALWAYS AS ({VECTOR.format(text)}) STORED" for name, text in WORDS.items()
    ),
    *(
        f"CREATE INDEX navigator_searchentry_{name} ON navigator_searchentry USING gin ({name}) WITH (fastupdate = off)"
        for name in WORDS
    ),
    # Of an expression, because an index of the column would also be taken for long lists of words, and be slow there.
    "CREATE INDEX navigator_searchword_near ON navigator_searchword USING gin (lower(word) gin_trgm_ops)",
)
# The extension stays: others in the database may use it.
NO_POSTGRESQL = (
    "DROP INDEX navigator_searchword_near",
    "ALTER TABLE navigator_searchentry " + ", ".join(f"DROP COLUMN {name}" for name in WORDS),
)

TABLES = (
    ("navigator_searchentry", "navigator_searchentry_fts", ("title", "words", "summary", "body"), "porter unicode61"),
    ("navigator_searchword", "navigator_searchword_fts", ("word",), "trigram"),
)


def _sqlite():
    for table, found, columns, tokenize in TABLES:
        names, new, old = (", ".join(mark + column for column in columns) for mark in ("", "new.", "old."))
        # Names of TABLES alone are filled in.
        add = f"INSERT INTO {found} (rowid, {names}) VALUES (new.id, {new});"  # nosec B608
        drop = f"INSERT INTO {found} ({found}, rowid, {names}) VALUES ('delete', old.id, {old});"  # nosec B608
        yield (
            f"CREATE VIRTUAL TABLE {found} USING "
            f"fts5({names}, content='{table}', content_rowid='id', tokenize='{tokenize}')"
        )
        yield f"CREATE TRIGGER {table}_added AFTER INSERT ON {table} BEGIN {add} END"
        yield f"CREATE TRIGGER {table}_dropped AFTER DELETE ON {table} BEGIN {drop} END"
        yield f"CREATE TRIGGER {table}_changed AFTER UPDATE OF {names} ON {table} BEGIN {drop} {add} END"


def _no_sqlite():
    for table, found, _, _ in TABLES:
        for what in ("added", "dropped", "changed"):
            yield f"DROP TRIGGER {table}_{what}"
        yield f"DROP TABLE {found}"


def add(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _sqlite():
        schema_editor.execute(statement, params=None)


def take_away(apps, schema_editor):
    for statement in NO_POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _no_sqlite():
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("navigator", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=250, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("article", "Article"),
                            ("faq", "Question"),
                            ("term", "Word explained"),
                            ("tool", "To print"),
                            ("page", "About us"),
                            ("finder", "Find care"),
                            ("center", "Cancer center"),
                            ("program", "Program"),
                        ],
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=250)),
                ("path", models.CharField(max_length=300)),
                ("summary", models.TextField(blank=True)),
                ("body", models.TextField(blank=True)),
                ("words", models.TextField(blank=True, help_text="Other names, which count like the title")),
            ],
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=40, unique=True)),
                ("stem", models.CharField(db_index=True, max_length=40)),
                ("entries", models.PositiveIntegerField()),
                ("heads", models.PositiveIntegerField()),
            ],
        ),
        migrations.RunPython(add, take_away),
    ]
