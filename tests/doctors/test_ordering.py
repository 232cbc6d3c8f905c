"""The order is said twice, for memory and for the database: here one is held against the other."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from doctors import distance, matching, ordering, small
from doctors.criteria import FIT, MILES, RECORDS, TRAVEL, VIDEO, Criteria
from doctors.models import OFFERS, Program
from doctors.nearest import nearest
from doctors.needs import NEEDS
from doctors.states import STATES
from doctors.zipcodes import Place, locate
from tests.doctors.factories import CenterFactory, ProgramFactory, make

pytestmark = pytest.mark.django_db

KNOWN = (True, False, None)
CHICAGO = Place("60614", 41.92, -87.65, "IL", "America/Chicago", True)


@pytest.fixture
def directory(db: None) -> random.Random:
    """Sixty programs of every kind, some in one place, most within a few hundred miles."""
    chance = random.Random(7)
    centers = [make(CenterFactory) for _ in range(2)]
    Program.objects.bulk_create(
        ProgramFactory.build(**_values(chance, centers, number)) for number in chance.sample(range(99), 60)
    )
    return chance


def _values(chance: random.Random, centers: list[Any], number: int) -> dict[str, Any]:
    columns = ("pleural", "peritoneal", *OFFERS, "referral_required", "video_visit", "records_review")
    near = chance.random() < 0.7
    return {
        **{name: chance.choice(KNOWN) for name in columns},
        "latitude": 41.92 + (chance.uniform(-3, 3) if near else chance.uniform(-12, 5)),
        "longitude": -87.65 + (chance.uniform(-3, 3) if near else chance.uniform(-30, 15)),
        "state": chance.choice(("IL", "IN", "WI", "TX")),
        "evidence": chance.choice(("hospital", "two_sources", "directories", "one_directory")),
        "audience": chance.choice(("adults", "adults", "adults", "veterans", "study")),
        "center": chance.choice((*centers, None)),
        "name": f"Program {number:02}",
    }


def questions(chance: random.Random, count: int) -> Iterator[Criteria]:
    for _ in range(count):
        yield Criteria(
            place=chance.choice((CHICAGO, CHICAGO, CHICAGO, None)),
            state=chance.choice(("IL", "TX", "")),
            disease=chance.choice(("pleural", "peritoneal", "other", "suspected", "not_sure")),
            radius=chance.choice((50, 150, 500, None)),
            video_first=chance.random() < 0.3,
            veteran=chance.random() < 0.3,
            only_veterans=chance.random() < 0.1,
            needs=frozenset(
                chance.sample([need for need in NEEDS if need not in (VIDEO, RECORDS)], chance.randrange(3))
            ),
            way=chance.choice((TRAVEL, TRAVEL, VIDEO, RECORDS)),
            order=chance.choice((FIT, FIT, MILES)),
        )


def test_a_large_directory_gives_the_list_of_a_small_one(
    directory: random.Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = 0
    for question in questions(directory, 150):
        limit = directory.choice((1, 3, 10, 100))
        monkeypatch.setattr(small, "SMALL", 400)
        wanted = matching.rank_or_widen(question, limit)
        monkeypatch.setattr(small, "SMALL", directory.choice((0, 0, 4, 12)))
        found = matching.rank_or_widen(question, limit)
        assert _told(found) == _told(wanted), question
        seen += len(wanted.matches)
    assert seen > 500


def _told(ranking: matching.Ranking) -> Any:
    matches = [(match.name, match.miles, match.why, match.is_confirmed) for match in ranking.matches]
    return matches, ranking.widened, ranking.within, ranking.has_more


def test_the_steps_of_a_level_part_the_programs(directory: random.Random) -> None:
    """Each program lies in exactly one step of each level: the one that its match says."""
    for question in questions(directory, 60):
        rows = matching._rows(question)
        inside = matching._inside(matching._programs(small.read(), question), question)
        candidates = {candidate.row.id: candidate for candidate in inside}
        for level in ordering.levels(question):
            for number, step in enumerate(level.steps):
                stored = set(rows.filter(step.condition, pk__in=candidates).values_list("pk", flat=True))
                if step.beyond is not None or step.within is not None:
                    stored = {pk for pk in stored if _in_ring(candidates[pk].miles, step)}
                assert stored == {pk for pk, one in candidates.items() if level.index(one) == number}, question


def _in_ring(miles: float | None, step: ordering.Step) -> bool:
    assert miles is not None
    return (step.beyond is None or miles > step.beyond) and (step.within is None or miles <= step.within)


@pytest.mark.parametrize("need", NEEDS)
def test_a_need_is_judged_alike_in_memory_and_in_the_database(directory: random.Random, need: str) -> None:
    judged = {program.pk: NEEDS[need].judge(program) for program in Program.objects.all()}
    found = {
        True: set(Program.objects.filter(NEEDS[need].yes).values_list("pk", flat=True)),
        None: set(Program.objects.filter(NEEDS[need].unknown).values_list("pk", flat=True)),
    }
    for answer, rows in found.items():
        assert rows == {pk for pk, known in judged.items() if known is answer}
    assert set(judged) - found[True] - found[None] == {pk for pk, known in judged.items() if known is False}


@pytest.mark.parametrize("zip_code", ["60614", "99723", "96799", "00901", "04619", "96910"])
def test_nearest_is_what_sorting_all_gives(directory: random.Random, zip_code: str) -> None:
    place = locate(zip_code)
    if place is None:
        place = Place(zip_code, -14.3, -170.7, "HI", "Pacific/Honolulu", True)
    rows = Program.objects.all()
    every = sorted(
        (distance.miles(place.latitude, place.longitude, row.latitude, row.longitude), row.name, row.pk) for row in rows
    )
    for limit in (1, 5, 60, 100):
        found = nearest(rows, place, limit)
        assert [(miles, row.name) for row, miles in found] == [(miles, name) for miles, name, _ in every[:limit]]
    middle = (every[30][0] + every[31][0]) / 2
    beyond = [miles for _, miles in nearest(rows, place, 100, beyond=middle)]
    assert beyond == [miles for miles, _, _ in every if miles > middle]
    within = [miles for _, miles in nearest(rows, place, 100, within=middle)]
    assert within == [miles for miles, _, _ in every if miles <= middle]


def test_every_state_has_a_list(directory: random.Random) -> None:
    for state in STATES:
        found = matching.rank(Criteria(place=None, state=state))
        assert len(found) == 10
