import csv
import shutil
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doctors import importing, keeping
from doctors.directory import DATA, RowError, load_directory
from doctors.models import Center, Evidence, ListingChange, Program, Specialist
from navigator.caching import current_generation

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("nci_cancer_centers.csv", "mesothelioma_programs.csv", "specialists.csv"):
        shutil.copy(DATA / name, tmp_path / name)
    return tmp_path


def edit(folder: Path, name: str, which: str, **values: str) -> None:
    path = folder / name
    with path.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        if row["slug"] == which:
            row.update(values)
    with path.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_every_row_is_loaded_once() -> None:
    load = load_directory()
    assert (load.centers.created, load.programs.created, load.specialists.created) == (74, 57, 80)
    again = load_directory()
    assert (again.centers.unchanged, again.programs.unchanged, again.specialists.unchanged) == (74, 57, 80)
    assert again.centers.created + again.programs.changed + again.specialists.changed == 0


def test_the_labels_become_fields() -> None:
    load_directory()
    assert Center.objects.filter(treats_patients=False).count() == 8
    assert Center.objects.get(slug="st-jude").audience == "children"
    assert Program.objects.filter(audience="veterans").count() == 2
    assert Program.objects.get(slug="nih-nci-mesothelioma").audience == "study"
    assert Program.objects.filter(evidence=Evidence.DIRECTORIES).count() == 15
    assert Specialist.objects.listed().count() == 17
    assert Program.objects.get(slug="moffitt-mesothelioma").referral_required is False
    assert Program.objects.get(slug="md-anderson").peritoneal is None


def test_no_center_lies_at_the_address_of_a_state(folder: Path) -> None:
    edit(folder, "nci_cancer_centers.csv", "siteman", slug="missouri")
    with pytest.raises(RowError, match=r"line 3, missouri, column slug: missouri is the address"):
        load_directory(folder)


def test_a_newer_row_is_updated_and_readers_see_it(folder: Path) -> None:
    load_directory()
    before = current_generation()
    edit(folder, "nci_cancer_centers.csv", "siteman", phone="+13145550100")
    load = load_directory(folder)
    assert (load.centers.changed, load.centers.unchanged) == (1, 73)
    assert Center.objects.get(slug="siteman").phone == "+13145550100"
    assert current_generation() > before


LOOKED = [("2026-11-20", "2026-09-23"), ("2026-09-23", "2026-09-23"), ("2026-01-01", "")]


@pytest.mark.parametrize(("looked", "source"), LOOKED)
def test_what_we_verified_is_not_overwritten(folder: Path, looked: str, source: str) -> None:
    load_directory()
    Center.objects.filter(slug="siteman").update(
        phone="+13145550177", contact_verified_on=looked, contact_verified_how="phone"
    )
    edit(folder, "nci_cancer_centers.csv", "siteman", source_checked=source, institution="Another")
    load = load_directory(folder)
    assert (load.centers.kept, load.centers.changed) == (1, 1)
    siteman = Center.objects.get(slug="siteman")
    assert (siteman.phone, siteman.institution) == ("+13145550177", "Another"), "a group of facts, not the row"
    assert siteman.contact_verified_on == date.fromisoformat(looked)


def test_a_source_that_is_newer_than_our_look_wins_and_the_look_ends(folder: Path) -> None:
    load_directory()
    Center.objects.filter(slug="siteman").update(
        phone="+13145550177",
        contact_verified_on=date(2026, 9, 22), contact_verified_how="phone",
        access_verified_on=date(2026, 9, 22), access_verified_how="website",
    )  # fmt: skip
    assert load_directory(folder).centers.kept == 0
    siteman = Center.objects.get(slug="siteman")
    assert (siteman.phone, siteman.contact_verified_on, siteman.contact_verified_how) == ("+18006003606", None, "")
    assert siteman.access_verified_on == date(2026, 9, 22), "nothing changed in this group"
    line = ListingChange.objects.filter(slug="siteman").order_by("-pk")[0]
    assert line.fields["phone"] == ["+13145550177", "+18006003606"]
    assert line.fields["contact_verified_on"] == ["2026-09-22", None]


