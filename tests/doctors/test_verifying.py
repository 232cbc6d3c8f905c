"""What to look at next: every group that is due, oldest first, at any size and without losing its place."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from doctors import keeping, verifying
from doctors.models import GROUPS, Center, Program, Specialist
from doctors.verifying import KIND_ORDER, Due, Spot, Wanted
from tests.doctors.desk import person
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make

pytestmark = pytest.mark.django_db


def ago(days: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=days)


def looks(listing: Any, **days: int) -> Any:
    """`looks(program, care=91)`: looked at 91 days ago; every other group just now."""
    values: dict[str, Any] = {}
    for group in listing.facts:
        values |= {f"{group}_verified_on": ago(days.get(group, 0)), f"{group}_verified_how": "phone"}
    type(listing).objects.filter(pk=listing.pk).update(**values)
    return listing


def never(listing: Any, *groups: str) -> Any:
    for group in groups:
        type(listing).objects.filter(pk=listing.pk).update(
            **{f"{group}_verified_on": None, f"{group}_verified_how": ""}
        )
    return listing


def said(rows: list[Due]) -> list[tuple[str, str]]:
    return [(row.listing.slug, row.group) for row in rows]


def everything(wanted: Wanted | None = None) -> list[Due]:
    """All pages one after the other."""
    wanted, found = wanted or Wanted(), []
    for _ in range(100):
        page = verifying.page(wanted)
        found += page.rows
        if page.following is None:
            return found
        wanted = Wanted(wanted.kind, wanted.state, wanted.group, page.following, wanted.kinds)
    raise AssertionError("The queue never ends.")


def test_never_comes_before_long_ago_and_long_ago_before_lately() -> None:
    lately = looks(make(ProgramFactory, slug="lately"), care=91)
    long_ago = looks(make(SpecialistFactory, slug="long-ago", program=lately), post=200)
    looks(make(CenterFactory, slug="older"), designation=150, access=400)
    never(looks(make(CenterFactory, slug="never")), "contact")
    assert said(everything()) == [
        ("never", "contact"),
        ("older", "access"),
        (long_ago.slug, "post"),
        ("older", "designation"),
        ("lately", "care"),
    ]


@pytest.mark.parametrize(("days", "due"), [(0, False), (89, False), (90, False), (91, True), (181, True)])
def test_a_look_counts_for_90_days(days: int, due: bool) -> None:
    looks(make(ProgramFactory), access=days)
    assert [row.group for row in everything()] == (["access"] if due else [])


def test_the_groups_of_one_listing_stand_together() -> None:
    make(ProgramFactory, slug="one")
    make(ProgramFactory, slug="two")
    assert said(everything()) == [(slug, group) for slug in ("one", "two") for group in ("contact", "care", "access")]


def test_who_is_asked_nothing() -> None:
    """What ended, doctors of what ended, and how to get into a place that treats nobody."""
    ended = {"ended_on": ago(1), "ended_note": "It closed."}
    make(CenterFactory, **ended)
    make(SpecialistFactory, program=looks(make(ProgramFactory, **ended)))
    make(SpecialistFactory, program=looks(make(ProgramFactory)), **ended)
    make(CenterFactory, slug="lab", designation="basic_laboratory", treats_patients=False)
    assert said(everything()) == [("lab", "contact"), ("lab", "designation")]
    assert verifying.counts(Wanted()).total() == 2


def test_doctors_who_are_not_shown_yet_are_asked_about() -> None:
    hidden = make(SpecialistFactory, evidence="directories", program=looks(make(ProgramFactory)))
    assert said(everything()) == [(hidden.slug, "post")]


def _many() -> None:
    """Every kind, several states, ages that tie, and numbers that repeat between the kinds."""
    ages = [None, 91, 100, 100, 400]
    for number in range(20):
        state = ("IL", "OH", "WI")[number % 3]
        center = looks(make(CenterFactory, state=state), contact=ages[number % 5] or 0, access=100)
        program = looks(make(ProgramFactory, state=state), care=ages[(number + 1) % 5] or 0, access=100)
        doctor = looks(make(SpecialistFactory, program=program), post=ages[(number + 2) % 5] or 0)
        for listing, group, turn in ((center, "contact", 0), (program, "care", 1), (doctor, "post", 2)):
            if ages[(number + turn) % 5] is None:
                never(listing, group)


def _by_hand(wanted: Wanted) -> list[Spot]:
    """The same by looking at every row."""
    spots = []
    for k, model in enumerate((Center, Program, Specialist)):
        for row in model.objects.filter(ended_on=None):
            place = row.program if isinstance(row, Specialist) else row
            for group in row.facts:
                on = getattr(row, f"{group}_verified_on")
                fits = wanted.kind in ("", KIND_ORDER[k]) and wanted.group in ("", group)
                if fits and wanted.state in ("", place.state) and (on is None or on < ago(90)):
                    spots.append(Spot(on or datetime.date.min, k, row.pk, list(GROUPS).index(group)))
    return sorted(spots)


@pytest.mark.parametrize("size", [1, 7, 50])
@pytest.mark.parametrize(
    "wanted",
    [Wanted(), Wanted(kind="program"), Wanted(state="OH"), Wanted(group="access"), Wanted("specialist", "WI", "post")],
    ids=lambda wanted: wanted.query(),
)
def test_pages_of_any_size_show_each_row_once_in_order(
    wanted: Wanted, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _many()
    monkeypatch.setattr(verifying, "PAGE", size)
    shown = [row.spot for row in everything(wanted)]
    assert shown == _by_hand(wanted)
    assert len(shown) > 3


def test_a_page_keeps_its_place_while_rows_leave_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "PAGE", 4)
    _many()
    dora, following = person(), verifying.page(Wanted()).following
    wanted = Wanted(after=following)
    before = verifying.page(wanted).rows
    keeping.check(listing=before[0].listing, group=before[0].group, how="phone", by=dora)
    first = verifying.page(Wanted()).rows[0]
    keeping.check(listing=first.listing, group=first.group, how="phone", by=dora)
    assert [row.spot for row in verifying.page(wanted).rows][:3] == [row.spot for row in before[1:]]


def test_counts_say_what_the_pages_show() -> None:
    _many()
    for wanted in (Wanted(), Wanted(state="OH"), Wanted(kinds=("program", "specialist"))):
        rows, counted = everything(wanted), verifying.counts(wanted)
        assert counted.total() == len(rows)
        assert counted["program", "care"] == len([row for row in rows if (row.kind, row.group) == ("program", "care")])


def test_a_row_knows_the_version_that_it_shows() -> None:
    program, dora = make(ProgramFactory), person()
    assert verifying.page(Wanted()).rows[0].seen == 0
    program.hospital = "After"
    change = keeping.save(listing=program, by=dora)
    keeping.check(listing=program, group="care", how="phone", by=dora)
    assert {row.seen for row in verifying.page(Wanted()).rows} == {change.pk, keeping.version(program)}


def test_as_many_queries_for_one_row_as_for_a_full_page() -> None:
    counts = []
    for more in (1, 2, 30):
        for _ in range(more):
            make(SpecialistFactory, program=make(ProgramFactory, center=make(CenterFactory)))
        with CaptureQueriesContext(connection) as queries:
            page = verifying.page(Wanted())
            assert all(row.place.city for row in page.rows)
            verifying.counts(Wanted())
        counts.append(len(queries))
    assert len(page.rows) == 50
    assert counts[0] == counts[1] >= counts[2], counts


def test_no_more_rows_are_read_than_a_page_needs() -> None:
    ProgramFactory.create_batch(120)
    with CaptureQueriesContext(connection) as queries:
        verifying.page(Wanted())
    reads = [query["sql"] for query in queries if '"doctors_program"' in query["sql"]]
    assert reads
    assert all("LIMIT 51" in sql or " IN (" in sql for sql in reads)


@pytest.mark.parametrize(
    "text",
    ["", "never", "never_center_1", "never_palace_1_care", "never_center_0_contact", "never_center_-1_contact",
     "never_center_1_hope", "soon_center_1_contact", "2026-13-01_center_1_contact", "never_center_²_contact",
     f"never_center_{'9' * 30}_contact", "never_center_1_contact_2", "\x00_\x00_\x00_\x00", "٣_center_٣_contact"],
)  # fmt: skip
def test_nonsense_is_no_place_in_the_queue(text: str) -> None:
    assert Spot.read(text) is None


@pytest.mark.parametrize("day", [datetime.date.min, datetime.date(2026, 5, 1)])
def test_a_place_in_the_queue_is_read_as_it_was_written(day: datetime.date) -> None:
    spot = Spot(day, 1, 42, 2)
    assert Spot.read(str(spot)) == spot
    wanted = Wanted("program", "OH", "care", spot)
    assert Wanted.read(QueryDict(wanted.query()[1:]), KIND_ORDER) == wanted


def test_unknown_words_in_an_address_count_as_all() -> None:
    query = QueryDict("kind=palace&state=ZZ&group=hope&after=x&kind=x")
    assert Wanted.read(query, KIND_ORDER) == Wanted()
    assert Wanted.read(QueryDict("kind=center"), ("program",)) == Wanted(kinds=("program",))
