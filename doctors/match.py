"""One place on a family's list, and why it is there."""

from dataclasses import dataclass

from doctors.models import Center, Program


@dataclass(frozen=True)
class Match:
    """A program, or a center whose mesothelioma team nobody has confirmed (then `program` is None).

    `miles` is a straight line, None without a place. `reasons` are clauses that say why it is here, at least one;
    `asks` are what to ask it. `is_confirmed`: a source says that it meets all that was asked for.
    """

    name: str
    hospital: str
    url: str
    city: str
    state: str
    phone: str
    center: Center | None
    program: Program | None
    miles: float | None
    reasons: tuple[str, ...]
    asks: tuple[str, ...]
    is_confirmed: bool

    @property
    def listing(self) -> Program | Center:
        """The row behind it."""
        found = self.program or self.center
        assert found is not None  # noqa: S101  one of the two, always
        return found

    @property
    def phone_text(self) -> str:
        """The phone as Americans write it, "" if unknown."""
        return self.listing.phone_text

    @property
    def rounded_miles(self) -> int | None:
        """Whole miles, at least 1: the points are no more exact than that."""
        return None if self.miles is None else max(1, round(self.miles))

    @property
    def why(self) -> str:
        """The reasons in a sentence, and what to ask in one more each."""
        return " ".join(_sentence(clause) for clause in (_joined(self.reasons), *self.asks))


def _joined(clauses: tuple[str, ...]) -> str:
    if len(clauses) < 3:
        return " and ".join(clauses)
    return ", ".join(clauses[:-1]) + ", and " + clauses[-1]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."
