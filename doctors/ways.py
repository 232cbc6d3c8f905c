"""Three ways to a second opinion: go there, see a doctor by video, or send slides and scans only.

For each: what is known of this place, what it is good for, and where it ends. The limits are those of the text
`second-opinion/remote` (state licenses: HHS, telehealth.hhs.gov/licensure; no exam and no new tests; surgeons usually
need to see a patient; a review of records may not be paid as a visit).
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.html import format_html

from doctors import facts
from doctors.facts import Place
from doctors.models import Program


class Way(NamedTuple):
    """`known` are lines of text or safe HTML about this place; `read` is a text of ours: its address and its title."""

    title: str
    known: list[str]
    good_for: str
    limits: str
    read: tuple[str, str]


def ways(place: Place, programs: Iterable[Program] = ()) -> list[Way]:
    """The three, always in this order. `programs` are the programs of a center: they may offer what its own row does
    not say."""
    remote = _remote([place] if isinstance(place, Program) else programs, own=isinstance(place, Program))
    return [
        Way(
            "Travel there",
            _travel(place),
            "An exam, new tests, and a decision about surgery.",
            "It takes the most time and strength. Ask what can be done near home first.",
            ("/support/travel-and-lodging/", "Help with travel and a place to stay"),
        ),
        Way(
            "See a doctor by video",
            [_known(place, "video_visit", "a visit by video"), *remote],
            "A talk with a specialist before you decide to travel.",
            "No exam and no new tests. The doctor usually needs a license in the state where you are during the call. "
            "A decision about surgery usually needs a visit.",
            ("/second-opinion/remote/", "How a remote second opinion works"),
        ),
        Way(
            "Send slides and scans only",
            [_known(place, "records_review", "an opinion without a visit"), *remote],
            "A second look at the diagnosis, the stage and the plan while you stay at home.",
            "Nobody examines you, and you may not talk with the doctor. Reports alone tell less than slides and scans. "
            "Your plan may not pay: ask for the whole price first.",
            ("/second-opinion/records-checklist/", "How to get records, scans and slides"),
        ),
    ]


def _travel(place: Place) -> list[str]:
    lines = [f"It is in {place.city}, {place.state_name}."]
    if url := facts.trusted(place, "travel_url"):
        lines.append(facts.outside(url, "The hospital's page on travel and lodging"))
    return lines


def _known(place: Place, field: str, words: str) -> str:
    """`words` name the offer in the middle of a sentence."""
    value = facts.trusted(place, field)
    if value is None:
        old = getattr(place, field) is not None
        return f"What we knew about {words} is out of date: ask." if old else f"Not known if they offer {words}: ask."
    return f"Yes: they offer {words}." if value else f"{facts.yes_no(place, field)}: they do not offer {words}."


def _remote(programs: Iterable[Program], *, own: bool) -> list[str]:
    """A source may speak of an opinion from a distance without saying which kind."""
    found: list[str] = []
    for program in programs:
        if not facts.trusted(program, "remote_second_opinion"):
            continue
        url = program.remote_second_opinion_url if own else program.get_absolute_url()
        who = "It" if own else program.name
        found.append(f"{who} offers a second opinion from a distance. Ask if this is the kind.")
        if url:
            found.append(facts.outside(url, "How it works") if own else format_html('<a href="{}">See it</a>', url))
    return found
