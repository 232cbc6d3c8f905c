"""Each change of a listing has its line, and nobody's change is lost."""

import datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from doctors import keeping, reporting, searching
from doctors.keeping import ChangedMeanwhileError, KeepingError
from doctors.models import GROUPS, Center, ListingChange, Program, Report, Specialist
from doctors.models.listed import HOW
from navigator.append_only import AppendOnlyError
from navigator.caching import current_generation
from navigator.models import SearchEntry
from navigator.search import entries
from tests.doctors.desk import person
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make
from tests.racing import at_once

pytestmark = pytest.mark.django_db

FACTORIES = [CenterFactory, ProgramFactory, SpecialistFactory]
TODAY = timezone.localdate


def lines() -> list[ListingChange]:
    return list(ListingChange.objects.order_by("pk"))


def found(prefix: str = "doctors:") -> dict[str, tuple[str, ...]]:
    rows = SearchEntry.objects.filter(key__startswith=prefix)
    return {row.key: (row.title, row.path, row.summary, row.body, row.words) for row in rows}


@pytest.mark.parametrize("factory", FACTORIES)
def test_a_changed_fact_has_its_line_with_before_and_after(factory: Any) -> None:
    listing, dora, before = make(factory), person(), current_generation()
    listing.notes = "Ask for the front desk."
    listing.source_checked = datetime.date(2026, 11, 2)
    change = keeping.save(listing=listing, by=dora)
    assert lines() == [change]
    assert (change.what, change.slug, change.by) == ("changed", listing.slug, dora)
    assert change.fields == {"notes": ["", "Ask for the front desk."], "source_checked": [None, "2026-11-02"]}
    listing.refresh_from_db()
    assert listing.notes == "Ask for the front desk."
    assert current_generation() == before + 1


def test_nothing_changed_is_nothing_written() -> None:
    listing, before = make(ProgramFactory), current_generation()
    assert keeping.save(listing=listing, by=person()) is None
    assert keeping.save(listing=Program.objects.get(), by=None) is None
    assert lines() == []
    assert current_generation() == before


@pytest.mark.parametrize("factory", FACTORIES)
def test_a_new_listing_has_a_line_with_all_it_says(factory: Any) -> None:
    listing = make(factory) if factory is not SpecialistFactory else make(factory, program=make(ProgramFactory))
    new = type(listing)(**{f.name: getattr(listing, f.name) for f in listing._meta.concrete_fields if f.name != "id"})
    new.slug = "brand-new"
    change = keeping.save(listing=new, by=person())
    assert (change.what, change.slug) == ("added", "brand-new")
    assert change.fields["slug"] == [None, "brand-new"]
    assert not [name for name in change.fields if "_verified_" in name or name == "id"]
    assert all(before is None for before, _ in change.fields.values())


