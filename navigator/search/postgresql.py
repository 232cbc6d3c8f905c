"""Searching on PostgreSQL: full text in English, and trigrams.

A column and an index for each field, instead of weights in one column: then the index knows the answer, and no row is
read in vain. A query is made of letters and figures alone: nothing that somebody types can be an operator.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from navigator.search.ideas import Idea
from navigator.search.meeting import BODIES, LOOKED_AT, SUMMARIES, TITLES, Meeting, questions
from navigator.search.synonyms import Phrase

LOCK = 0x5EA2C4  # any number that nobody else locks

LIKENESS = "SELECT set_config('pg_trgm.similarity_threshold', '0.2', true)"  # of short words, one wrong letter is much
NEAR = """
SELECT word, entries FROM navigator_searchword WHERE lower(word) %% %s
ORDER BY lower(word) <-> %s, entries DESC LIMIT 20
"""
MEETINGS = """
WITH asked AS MATERIALIZED (
  SELECT idea, place, worth, to_tsquery('english', words) AS query
  FROM unnest(%(ideas)s::int[], %(places)s::int[], %(worths)s::real[], %(queries)s::text[])
    AS row (idea, place, worth, words)
),
found AS MATERIALIZED (
  SELECT id, kind, title, idea, place, worth FROM asked JOIN navigator_searchentry ON title_words @@ query
  WHERE place & %(titles)s > 0
  UNION ALL
  SELECT id, kind, title, idea, place, worth FROM asked JOIN navigator_searchentry ON summary_words @@ query
  WHERE place & %(summaries)s > 0
  UNION ALL
  SELECT id, kind, title, idea, place, worth FROM asked JOIN navigator_searchentry ON body_words @@ query
  WHERE place & %(bodies)s > 0
),
pool AS MATERIALIZED (
  SELECT id FROM found GROUP BY id ORDER BY sum(worth) DESC, id LIMIT %(pool)s
)
SELECT id, kind, title, idea, sum(place)::int FROM pool JOIN found USING (id) GROUP BY id, kind, title, idea
"""


def lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def near(word: str) -> dict[str, int]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LIKENESS)
        cursor.execute(NEAR, [word, word])
        return dict(cursor.fetchall())


def meetings(ideas: Sequence[Idea]) -> list[Meeting]:
    asked = list(questions(ideas))
    values: dict[str, Any] = {
        "ideas": [question.idea for question in asked],
        "places": [int(question.place) for question in asked],
        "worths": [question.worth for question in asked],
        "queries": [_query(question.phrases) for question in asked],
        "titles": int(TITLES),
        "summaries": int(SUMMARIES),
        "bodies": int(BODIES),
        "pool": LOOKED_AT,
    }
    with connection.cursor() as cursor:
        cursor.execute(MEETINGS, values)
        return [Meeting(*row) for row in cursor.fetchall()]


def _query(phrases: Sequence[Phrase]) -> str:
    return " | ".join(f"({' & '.join(phrase)})" for phrase in phrases)
