from typing import Any

from benchmarks.lighthouse import NOT_LISTED, Page, medians

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
