"""What readers can find of the directory: centers that treat patients, programs, and the pages of the states.

Says no more than the public pages do: no laboratory, no doctor whom only directories name, no note of staff. Phone and
access facts are left to the pages, which fold them away when they are old.
"""

from collections.abc import Iterable, Iterator

from django.urls import reverse

from doctors.models import OFFERS, Audience, Center, Program, Specialist
from doctors.models.places import CenterQuerySet
from doctors.states import STATES
from navigator.search import entries
from navigator.search.entries import Entry, Kind

NAME = "doctors"
_TOLD = ("slug", "name", "hospital", "city", "state", "audience", "evidence", "pleural", "peritoneal", *OFFERS)
AMBIGUOUS = {"VA"}  # Virginia's code is typed for Veterans Affairs


def everything() -> Iterator[Entry]:
    """For `navigator.search.entries.register`."""
    centers = list(_centers())
    programs = list(Program.objects.current())
    yield _finder()
    yield from map(_center, centers)
    yield from _with_doctors(programs, Specialist.objects.listed())
    yield from (
        _state(code) for code in sorted({center.state for center in centers} | {program.state for program in programs})
    )


def show(*listings: Center | Program | Specialist) -> None:
    """What readers find of these is made anew, in the caller's transaction, and of nothing else: as quick among a
    million. A listing that changed is given as it was and as it is; one that was removed, as it was."""
    places = [row for row in listings if not isinstance(row, Specialist)]
    places += Program.objects.filter(pk__in={row.program_id for row in listings if isinstance(row, Specialist)})
    centers = {row.slug for row in places if isinstance(row, Center)}
    programs = {row.slug for row in places if isinstance(row, Program)}
    states = {row.state for row in places}
    keys = {_key("center", slug) for slug in centers} | {_key("program", slug) for slug in programs}
    keys |= {_key("state", STATES[code].slug) for code in states}
    found = {entry.key: entry for entry in _some(centers, programs, states)}
    entries.drop(keys - set(found))
    entries.put(found.values())


def _some(centers: Iterable[str], programs: Iterable[str], states: set[str]) -> Iterator[Entry]:
    """Entries of the centers and programs with these slugs, and of the states, as far as they are shown."""
    shown = list(Program.objects.current().filter(slug__in=programs).only(*_TOLD))
    yield from map(_center, _centers().filter(slug__in=centers))
    yield from _with_doctors(shown, Specialist.objects.listed().filter(program__in=shown))
    for code in states:
        if _centers().filter(state=code).exists() or Program.objects.current().filter(state=code).exists():
            yield _state(code)


def _centers() -> CenterQuerySet:
    return Center.objects.current().filter(treats_patients=True)


def _with_doctors(programs: list[Program], listed: Iterable[Specialist]) -> Iterator[Entry]:
    doctors: dict[int, list[str]] = {}
    for specialist in listed:
        doctors.setdefault(specialist.program_id, []).append(specialist.full_name)
    for program in programs:
        yield _program(program, doctors.get(program.pk, []))


def _key(*parts: str) -> str:
    return f"{NAME}:{'/'.join(parts)}"


def _finder() -> Entry:
    return Entry(
        key=_key("finder"),
        kind=Kind.FINDER,
        title="Find a cancer center or a mesothelioma program",
        path=reverse("centers"),
        summary="Every cancer center and mesothelioma program that we list, by state, or near your ZIP code.",
        words=("cancer centers", "hospitals", "doctors", "near me", "nearest", "closest", "list of centers"),
    )


def _center(center: Center) -> Entry:
    return Entry(
        key=_key("center", center.slug),
        kind=Kind.CENTER,
        title=center.name,
        path=center.get_absolute_url(),
        summary=f"Cancer center in {center.city}, {center.state_name}.{_for_whom(center)}",
        body=f"NCI {center.get_designation_display().lower()} cancer center\nPart of {center.institution}",
        words=(center.institution, center.city, *_state_words(center.state)),
    )


def _program(program: Program, doctors: list[str]) -> Entry:
    treats = [word for word, yes in (("pleural", program.pleural), ("peritoneal", program.peritoneal)) if yes]
    offers = [OFFERS[offer] for offer in program.offers]
    return Entry(
        key=_key("program", program.slug),
        kind=Kind.PROGRAM,
        title=program.name,
        path=program.get_absolute_url(),
        summary=f"Mesothelioma program at {program.hospital}, {program.city}, {program.state_name}.{_caution(program)}",
        body="\n".join([f"Treats {word} mesothelioma" for word in treats] + offers + doctors),
        words=(program.hospital, program.city, *_state_words(program.state), *doctors),
    )


def _for_whom(place: Center | Program) -> str:
    return "" if place.audience == Audience.ADULTS else f" For: {place.get_audience_display()}."


def _caution(program: Program) -> str:
    return _for_whom(program) + (" Listed by directories only." if program.directories_only else "")


def _state(code: str) -> Entry:
    name = STATES[code].name
    return Entry(
        key=_key("state", STATES[code].slug),
        kind=Kind.FINDER,
        title=f"Cancer centers and mesothelioma programs in {name}",
        path=reverse("state", args=[code]),
        summary=f"What we list in {name}, with phone numbers, and the states next door.",
        words=("hospitals", "doctors", *_state_words(code)),
    )


def _state_words(code: str) -> tuple[str, ...]:
    return (STATES[code].name,) if code in AMBIGUOUS else (STATES[code].name, code)
