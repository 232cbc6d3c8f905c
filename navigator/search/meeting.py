"""Where an entry can meet an idea: in its title (with its other names), its summary or its body, in the word that was
typed or in another word for it. Each place is one bit, so that a database can add them up.
"""

from collections.abc import Iterator, Sequence
from enum import IntFlag
from typing import NamedTuple, Protocol

from navigator.search.ideas import Idea
from navigator.search.synonyms import Phrase

COMMON = 400  # an idea that more entries have is not looked for in bodies: there it tells nothing
LOOKED_AT = 200  # entries: the most promising, of which the order is made


class Place(IntFlag):
    """A field, for a typed word and for another word."""

    TITLE = 1
    TITLE_OTHER = 2
    SUMMARY = 4
    SUMMARY_OTHER = 8
    BODY = 16
    BODY_OTHER = 32


WORTH = {
    Place.TITLE: 1.0,
    Place.TITLE_OTHER: 0.75,
    Place.SUMMARY: 0.5,
    Place.SUMMARY_OTHER: 0.35,
    Place.BODY: 0.3,
    Place.BODY_OTHER: 0.15,
}
TITLES = Place.TITLE | Place.TITLE_OTHER
SUMMARIES = Place.SUMMARY | Place.SUMMARY_OTHER
BODIES = Place.BODY | Place.BODY_OTHER


class Question(NamedTuple):
    """To a database: which entries have one of these phrases in this place?"""

    idea: int
    place: Place
    worth: float
    phrases: Sequence[Phrase]


class Meeting(NamedTuple):
    """A database's answer: this entry meets this idea in these places."""

    entry: int
    kind: str
    title: str
    idea: int
    places: int


class Database(Protocol):
    """The part of the search that each database does in its own words."""

    def lock(self) -> None:
        """Until the end of the transaction nobody else changes what can be found."""

    def near(self, word: str) -> dict[str, int]:
        """Known words that are spelled much like this one, the most alike first, and how many entries have each."""

    def meetings(self, ideas: Sequence[Idea]) -> list[Meeting]:
        """Of the entries that may answer, a row for each idea that they meet."""


def questions(ideas: Sequence[Idea]) -> Iterator[Question]:
    """All that is to be asked. `idea` is the place in the list."""
    for number, idea in enumerate(ideas):
        for place in Place:
            phrases = idea.others if place.name and place.name.endswith("OTHER") else idea.typed
            if phrases and (idea.entries <= COMMON or place not in BODIES):
                yield Question(number, place, idea.weight * WORTH[place], phrases)
