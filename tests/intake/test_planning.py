"""The plan after a call: written from building blocks, shown when it is ready, ticked off by whom it concerns."""

from datetime import date
from typing import Any

import pytest

from content import reading
from intake import building_blocks, erasing, people, planning, promises, sheet, triage
from intake.building_blocks import BLOCKS
from intake.models import HelpRequest, PlanItem
from intake.planning import PlanError
from tests.intake.factories import AdvocateFactory, HelpRequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse() -> Any:
    return AdvocateFactory().user


@pytest.fixture
def row() -> HelpRequest:
    return HelpRequestFactory()


def add(row: HelpRequest, nurse: Any, **line: Any) -> PlanItem:
    line = {"kind": "step", "text": "Ask for the scans", "responsible": "family", **line}
    return planning.add_item(help_request=row, by=nurse, **line)


def test_a_line_says_who_does_what_by_when(row: HelpRequest, nurse: Any) -> None:
    item = add(row, nurse, text="Ask\u202e for the scans\x00", due_on=date(2030, 1, 7))
    assert (item.text, item.who, item.due_on) == ("Ask for the scans", "family", date(2030, 1, 7))
    assert add(row, nurse, kind="place", text="Called today", responsible="family").who == ""
    assert list(row.history.values_list("what", "detail")) == [("plan", "step"), ("plan", "place")]


@pytest.mark.parametrize(
    "line",
    [
        {"kind": "wish"},
        {"text": ""},
        {"text": " \u200b"},
        {"text": "x" * 301},
        {"text": "Call [place]"},
        {"responsible": ""},
        {"responsible": "nobody"},
    ],
)
def test_a_line_that_says_too_little_is_refused(line: dict[str, str], row: HelpRequest, nurse: Any) -> None:
    with pytest.raises(PlanError):
        add(row, nurse, **line)
    assert not PlanItem.objects.exists()


def test_a_plan_has_an_end(row: HelpRequest, nurse: Any) -> None:
    for _ in range(planning.MOST):
        add(row, nurse)
    with pytest.raises(PlanError, match="at most"):
        add(row, nurse)


def test_a_family_ticks_off_its_own_lines_only(row: HelpRequest, nurse: Any) -> None:
    ours, theirs = add(row, nurse), add(row, nurse, responsible="doctor")
    for _ in range(2):
        planning.mark_done(item=ours)
    with pytest.raises(PlanError, match="not yours"):
        planning.mark_done(item=theirs)
    planning.mark_done(item=theirs, by=nurse)
    for item in (ours, theirs):
        item.refresh_from_db()
        assert item.done_on
    row.refresh_from_db()
    assert row.news_since
    assert row.history.filter(detail="done").count() == 2


def test_a_line_can_be_taken_out_once(row: HelpRequest, nurse: Any) -> None:
    item = add(row, nurse)
    pk = item.pk
    planning.remove_item(item=item, by=nurse)
    item.pk = pk
    with pytest.raises(PlanError, match="taken out"):
        planning.remove_item(item=item, by=nurse)
    with pytest.raises(PlanError, match="taken out"):
        planning.mark_done(item=item, by=nurse)


def test_it_is_seen_when_it_is_shown_and_told_to_who_gets_it(
    row: HelpRequest, nurse: Any, mailoutbox: list[Any]
) -> None:
    with pytest.raises(PlanError, match="first"):
        planning.show_plan(help_request=row, by=nurse)
    contact = {"name": "Jo", "email": "jo@family.example", "reach_by": "email", "gets": "plan"}
    jo = people.add(help_request=row, role="patient", contact=contact)
    people.join(participant=jo, words="yes", how="page")
    add(row, nurse, text="Call Lakeside about slides")
    promises.sweep()
    mailoutbox.clear()
    planning.show_plan(help_request=row, by=nurse)
    promises.sweep()
    assert sorted(mail.to[0] for mail in mailoutbox) == ["jo@family.example", "maria@family.example"]
    assert not [mail for mail in mailoutbox if "Lakeside" in mail.body]
    with pytest.raises(PlanError, match="nothing is new"):
        planning.show_plan(help_request=row, by=nurse)
    assert row.promises.filter(kind="tell_news").count() == 2
    add(row, nurse)
    planning.show_plan(help_request=row, by=nurse)
    assert row.promises.filter(kind="tell_news").count() == 4
    row.refresh_from_db()
    assert row.plan_shown_at


def test_a_closed_request_keeps_its_plan_as_it_is(row: HelpRequest, nurse: Any) -> None:
    item = add(row, nurse)
    triage.close(help_request=row, outcome="helped")
    for change in (
        lambda: add(row, nurse),
        lambda: planning.mark_done(item=item),
        lambda: planning.remove_item(item=item, by=nurse),
        lambda: planning.show_plan(help_request=row, by=nurse),
    ):
        with pytest.raises(PlanError, match="closed"):
            change()
    erasing.erase(help_request=row)
    assert PlanItem.objects.get().text is None


def test_every_block_is_plain_and_fits() -> None:
    texts = [text for blocks in BLOCKS.values() for _, text in blocks]
    assert set(BLOCKS) == set(PlanItem.Kind.values)
    assert len(texts) >= 24
    assert len(set(texts)) == len(texts)
    for kind, blocks in BLOCKS.items():
        for who, text in blocks:
            assert (who in PlanItem.Who.values) is (kind == PlanItem.Kind.STEP)
            assert len(text) <= planning.LONGEST
    steps = " ".join(text.replace("[place]", "the place") for _, text in BLOCKS[PlanItem.Kind.STEP])
    assert reading.grade(steps) <= 8


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Send a referral to Lake Hospital (Dr. Example).", "doctor"),
        ("  Call you with a date for the visit. ", "hospital"),
        ("Call Lake Hospital and ask about the first free date.", "advocate"),
        ("Send a referral to .", ""),
        ("Send flowers to Lake Hospital.", ""),
        ("", ""),
    ],
)
def test_a_block_says_who_does_it(text: str, who: str) -> None:
    assert building_blocks.responsible(text) == who


def test_every_question_for_the_call_is_plain() -> None:
    assert len(sheet.QUESTIONS) >= 12
    assert max(reading.grade(question) for question in sheet.QUESTIONS) <= 8
    documents = " ".join(f"Send the {text}." for _, text in BLOCKS[PlanItem.Kind.DOCUMENT])
    assert reading.grade(documents) <= 9, "their names are what the office calls them"
