"""The rules and the panels ask for figures that there are."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from navigator import metrics
from navigator.caching import ReadyPages
from tests.intake.factories import AdvocateFactory, HelpRequestFactory

FOLDER = Path(__file__).resolve().parent.parent / "deploy"
OF_PROMETHEUS = {"up"}
WORDS = {"and", "or", "absent", "by", "max", "sum", "rate", "increase", "job", "kind", "status", "quantile", "result"}


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((FOLDER / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    return list(json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))["panels"])


def expressions() -> list[str]:
    return [rule["expr"] for rule in rules()] + [target["expr"] for one in panels() for target in one["targets"]]


def names(expression: str) -> set[str]:
    """The figures of an expression: words that are no text, no time and no word of the language."""
    bare = re.sub(r'"[^"]*"|\[\w+\]', "", expression)
    return set(re.findall(r"[a-z_][a-z_0-9]*", bare)) - WORDS


@pytest.fixture
def scraped(db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Figure -> its labels, of a desk with a request that was reached, in a process with ready-made pages."""
    monkeypatch.setattr(metrics, "_sources", dict(metrics._sources))
    metrics.ready_pages(ReadyPages(lambda environ, start: []))
    now = timezone.now()
    HelpRequestFactory(
        status="reached", advocate=AdvocateFactory(), assigned_at=now, first_contact_at=now + timedelta(hours=1)
    )
    families = text_string_to_metric_families(metrics.text().decode())
    return {sample.name: set(sample.labels) for family in families for sample in family.samples}


def test_every_figure_that_is_asked_for_is_scraped(scraped: dict[str, set[str]]) -> None:
    asked = {name for expression in expressions() for name in names(expression)}
    assert asked - set(scraped) - OF_PROMETHEUS == set()


def test_every_figure_that_is_scraped_is_shown(scraped: dict[str, set[str]]) -> None:
    shown = {name for one in panels() for target in one["targets"] for name in names(target["expr"])}
    assert set(scraped) - shown == set()


def test_every_label_that_is_asked_for_is_scraped(scraped: dict[str, set[str]]) -> None:
    there = {"job", *(label for labels in scraped.values() for label in labels)}
    told = {label for rule in rules() for label in re.findall(r"\$labels\.(\w+)", str(rule["annotations"]))}
    told |= {label for one in panels() for t in one["targets"] for label in re.findall(r"{{(\w+)}}", t["legendFormat"])}
    told |= {label.strip() for e in expressions() for by in re.findall(r"by \(([^)]*)\)", e) for label in by.split(",")}
    told |= {label for e in expressions() for label in re.findall(r"(\w+)=\"", e)}
    assert told - there == set()


def test_the_check_sees_a_figure_that_is_none() -> None:
    assert names('max by (kind) (navigator_x{kind="up"}) > 0 and rate(y_total[5m])') == {"navigator_x", "y_total"}


def test_what_must_be_heard_of_has_its_rule() -> None:
    found = {rule["alert"]: (rule["expr"], rule.get("for")) for rule in rules()}
    assert found["PromiseLate"] == ("navigator_oldest_due_promise_age_seconds > 60", "2m")
    assert found["PromiseGivenUp"][0] == "navigator_promises_given_up > 0"
    assert found["CallOverdue"] == ("navigator_calls_overdue > 0 and navigator_desk_staffed == 1", "15m")
    assert found["NoFigures"][0].startswith("up{job=")
    assert found["MailFailing"][0] == "navigator_mails_failing > 0"
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "desk")
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["action"]


def test_panels_are_apart_and_take_their_source_from_grafana() -> None:
    ids = [one["id"] for one in panels()]
    places = [(one["gridPos"]["x"], one["gridPos"]["y"]) for one in panels()]
    assert len(set(ids)) == len(ids) == len(set(places)) > 8
    assert {one["datasource"]["uid"] for one in panels()} == {"${datasource}"}
    assert {one["title"] for one in panels() if not one["description"]} == set()
