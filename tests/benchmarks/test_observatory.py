from typing import Any

import pytest

from benchmarks.observatory import below


def judged(**other: Any) -> dict[str, dict[str, Any]]:
    return {"/": {"status": 200, "grade": "A+", "score": 130, "failed": []} | other}


def test_the_least_is_enough() -> None:
    assert below(judged()) == []


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"score": 129}, "/: 200 A+ 129"),
        ({"grade": "A", "score": 130}, "/: 200 A 130"),
        ({"status": 404}, "/: 404 A+ 130"),
    ],
)
def test_less_is_told_by_page(other: dict[str, Any], said: str) -> None:
    assert below(judged(**other)) == [said]


def test_one_bad_page_among_good_ones_is_enough_to_fail() -> None:
    assert below(judged() | {"/my/find/": {"status": 200, "grade": "B", "score": 75}}) == ["/my/find/: 200 B 75"]
