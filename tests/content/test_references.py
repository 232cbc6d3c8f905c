"""Sources are checked and spelled in one way, because the spelling is signed."""

import json
from typing import Any

import pytest

from content.references import canonical, rows
from tests.content.test_markdown import SOURCE


def test_same_list_has_the_same_spelling() -> None:
    turned = dict(reversed(list(SOURCE.items())))
    assert canonical([SOURCE]) == canonical(json.dumps([turned])) == canonical(canonical([SOURCE]))
    assert rows(canonical([SOURCE])) == [SOURCE]


@pytest.mark.parametrize(
    ("references", "words"),
    [
        ("{}", "a list of entries"),
        ('["x"]', "a list of entries"),
        ("[", "Expecting"),
        ([SOURCE, SOURCE], "Two references have the id 'acs'"),
        ([{**SOURCE, "publisher": " "}], "'acs' has no publisher"),
        ([{**SOURCE, "id": ""}], "'Asking <twice>' has no id"),
        ([{**SOURCE, "url": "javascript:alert(1)"}], "not a web address"),
        ([{**SOURCE, "retrieved": "last week"}], "retrieved on no day"),
    ],
)
def test_mistake_names_the_entry(references: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        canonical(references)
