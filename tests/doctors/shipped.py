"""The shipped files as rows, read without any of our code: what the tests hold our code against."""

import csv
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "doctors" / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def point(row: dict[str, str]) -> tuple[float, float]:
    """Latitude and longitude."""
    return float(row["latitude"]), float(row["longitude"])


def listed() -> Iterator[dict[str, str]]:
    """The programs, and the centers that treat patients."""
    yield from rows("mesothelioma_programs.csv")
    yield from (row for row in rows("nci_cancer_centers.csv") if row["treats_patients"] == "true")
