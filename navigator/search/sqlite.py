"""Searching on SQLite: FTS5 with Porter's stems, and trigrams. A query is made of letters and figures, in quotes."""

import json
from collections.abc import Sequence

from django.db import connection

from navigator.search.ideas import Idea
from navigator.search.meeting import BODIES, LOOKED_AT, TITLES, Meeting, Place, questions
from navigator.search.synonyms import Phrase

NEAR = """
SELECT navigator_searchword.word, entries
FROM navigator_searchword_fts JOIN navigator_searchword ON id = navigator_searchword_fts.rowid
WHERE navigator_searchword_fts MATCH %s ORDER BY rank LIMIT 40
"""
MEETINGS = """
WITH asked AS MATERIALIZED (
  SELECT value ->> 0 AS idea, value ->> 1 AS place, value ->> 2 AS worth, value ->> 3 AS query FROM json_each(%s)
),
found AS MATERIALIZED (
  SELECT navigator_searchentry_fts.rowid AS id, idea, place, worth
  FROM asked CROSS JOIN navigator_searchentry_fts
  WHERE navigator_searchentry_fts MATCH query
),
pool AS MATERIALIZED (
  SELECT id FROM found GROUP BY id ORDER BY sum(worth) DESC, id LIMIT %s
)
SELECT id, kind, title, idea, sum(place) FROM pool JOIN found USING (id) JOIN navigator_searchentry USING (id)
GROUP BY id, idea
"""


def lock() -> None:
    """Nothing to do: SQLite lets one connection write at a time (`transaction_mode` IMMEDIATE)."""


def near(word: str) -> dict[str, int]:
    """By three letters in a row that they share."""
    pieces = {word[place : place + 3] for place in range(len(word) - 2)}
    if not pieces:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [" OR ".join(f'"{piece}"' for piece in sorted(pieces))])
        return dict(cursor.fetchall())


def meetings(ideas: Sequence[Idea]) -> list[Meeting]:
    asked = [
        (question.idea, int(question.place), question.worth, _query(question.phrases, question.place))
        for question in questions(ideas)
    ]
    with connection.cursor() as cursor:
        cursor.execute(MEETINGS, [json.dumps(asked), LOOKED_AT])
        return [Meeting(*row) for row in cursor.fetchall()]


def _query(phrases: Sequence[Phrase], place: Place) -> str:
    columns = "{body}" if place in BODIES else "{title words}" if place in TITLES else "{summary}"
    wanted = " OR ".join("(" + " AND ".join(f'"{word}"' for word in phrase) + ")" for phrase in phrases)
    return f"{columns} : ({wanted})"
