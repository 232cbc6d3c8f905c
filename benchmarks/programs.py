"""A million programs that nobody runs, for `benchmarks/finder.py`: as many as asked for, the same every time.

They lie around real ZIP points. Where ZIPs are dense there are people: a ZIP is drawn as often as the square root of
the number of ZIPs in its quarter degree. So 2.7 % of the programs lie within 12 miles of midtown Manhattan, about as
many as of the people. What they offer is known, denied or unknown about as often as in the shipped data.
"""

import csv
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import accumulate
from math import sqrt
from typing import Any, NamedTuple

from doctors.models import OFFERS, Audience, Center, Evidence, Program
from doctors.models.listed import LONGITUDES, US_LATITUDES
from doctors.zipcodes import DATA, locate

SCATTER = 0.03  # degrees: about two miles around the ZIP's point
CELL = 0.25  # degrees
BATCH = 2_000  # rows of one statement, on SQLite
DENIED = 0.03  # of all answers; in the shipped data hardly any
ENDED = 0.01
IN_A_CENTER = 0.2  # 66 centers are few among a million
AUDIENCES = {Audience.ADULTS: 940, Audience.VETERANS: 40, Audience.STUDY: 15, Audience.CHILDREN: 5}
EVIDENCE = {Evidence.HOSPITAL: 67, Evidence.TWO_SOURCES: 7, Evidence.DIRECTORIES: 20, Evidence.ONE_DIRECTORY: 6}
# Of how many in a hundred a source says so: as in the shipped rows. The last two, blank there, are a guess.
KNOWN = {
    "pleural": 82,
    "peritoneal": 51,
    "surgery": 89,
    "hipec": 26,
    "chemotherapy": 49,
    "immunotherapy": 21,
    "radiation": 54,
    "clinical_trials": 53,
    "multidisciplinary_clinic": 56,
    "palliative_care": 12,
    "video_visit": 10,
    "records_review": 10,
}
REMOTE = 14  # of a hundred; these have an address where it is explained
NO_REFERRAL, REFERRAL = 4, 10


class Spot(NamedTuple):
    zip: str
    state: str
    latitude: float
    longitude: float


def fill(count: int) -> None:
    """Stores `count` programs, past Django but through every constraint, and tells the planner."""
    from django.db import connection

    columns = [field.column for field in Program._meta.concrete_fields if not field.primary_key]
    quoted = ", ".join(f'"{column}"' for column in columns)
    table = Program._meta.db_table
    centers = list(Center.objects.filter(treats_patients=True).values_list("pk", flat=True))
    made = rows(count, columns, centers)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
            with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                for row in made:
                    copy.write_row(row)
            cursor.execute("VACUUM ANALYZE")
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.execute("BEGIN")
        while batch := [row for _, row in zip(range(BATCH), made, strict=False)]:
            cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", batch)  # noqa: S608
        cursor.execute("COMMIT")
        cursor.execute("ANALYZE")


def rows(count: int, columns: list[str], centers: list[int]) -> Iterator[list[Any]]:
    """Each as a list in the order of `columns`. Asks no database: it is read in the middle of a statement."""
    chance = random.Random(11)
    spots, weights = _spots()
    drawn = chance.choices(spots, cum_weights=weights, k=count)
    audiences, evidence = _many(chance, AUDIENCES, count), _many(chance, EVIDENCE, count)
    blank = _blank()
    for number, spot in enumerate(drawn):
        values = {
            **blank,
            "slug": f"made-{number}",
            "name": f"Made program {number}",
            "city": f"City {spot.zip}",
            "state": spot.state,
            "zip": spot.zip,
            "latitude": _inside(chance.gauss(spot.latitude, SCATTER), US_LATITUDES),
            "longitude": _inside(chance.gauss(spot.longitude, SCATTER), LONGITUDES),
            "center_id": chance.choice(centers) if chance.random() < IN_A_CENTER else None,
            "audience": audiences[number],
            "evidence": evidence[number],
            **_offers(chance),
        }
        if chance.random() < ENDED:
            values |= {"ended_on": date(2026, 6, 1), "ended_note": "It closed."}
        yield [values[column] for column in columns]


def _offers(chance: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {name: _answer(chance, share) for name, share in KNOWN.items()}
    if chance.random() * 100 < REMOTE:
        found |= {"remote_second_opinion": True, "remote_second_opinion_url": "https://made.example/remote"}
    draw = chance.random() * 100
    found["referral_required"] = False if draw < NO_REFERRAL else True if draw < NO_REFERRAL + REFERRAL else None
    return found


def _answer(chance: random.Random, share: int) -> bool | None:
    draw = chance.random()
    return True if draw < share / 100 else False if draw > 1 - DENIED else None


def _blank() -> dict[str, Any]:
    """What all of them have in common, by column."""
    fields = [field for field in Program._meta.concrete_fields if not field.primary_key]
    values = {field.column: None if field.null else "" for field in fields}
    return values | {
        "hospital": "Made Hospital",
        "street": "1 Sample Street",
        "phone": "+13125550142",
        "website": "https://made.example/",
        "source_url": "https://made.example/mesothelioma",
        **dict.fromkeys(OFFERS),
    }


def _spots() -> tuple[list[Spot], list[float]]:
    """The ZIP points within the limits of the table, and their weights, added up."""
    with (DATA / "zip_points.csv").open(encoding="utf-8") as lines:
        places = [locate(row["zip"]) for row in csv.DictReader(lines)]
    spots = [
        Spot(place.zip, place.state, place.latitude, place.longitude)
        for place in places
        if place and US_LATITUDES[0] < place.latitude < US_LATITUDES[1]
    ]
    cells = [(spot.latitude // CELL, spot.longitude // CELL) for spot in spots]
    dense = Counter(cells)
    return spots, list(accumulate(sqrt(dense[cell]) for cell in cells))


def _many(chance: random.Random, shares: dict[Any, int], count: int) -> list[str]:
    return [str(choice) for choice in chance.choices(list(shares), weights=list(shares.values()), k=count)]


def _inside(degrees: float, limits: tuple[int, int]) -> float:
    return round(min(max(degrees, limits[0]), limits[1]), 4)
