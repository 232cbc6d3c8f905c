"""Who is in a request and how each can be reached safely now, in words, for somebody about to dial."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intake import staffing, time_zones, wording
from intake.admin import words
from intake.admin.scope import own
from intake.models import Consent, HelpRequest, Participant
from intake.models.reachable import Reachable

HOURS = "9 a.m. to 8 p.m. on their clock, Sunday from noon"


@dataclass(frozen=True)
class Person:
    """One person on the page. `call` says whether they may be called now; `why_not` says why not."""

    role: str
    person: HelpRequest | Participant
    phone: str
    there: str
    call: bool
    why_not: str
    opening: str
    machine: str
    not_times: str
    gets: str
    language: str


def everybody(
    row: HelpRequest, others: list[Participant], acts: list[Consent], user: Any, now: datetime
) -> list[Person]:
    """Who asked, then everybody else who has not left. `acts` are the lines of the ledger, oldest first."""
    people = [_person(row, "Who asked", _agrees(acts, None), user, now)]
    for other in others:
        if not other.left_at:
            people.append(_person(other, other.get_role_display(), _agrees(acts, other.pk), user, now))
    return people


def _agrees(acts: list[Consent], participant: int | None) -> str:
    """The last act of this person about being contacted, as `consent.last` has it; "" for none."""
    theirs = [a.act for a in acts if a.participant_id == participant and a.purpose == Consent.Purpose.CONTACT]
    return theirs[-1] if theirs else ""


def _person(person: HelpRequest | Participant, role: str, agrees: str, user: Any, now: datetime) -> Person:
    advocate = own(user)
    name = advocate.first_name if advocate else "an advocate"
    why_not = _why_not(person, agrees, now)
    return Person(
        role=role,
        person=person,
        phone=words.phone(person),
        there=time_zones.in_words(now, person.time_zone),
        call=not why_not,
        why_not=why_not,
        opening="" if why_not and not _may_be_called_later(person, agrees) else wording.opening(person, advocate=name),
        machine=wording.on_the_machine(person, advocate=name),
        not_times=", ".join(str(Reachable.NotTimes(code).label) for code in person.not_times.split()),
        gets=", ".join(str(Reachable.Gets(code).label) for code in person.gets.split()),
        language=words.LANGUAGES.get(person.language, person.language),
    )


def _may_be_called_later(person: HelpRequest | Participant, agrees: str) -> bool:
    if isinstance(person, Participant):
        return person.is_in
    return agrees != Consent.Act.WITHDRAWN


def _why_not(person: HelpRequest | Participant, agrees: str, now: datetime) -> str:
    if agrees == Consent.Act.WITHDRAWN:
        return "they took their consent back"
    if isinstance(person, Participant) and not person.is_in:
        return "they have not agreed yet"
    if not person.phone:
        return "we have no number"
    if not staffing.may_call(person.zone, now=now):
        return HOURS
    if not staffing.may_call(person.zone, now=now, not_times=person.not_times):
        return "they said not at this time"
    return ""
