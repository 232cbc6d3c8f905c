"""The order of a list, written once as levels. Each level has its steps; a step says the same twice: as a condition for
the database, and as the index that a candidate in hand gets. A test holds one against the other.

So a small directory is sorted in memory, and a directory of a million programs is asked step by step, nearest first,
until the list is full (`doctors.matching`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any, NamedTuple

from django.db.models import Q

from doctors import needs
from doctors.criteria import MILES, TRAVEL, VIDEO, Criteria
from doctors.models import Evidence
from doctors.states import NEIGHBORS

INNER = 2  # levels below the distance: the source, the designation
BANDS = (50, 150, 500)  # miles: an easy day, a long day, a night away


class Candidate(NamedTuple):
    """A place that may be on the list: a row with the columns that decide (a program, a center, or a part of one).
    `miles` is a straight line, None without a place to measure from."""

    row: Any
    miles: float | None
    is_center: bool = False


@dataclass(frozen=True)
class Step:
    """A condition for programs, and the ring of miles it is about (None: no bound)."""

    condition: Q
    beyond: float | None = None
    within: float | None = None


@dataclass(frozen=True)
class Level:
    """`steps`, the best first, and which of them a candidate belongs to."""

    steps: list[Step]
    index: Callable[[Candidate], int]


def levels(criteria: Criteria) -> list[Level]:
    """From the most to the least important. What is left over goes by miles, then by name."""
    chosen = [_known(criteria)] if criteria.all_needs else []
    if criteria.order == MILES:
        return chosen
    chosen.append(disease(criteria))
    if criteria.video_first:
        chosen.append(_video_first())
    return [*chosen, *_distance(criteria), _source(), _designation()]


def key(candidate: Candidate, levels: list[Level]) -> tuple[int | float | str, ...]:
    """What a list in memory is sorted by."""
    return (*(level.index(candidate) for level in levels), candidate.miles or 0, candidate.row.name)


def outer(criteria: Criteria) -> Iterator[Step]:
    """Every combination of the steps down to the distance, the best first: those that a large directory is asked for
    one by one. Rings of one combination are cut together."""
    chosen = levels(criteria)
    deciding = chosen if criteria.order == MILES else chosen[:-INNER]
    for numbers in product(*(range(len(level.steps)) for level in deciding)):
        if not _contradicts(criteria, numbers):
            yield _joined([level.steps[number] for level, number in zip(deciding, numbers, strict=True)])


def inner(criteria: Criteria) -> Iterator[Step]:
    """Every combination of what is left, within one of `outer`."""
    left = [] if criteria.order == MILES else levels(criteria)[-INNER:]
    return (_joined(list(steps)) for steps in product(*(level.steps for level in left)))


def _contradicts(criteria: Criteria, numbers: tuple[int, ...]) -> bool:
    """Who is known to meet everything is known to treat the disease that was asked for."""
    return criteria.order != MILES and criteria.disease in criteria.needs and numbers[0] == 0 and numbers[1] > 0


def _joined(steps: list[Step]) -> Step:
    condition, beyond, within = Q(), None, None
    for step in steps:
        condition &= step.condition
        beyond, within = step.beyond or beyond, step.within or within
    return Step(condition, beyond, within)


def quality(criteria: Criteria) -> list[Level]:
    """The levels that say how much is known of what was asked for."""
    return [_known(criteria), disease(criteria)]


def _known(criteria: Criteria) -> Level:
    """Places that are known to meet all that was asked for, then those of which something is not known."""
    asked = criteria.all_needs
    steps = [Step(needs.met(asked)), Step(needs.possible(asked) & needs.open_(asked))]
    return Level(steps, lambda candidate: int(needs.is_open(candidate.row, asked)))


def disease(criteria: Criteria) -> Level:
    """Places that a source names for this disease, then the unknown, then those named for the other form only."""
    other = {"pleural": "peritoneal", "peritoneal": "pleural"}.get(criteria.disease)
    if criteria.disease == "other":
        return Level([Step(Q(pk__in=())), Step(Q())], lambda candidate: 1)
    if other is None:  # every program is named for mesothelioma
        return Level([Step(Q())], lambda candidate: int(candidate.is_center))
    this = criteria.disease
    unknown = Q(**{f"{this}__isnull": True})
    conditions = [
        Q(**{this: True}),
        unknown & _not_true(other),
        Q(**{this: False}) | (unknown & Q(**{other: True})),
    ]
    return Level([Step(condition) for condition in conditions], lambda candidate: _fit_of(candidate, this, other))


def _fit_of(candidate: Candidate, this: str, other: str) -> int:
    if candidate.is_center:
        return 1
    known = getattr(candidate.row, this)
    if known:
        return 0
    return 2 if known is False or getattr(candidate.row, other) else 1


def _not_true(name: str) -> Q:
    return Q(**{f"{name}__isnull": True}) | Q(**{name: False})


def _video_first() -> Level:
    steps = [Step(Q(remote_second_opinion=True)), Step(_not_true("remote_second_opinion"))]
    return Level(steps, lambda candidate: int(not getattr(candidate.row, "remote_second_opinion", None)))


def _distance(criteria: Criteria) -> list[Level]:
    """In bands: a few miles less must not outrank a better source. Where miles do not count, states stand in."""
    if criteria.way == TRAVEL and criteria.place:
        return [_bands(criteria)]
    home = criteria.home_state
    if not home:
        return []
    steps = [[home], list(NEIGHBORS.get(home, ()))] if criteria.way == TRAVEL else [[home]]
    if criteria.way not in (TRAVEL, VIDEO):
        return []
    named = [state for step in steps for state in step]
    conditions = [*(Step(Q(state__in=step)) for step in steps), Step(~Q(state__in=named))]
    return [Level(conditions, lambda candidate: _state_step(candidate.row.state, steps))]


def _state_step(state: str, steps: list[list[str]]) -> int:
    return next((index for index, step in enumerate(steps) if state in step), len(steps))


def _bands(criteria: Criteria) -> Level:
    """The rings that lie within the radius."""
    edges: list[float | None] = [None, *BANDS, None]
    rings = [Step(Q(), low, high) for low, high in pairwise(edges)]
    if criteria.radius is not None:
        rings = [
            Step(Q(), ring.beyond, min(ring.within or criteria.radius, criteria.radius))
            for ring in rings
            if (ring.beyond or 0) < criteria.radius
        ]
    return Level(rings, lambda candidate: sum((candidate.miles or 0) > edge for edge in BANDS))


def _source() -> Level:
    weak = [Evidence.DIRECTORIES, Evidence.ONE_DIRECTORY]
    steps = [Step(~Q(evidence__in=weak)), Step(Q(evidence__in=weak))]
    return Level(steps, lambda candidate: int(getattr(candidate.row, "evidence", "") in weak))


def _designation() -> Level:
    steps = [Step(Q(center__isnull=False)), Step(Q(center__isnull=True))]
    return Level(steps, lambda candidate: int(getattr(candidate.row, "center_id", True) is None))