def test_what_staff_wrote_without_a_check_stays(folder: Path, django_user_model: Any) -> None:
    load_directory()
    staff = django_user_model.objects.create_user("dora")
    siteman = Center.objects.get(slug="siteman")
    siteman.phone, siteman.street = "+13145550177", "1 New Street"
    keeping.save(listing=siteman, by=staff)
    assert load_directory(folder).centers.kept == 1, "the file did not change"
    edit(folder, "nci_cancer_centers.csv", "siteman", city="Elsewhere", website="https://siteman.example/")
    load = load_directory(folder)
    assert (load.centers.kept, load.centers.changed) == (1, 1)
    siteman.refresh_from_db()
    assert siteman.phone == "+13145550177"
    assert (siteman.street, siteman.city) == ("1 New Street", "St. Louis"), "an address is one fact"
    assert siteman.website == "https://siteman.example/", "nobody of us said anything about this"


def test_a_word_of_staff_ends_when_a_file_changes_the_fact_later(folder: Path, django_user_model: Any) -> None:
    load_directory()
    staff = django_user_model.objects.create_user("dora")
    siteman = Center.objects.get(slug="siteman")
    siteman.phone = "+13145550177"
    with time_machine.travel("2026-09-22T12:00:00Z", tick=False):
        keeping.save(listing=siteman, by=staff)
    assert load_directory(folder).centers.changed == 1, "the source is of the next day"
    siteman.refresh_from_db()
    assert siteman.phone == "+18006003606"
    edit(folder, "nci_cancer_centers.csv", "siteman", phone="314-555-0100", source_checked="")
    assert load_directory(folder).centers.changed == 1, "the last word was a file's"


def test_facts_that_belong_together_are_kept_together(folder: Path, django_user_model: Any) -> None:
    """Or the load would break a constraint: an address of a remote offer that staff know is not there."""
    load_directory()
    program = Program.objects.get(slug="md-anderson")
    assert (program.remote_second_opinion, program.remote_second_opinion_url) == (None, "")
    program.remote_second_opinion = False
    keeping.save(listing=program, by=django_user_model.objects.create_user("dora"))
    with (folder / "mesothelioma_programs.csv").open(newline="") as lines:
        offers = next(row["offers"] for row in csv.DictReader(lines) if row["slug"] == "md-anderson")
    edit(
        folder, "mesothelioma_programs.csv", "md-anderson",
        offers=f"{offers};remote_second_opinion", remote_second_opinion_url="https://md.example/",
    )  # fmt: skip
    assert load_directory(folder).programs.kept == 1
    program.refresh_from_db()
    assert (program.remote_second_opinion, program.remote_second_opinion_url) == (False, "")


def test_evidence_that_staff_raised_stays_and_labels_come_back(folder: Path, django_user_model: Any) -> None:
    load_directory()
    doctor = Specialist.objects.filter(evidence=Evidence.ONE_DIRECTORY)[0]
    doctor.evidence = Evidence.HOSPITAL
    keeping.save(listing=doctor, by=django_user_model.objects.create_user("dora"))
    load_directory(folder)
    edit(folder, "specialists.csv", doctor.slug, notes="evidence: directories only; seen again")
    load_directory(folder)
    doctor.refresh_from_db()
    assert (doctor.evidence, doctor.notes) == (Evidence.HOSPITAL, "evidence: directories only; seen again")


def test_new_facts_stay_while_the_file_has_no_column_for_them(folder: Path) -> None:
    load_directory()
    Program.objects.filter(slug="md-anderson").update(hours="Mornings", hipec=False, audience="study")
    load = load_directory(folder)
    assert (load.programs.changed, load.programs.kept, load.programs.unchanged) == (0, 0, 57)
    program = Program.objects.get(slug="md-anderson")
    assert (program.hours, program.hipec, program.audience) == ("Mornings", False, "study")


