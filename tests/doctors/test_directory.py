import csv
import shutil
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from doctors.directory import DATA, RowError, load_directory
from doctors.models import Center, Evidence, Program, Specialist
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
    with pytest.raises(RowError, match=r"nci_cancer_centers.csv, line 3: missouri is the address of a state"):
        load_directory(folder)


def test_a_newer_row_is_updated_and_readers_see_it(folder: Path) -> None:
    load_directory()
    before = current_generation()
    edit(folder, "nci_cancer_centers.csv", "siteman", phone="+13145550100")
    load = load_directory(folder)
    assert (load.centers.changed, load.centers.unchanged) == (1, 73)
    assert Center.objects.get(slug="siteman").phone == "+13145550100"
    assert current_generation() > before


def test_what_we_verified_is_not_overwritten(folder: Path) -> None:
    load_directory()
    Center.objects.filter(slug="siteman").update(
        phone="+13145550177", contact_verified_on=date(2026, 11, 20), contact_verified_how="phone"
    )
    load = load_directory(folder)
    assert load.centers.kept == 1
    assert Center.objects.get(slug="siteman").phone == "+13145550177"


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
        ("mesothelioma_programs.csv", "md-anderson", {"offers": "remote_second_opinion"}, "come together"),
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
