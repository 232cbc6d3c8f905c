from typing import Any

import pytest

from benchmarks.lighthouse import NOT_LISTED, ONE_ROUND_TRIP, Page, Weight, medians, missed

LISTED, NOT = Page("/", True), Page("/match/who/", False)


def found(seo: int, **faults: Any) -> dict[str, Any]:
    return {"scores": {"performance": 100, "seo": seo}, "faults": {name.replace("_", ": "): 0 for name in faults}}


def test_the_median_counts_and_every_fault_is_said() -> None:
    turns = [found(100), found(90, seo_title=0), found(80, seo_title=0)]
    assert medians(turns, LISTED) == ({"performance": 100, "seo": 90}, ["seo: title (0)"])


def test_a_page_that_is_kept_from_search_engines_has_no_fault_in_that_and_in_nothing_else() -> None:
    kept = {"scores": {"seo": 63}, "faults": {NOT_LISTED: 0}}
    assert medians([kept], NOT)[0] == {"seo": 100}
    assert medians([kept], LISTED)[0] == {"seo": 63}
    other = {"scores": {"seo": 55}, "faults": {NOT_LISTED: 0, "seo: title": 0}}
    assert medians([other], NOT)[0] == {"seo": 55}


FULL, KEPT, LIGHT = {"performance": 100, "seo": 100}, [f"{NOT_LISTED} (0)"], Weight(ONE_ROUND_TRIP, [], 0.0)


def test_a_page_at_its_limits_misses_none() -> None:
    assert missed(LISTED, FULL, [], LIGHT) == []
    assert missed(NOT, FULL, KEPT, LIGHT) == []


@pytest.mark.parametrize(
    ("scores", "weight", "said"),
    [
        (FULL | {"performance": 99}, LIGHT, "performance 99"),
        (FULL, Weight(ONE_ROUND_TRIP + 1, [], 0.0), "14337 bytes"),
        (FULL, Weight(1, ["/static/a.woff2"], 0.0), "a font: /static/a.woff2"),
        (FULL, Weight(1, [], 0.001), "moves"),
    ],
)
def test_every_limit_that_is_missed_is_told(scores: dict[str, int], weight: Weight, said: str) -> None:
    assert missed(LISTED, scores, [], weight) == [said]


def test_a_page_that_must_not_be_listed_and_may_be_is_a_fault() -> None:
    assert missed(NOT, FULL, [], LIGHT) == ["may be listed, and must not"]
