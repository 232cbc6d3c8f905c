"""Sources are checked and spelled in one way, because the spelling is signed."""

import datetime
import json
from typing import Any

import pytest

from content.references import FIELDS, canonical, line, oldest_reading, rows
from tests.content.test_markdown import SOURCE


def test_same_list_has_the_same_spelling() -> None:
    turned = dict(reversed(list(SOURCE.items())))
    assert canonical([SOURCE]) == canonical(json.dumps([turned])) == canonical(canonical([SOURCE]))
    assert rows(canonical([SOURCE])) == [SOURCE]


def test_spaces_around_and_unknown_facts_are_left_out() -> None:
    loose = {**{name: f" {value} " for name, value in SOURCE.items()}, "note": "x", "url": SOURCE["url"]}
    assert canonical([{**loose, "retrieved": SOURCE["retrieved"]}]) == canonical([SOURCE])


def test_letters_of_all_languages_stay_readable() -> None:
    assert "Universität Zürich" in canonical([{**SOURCE, "publisher": "Universität Zürich"}])


def test_order_is_the_editors() -> None:
    other = {**SOURCE, "id": "aaa"}
    assert [row["id"] for row in rows(canonical([SOURCE, other]))] == ["acs", "aaa"]


@pytest.mark.parametrize(
    ("references", "words"),
    [
        ("{}", "a list of entries"),
        ("null", "a list of entries"),
        ('["x"]', "a list of entries"),
        ("[[]]", "a list of entries"),
        ("[", "Expecting"),
        ("", "Expecting"),
        ([SOURCE, SOURCE], "Two references have the id 'acs'"),
        ([{**SOURCE, "publisher": " "}], "'acs' has no publisher"),
        ([{**SOURCE, "dated": 2024}], "'acs' has no dated"),
        ([{**SOURCE, "id": ""}], "'Asking <twice>' has no id"),
        ([{}], "'without an id' has no id"),
        ([{**SOURCE, "url": "javascript:alert(1)"}], "not a web address"),
        ([{**SOURCE, "url": "www.cancer.org"}], "not a web address"),
        ([{**SOURCE, "retrieved": "last week"}], "retrieved on no day"),
        ([{**SOURCE, "retrieved": "2026-02-30"}], "retrieved on no day"),
        ([{**SOURCE, "retrieved": "20261123"}], "retrieved on no day"),
        ([{**SOURCE, "retrieved": "2026-W48-1"}], "retrieved on no day"),
        ([{**SOURCE, "retrieved": "2026-11-23T10:00"}], "retrieved on no day"),
    ],
)
def test_mistake_names_the_entry(references: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        canonical(references)


@pytest.mark.parametrize("field", FIELDS)
def test_every_fact_is_asked_for(field: str) -> None:
    with pytest.raises(ValueError, match=f"has no {field}"):
        canonical([{name: value for name, value in SOURCE.items() if name != field}])


def test_line_for_readers_says_when_it_was_looked_up() -> None:
    assert line(SOURCE) == (
        '<a href="https://www.cancer.org/a?b=1&amp;c=2" rel="noreferrer">Asking &lt;twice&gt;</a>. '
        "American Cancer Society. Date: living page. Looked up on November 23, 2026."
    )


def test_one_dot_ends_a_title() -> None:
    assert "Asking</a>. ACS. Date" in line({**SOURCE, "title": "Asking.", "publisher": "ACS."})


def test_oldest_reading() -> None:
    listed = [{**SOURCE, "id": day, "retrieved": day} for day in ("2026-02-01", "2025-12-31", "2026-10-01")]
    assert oldest_reading(canonical(listed)) == datetime.date(2025, 12, 31)
    assert oldest_reading("[]") is None


def test_source_that_nobody_opened_claims_no_day() -> None:
    entry = {"id": "a", "title": "Law", "publisher": "State", "url": "https://state.example", "retrieved": "2026-11-23"}
    assert "Looked up on November 23, 2026." in line({**entry, "dated": "living page"})
    closed = line({**entry, "dated": "living page; not opened for this version"})
    assert closed.endswith("Date: living page; not opened for this version.")