def test_new_columns_are_read_where_the_file_has_them(folder: Path) -> None:
    path = folder / "nci_cancer_centers.csv"
    with path.open(newline="") as lines:
        rows = [row | {"hours": "", "languages": ""} for row in csv.DictReader(lines)]
    rows[0] |= {"hours": "Monday to Friday", "languages": "Spanish"}
    with path.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    load_directory(folder)
    assert Center.objects.get(slug=rows[0]["slug"]).languages == "Spanish"
    assert Center.objects.filter(hours="Monday to Friday").count() == 1


def test_a_load_writes_its_history_as_a_file_of_the_product(folder: Path) -> None:
    load_directory()
    assert ListingChange.objects.filter(what="added", by=None).count() == 211
    load_directory()
    assert ListingChange.objects.count() == 211, "what does not change has no line"
    edit(folder, "nci_cancer_centers.csv", "siteman", phone="314-555-0100")
    load_directory(folder)
    line = ListingChange.objects.latest("pk")
    assert (line.what, line.slug, line.by) == ("changed", "siteman", None)
    assert line.fields == {"phone": ["+18006003606", "+13145550100"]}


def test_a_load_takes_the_same_queries_for_few_changes_and_many(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_directory()
    monkeypatch.setattr(importing.searching, "show", lambda *listings: None)
    counts = []
    for number in (1, 40):
        with (folder / "specialists.csv").open(newline="") as lines:
            slugs = [row["slug"] for row in csv.DictReader(lines)][:number]
        for slug in slugs:
            edit(folder, "specialists.csv", slug, credentials=f"MD {number}")
        with CaptureQueriesContext(connection) as queries:
            assert load_directory(folder).specialists.changed == number
        counts.append(len(queries))
    assert counts[0] == counts[1] < 25


def test_every_problem_of_a_file_is_told_at_once(folder: Path) -> None:
    edit(folder, "nci_cancer_centers.csv", "siteman", phone="12")
    edit(folder, "nci_cancer_centers.csv", "abramson", zip="1910")
    with pytest.raises(RowError) as caught:
        load_directory(folder)
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        "nci_cancer_centers.csv, line 2, abramson, column zip",
        "nci_cancer_centers.csv, line 3, siteman, column phone",
    ]


@pytest.mark.parametrize(
    ("name", "slug", "values", "words"),
    [
        ("nci_cancer_centers.csv", "siteman", {"latitude": "north"}, "siteman"),
        ("nci_cancer_centers.csv", "siteman", {"latitude": "-90"}, "siteman"),
        ("nci_cancer_centers.csv", "siteman", {"treats_patients": "maybe"}, "siteman"),
        ("nci_cancer_centers.csv", "siteman", {"source_checked": "yesterday"}, "siteman"),
        ("nci_cancer_centers.csv", "mit-koch", {"treats_patients": "true"}, "mit-koch"),
        ("mesothelioma_programs.csv", "md-anderson", {"center_slug": "nowhere"}, "nowhere"),
        ("mesothelioma_programs.csv", "md-anderson", {"notes": "no label"}, "evidence label"),
        ("mesothelioma_programs.csv", "md-anderson", {"offers": "magic"}, "md-anderson"),
        (
            "mesothelioma_programs.csv",
            "md-anderson",
            {"remote_second_opinion_url": "https://a.example/"},
            "needs remote_second_opinion",
        ),
        ("specialists.csv", "eugene-choi", {"program_slug": "nowhere"}, "nowhere"),
        ("specialists.csv", "eugene-choi", {"specialty": "wizardry"}, "eugene-choi"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_loaded(
    folder: Path, name: str, slug: str, values: dict[str, str], words: str
) -> None:
    edit(folder, name, slug, **values)
    with pytest.raises(RowError, match=words) as caught:
        load_directory(folder)
    assert str(caught.value).startswith(f"{name}, line ")
    assert not Center.objects.exists()


def test_the_command_prints_what_it_did() -> None:
    out = StringIO()
    call_command("load_directory", stdout=out)
    assert "centers: 74 created, 0 changed, 0 unchanged, 0 kept" in out.getvalue()


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nci_cancer_centers"):
        call_command("load_directory", tmp_path)