def test_line_and_change_come_together_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    listing, dora = make(ProgramFactory, hospital="Before"), person()

    def break_down(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(searching, "show", break_down)
    listing.hospital = "After"
    with pytest.raises(RuntimeError):
        keeping.save(listing=listing, by=dora)
    with pytest.raises(RuntimeError):
        keeping.remove(listing=listing, by=dora)
    assert Program.objects.get().hospital == "Before"
    assert lines() == []


def test_a_line_that_cannot_be_stored_stops_the_change(monkeypatch: pytest.MonkeyPatch) -> None:
    listing, dora = make(ProgramFactory, hospital="Before"), person()
    monkeypatch.setattr(keeping, "KINDS", {Program: "palace"})
    listing.hospital = "After"
    with pytest.raises(IntegrityError), transaction.atomic():
        keeping.save(listing=listing, by=dora)
    with pytest.raises(IntegrityError), transaction.atomic():
        keeping.check(listing=listing, group="care", how="phone", by=dora)
    stored = Program.objects.get()
    assert (stored.hospital, stored.care_verified_on) == ("Before", None)


def test_a_change_the_database_refuses_has_no_line() -> None:
    listing = make(CenterFactory)
    listing.ended_on = TODAY()
    with pytest.raises(IntegrityError), transaction.atomic():
        keeping.save(listing=listing, by=person())
    assert lines() == []


def test_history_is_written_once() -> None:
    listing = make(ProgramFactory)
    change = keeping.check(listing=listing, group="care", how="phone", by=person())
    for way in (change.save, change.delete, ListingChange.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            way()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE doctors_listingchange SET slug = 'other'")


@pytest.mark.parametrize(
    "values",
    [
        {"what": "guessed"},
        {"kind": "palace"},
        {"what": "checked", "group": "", "how": "phone"},
        {"what": "checked", "group": "care", "how": ""},
        {"what": "changed", "group": "care", "how": "phone"},
    ],
)
def test_a_line_that_cannot_be_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ListingChange.objects.create(**{"kind": "program", "slug": "x", "what": "changed", **values})


# --- Looks ---


@pytest.mark.parametrize("factory", FACTORIES)
@pytest.mark.parametrize("how", ["phone", "website"])
def test_each_group_is_checked_by_itself(factory: Any, how: str) -> None:
    listing, dora = make(factory), person()
    for number, group in enumerate(listing.facts, 1):
        change = keeping.check(listing=listing, group=group, how=how, by=dora)
        assert (change.what, change.group, change.how, change.by, change.fields) == ("checked", group, how, dora, {})
        stored = type(listing).objects.get()
        looked = [name for name in GROUPS if getattr(stored, f"{name}_verified_on", None)]
        assert len(looked) == number
        assert getattr(listing, f"{group}_verified_on") == getattr(stored, f"{group}_verified_on") == TODAY()


@pytest.mark.parametrize(
    ("group", "how"),
    [("post", "phone"), ("designation", "phone"), ("care", "hearsay"), ("", ""), ("care", ""), ("slug", "phone")],
)
def test_a_look_that_cannot_be_is_refused(group: str, how: str) -> None:
    listing = make(ProgramFactory)
    with pytest.raises(KeepingError, match="program"):
        keeping.check(listing=listing, group=group, how=how, by=person())
    assert lines() == []
    assert len(HOW) == 2


def test_nobody_looks_tomorrow() -> None:
    listing = make(ProgramFactory)
    with pytest.raises(KeepingError, match="day to come"):
        keeping.check(listing=listing, group="care", how="phone", by=person(), on=TODAY() + datetime.timedelta(days=1))


def test_a_double_click_is_one_look() -> None:
    listing, dora = make(ProgramFactory), person()
    first = keeping.check(listing=listing, group="care", how="phone", by=dora)
    assert keeping.check(listing=listing, group="care", how="phone", by=dora) == first
    assert len(lines()) == 1
    keeping.check(listing=listing, group="care", how="phone", by=person("other"))
    keeping.check(listing=listing, group="care", how="website", by=dora)
    assert len(lines()) == 3


def test_a_look_changes_nothing_else() -> None:
    """Somebody with an old copy in hand says "checked": the newer facts stay."""
    old = make(ProgramFactory, hospital="Before")
    Program.objects.update(hospital="After")
    keeping.check(listing=old, group="care", how="phone", by=person())
    assert Program.objects.get().hospital == "After"


def test_a_change_leaves_a_look_of_the_same_minute_alone() -> None:
    old, dora = make(ProgramFactory), person()
    keeping.check(listing=Program.objects.get(), group="care", how="phone", by=dora)
    old.hospital = "After"
    keeping.save(listing=old, by=dora)
    stored = Program.objects.get()
    assert (stored.hospital, stored.care_verified_on) == ("After", TODAY())


# --- Two at once ---


def test_older_facts_change_nothing() -> None:
    listing, dora, eve = make(ProgramFactory), person(), person("eve")
    seen = keeping.version(listing)
    mine, theirs = Program.objects.get(), Program.objects.get()
    theirs.phone = "+13125550199"
    keeping.save(listing=theirs, by=eve, seen=seen)
    mine.hospital = "Mine"
    with pytest.raises(ChangedMeanwhileError, match="changed meanwhile") as caught:
        keeping.save(listing=mine, by=dora, seen=seen)
    assert [(change.by, change.fields) for change in caught.value.changes] == [
        (eve, {"phone": ["+13125550142", "+13125550199"]})
    ]
    stored = Program.objects.get()
    assert (stored.phone, stored.hospital) == ("+13125550199", "Lakeside Hospital")
    with pytest.raises(ChangedMeanwhileError):
        keeping.check(listing=mine, group="contact", how="phone", by=dora, seen=seen)
    assert Program.objects.get().contact_verified_on is None


def test_a_look_makes_no_form_old() -> None:
    listing, dora = make(ProgramFactory), person()
    seen = keeping.version(listing)
    keeping.check(listing=listing, group="care", how="phone", by=person("eve"), seen=seen)
    listing.hospital = "After"
    assert keeping.save(listing=listing, by=dora, seen=seen)


def test_a_change_of_another_listing_makes_no_form_old() -> None:
    one, two, dora = make(ProgramFactory), make(ProgramFactory), person()
    center = make(CenterFactory, slug=one.slug)
    seen = keeping.version(one)
    for other in (two, center):
        other.city = "Evanston"
        keeping.save(listing=other, by=dora)
    one.city = "Evanston"
    assert keeping.save(listing=one, by=dora, seen=seen)


@pytest.mark.parametrize("verb", ["save", "check", "remove", "meanwhile"])
def test_what_was_removed_does_not_come_back(verb: str) -> None:
    listing, dora = make(ProgramFactory), person()
    Program.objects.get().delete()
    listing.hospital = "After"
    more: dict[str, Any] = {
        "save": {"by": dora}, "check": {"group": "care", "how": "phone", "by": dora}, "remove": {"by": dora},
        "meanwhile": {"seen": 0},
    }[verb]  # fmt: skip
    with pytest.raises(KeepingError, match="removed meanwhile"), transaction.atomic():
        getattr(keeping, verb)(listing=listing, **more)
    assert not Program.objects.exists()
    assert lines() == []


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_stored_and_the_others_are_told() -> None:
    listing, people = make(ProgramFactory), [person(f"editor-{number}") for number in range(4)]
    seen, copies = keeping.version(listing), [Program.objects.get() for _ in people]
    for number, copy in enumerate(copies):
        copy.phone = f"+1312555020{number}"
    failures = at_once(
        *(
            lambda copy=copy, by=by: keeping.save(listing=copy, by=by, seen=seen)
            for copy, by in zip(copies, people, strict=True)
        )
    )
    assert [type(error) for error in failures] == [ChangedMeanwhileError] * 3
    (line,) = lines()
    assert line.fields == {"phone": ["+13125550142", Program.objects.get().phone]}


@pytest.mark.django_db(transaction=True)
def test_a_look_and_a_change_at_once_both_stay() -> None:
    listing, dora, eve = make(ProgramFactory), person(), person("eve")
    mine = Program.objects.get()
    mine.hospital = "After"
    failures = at_once(
        lambda: keeping.save(listing=mine, by=dora),
        lambda: keeping.check(listing=listing, group="access", how="phone", by=eve),
    )
    assert failures == []
    stored = Program.objects.get()
    assert (stored.hospital, stored.access_verified_on) == ("After", TODAY())
    assert {line.what for line in lines()} == {"changed", "checked"}


# --- Taking away ---


def test_a_program_goes_with_its_doctors_and_each_has_its_line() -> None:
    doctor, dora = make(SpecialistFactory), person()
    program, before = doctor.program, current_generation()
    keeping.remove(listing=program, by=dora)
    assert not Program.objects.exists()
    assert not Specialist.objects.exists()
    assert [(line.kind, line.slug, line.what, line.by) for line in lines()] == [
        ("specialist", doctor.slug, "removed", dora),
        ("program", program.slug, "removed", dora),
    ]
    assert lines()[1].fields["hospital"] == [None, "Lakeside Hospital"]
    assert current_generation() > before


def test_a_center_with_programs_stays() -> None:
    center = make(CenterFactory)
    make(ProgramFactory, center=center)
    with pytest.raises(KeepingError, match="Programs belong to"):
        keeping.remove(listing=center, by=person())
    assert Center.objects.exists()
    assert lines() == []


def test_what_a_family_reports_stays_until_somebody_answered() -> None:
    doctor, dora = make(SpecialistFactory), person()
    row = reporting.report(listing=doctor, problem="doctor", words="")
    for listing in (doctor, doctor.program):
        with pytest.raises(KeepingError, match="settle or decline it first"):
            keeping.remove(listing=listing, by=dora)
    reporting.settle(report=row, answer="She never worked here.", by=dora)
    keeping.remove(listing=doctor, by=dora)
    assert not Report.objects.exists()


# --- What readers find ---


def _changes() -> Any:
    """Each way in which one listing changes what is found."""
    program = make(ProgramFactory, slug="lake", offers=["hipec"])
    other = make(ProgramFactory, slug="hill", state="WI", city="Madison", zip="53703", latitude=43.07, longitude=-89.4)
    center = make(CenterFactory, slug="big", state="OH")
    doctor = make(SpecialistFactory, program=program, full_name="Ada Listed")
    hidden = make(SpecialistFactory, program=program, full_name="Bob Hidden", evidence="directories")
    entries.refresh(searching.NAME)
    dora = person()

    def change(listing: Any, **values: Any) -> Any:
        def run() -> None:
            for name, value in values.items():
                setattr(listing, name, value)
            keeping.save(listing=listing, by=dora)

        return run

    return [
        change(program, name="Lake program", surgery=True),
        change(program, state="WI"),
        change(center, state="MI"),
        change(center, treats_patients=False),
        change(center, treats_patients=True),
        change(doctor, program=other),
        lambda: keeping.check(listing=hidden, group="post", how="phone", by=dora),
        change(other, ended_on=TODAY(), ended_note="It closed."),
        change(other, ended_on=None, ended_note=""),
        lambda: keeping.remove(listing=hidden, by=dora),
        lambda: keeping.remove(listing=other, by=dora),
        lambda: keeping.remove(listing=center, by=dora),
    ]


def test_one_change_shows_what_making_all_anew_would_show() -> None:
    for number, change in enumerate(_changes()):
        before = found()
        change()
        shown = found()
        entries.refresh(searching.NAME)
        assert shown == found(), number
        assert number in (9, 11) or shown != before, number


def test_one_change_costs_the_same_in_a_large_directory() -> None:
    listing, dora = make(ProgramFactory), person()
    counts = []
    for more in (1, 2, 30):
        ProgramFactory.create_batch(more)
        entries.refresh(searching.NAME)
        listing.name = f"Another name n{more}"
        with CaptureQueriesContext(connection) as queries:
            keeping.save(listing=listing, by=dora)
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_an_account_with_lines_is_not_deleted() -> None:
    keeping.check(listing=make(ProgramFactory), group="care", how="phone", by=person())
    with pytest.raises(IntegrityError), transaction.atomic():
        get_user_model().objects.all().delete()
