"""Why a place is on a list, in clauses that begin with "it" or "its"; and what to ask it, as "ask ..."."""

from doctors.criteria import RECORDS, TRAVEL, VIDEO, Criteria
from doctors.models import Audience, Center, Evidence, Program
from doctors.needs import NEEDS, open_needs
from doctors.states import STATES

DISEASES = {"pleural": "pleural mesothelioma", "peritoneal": "peritoneal mesothelioma"}
BEYOND = "it lies beyond the distance you chose"

# What a family wants in the doctor match -> the offers that answer it, and the clause.
_ANSWERS: dict[str, tuple[tuple[str, ...], str]] = {
    "diagnosis": (("multidisciplinary_clinic",), "several kinds of specialists look at a case together"),
    "stage": (("multidisciplinary_clinic",), "several kinds of specialists look at a case together"),
    "surgery": (("surgery", "hipec"), "it offers surgery"),
    "drugs": (("chemotherapy", "immunotherapy"), "it offers drug treatment"),
    "trials": (("clinical_trials",), "it takes part in clinical trials"),
}
_AUDIENCES: dict[str, str] = {
    Audience.VETERANS: "it is for veterans enrolled in VA health care",
    Audience.STUDY: "it treats only people who join one of its studies",
    Audience.CHILDREN: "it treats children and teenagers",
}


def of_program(program: Program, miles: float | None, criteria: Criteria) -> tuple[str, ...]:
    clauses = [
        _disease(program, criteria),
        _distance(program, miles, criteria),
        _center(program),
        *_met(program, criteria),
        *_wanted(program, criteria),
        _AUDIENCES.get(program.audience, ""),
    ]
    return tuple(dict.fromkeys(filter(None, clauses)))


def of_center(center: Center, miles: float | None, criteria: Criteria) -> tuple[str, ...]:
    clauses = [
        f"it is an NCI-designated {center.get_designation_display().lower()} cancer center",
        _distance(center, miles, criteria),
        *_met(center, criteria),
        _AUDIENCES.get(center.audience, ""),
    ]
    return tuple(dict.fromkeys(filter(None, clauses)))


def asks_of_program(program: Program, criteria: Criteria) -> tuple[str, ...]:
    asks = [_ask_disease(program, criteria), _ask_way(program, criteria)]
    asks += [f"ask {NEEDS[need].ask}" for need in open_needs(program, criteria.all_needs) if NEEDS[need].ask]
    if program.directories_only:
        asks.append("only directories list it: confirm by phone")
    return tuple(dict.fromkeys(filter(None, asks)))


def asks_of_center(center: Center, criteria: Criteria) -> tuple[str, ...]:
    asks = ["ask whether it has a mesothelioma team: nobody has confirmed one"]
    asks += [
        f"ask {NEEDS[need].ask}"
        for need in open_needs(center, criteria.all_needs)
        if NEEDS[need].ask and need not in DISEASES
    ]
    return tuple(asks)


def _disease(program: Program, criteria: Criteria) -> str:
    known = [name for name in DISEASES if getattr(program, name)]
    named = "its hospital names it for" if program.evidence == Evidence.HOSPITAL else "it is listed for"
    if criteria.disease in known:
        return f"{named} {DISEASES[criteria.disease]}"
    if known and criteria.disease not in (*DISEASES, "other"):
        return f"{named} {' and '.join(known)} mesothelioma"
    return "a public source names it for mesothelioma"


def _ask_disease(program: Program, criteria: Criteria) -> str:
    if criteria.disease in DISEASES:
        disease = DISEASES[criteria.disease]
        return "" if getattr(program, criteria.disease) else f"ask whether they treat {disease}"
    if criteria.disease == "other":
        return "ask whether they treat mesothelioma in your part of the body"
    return "" if program.pleural or program.peritoneal else "ask which kinds of mesothelioma they treat"


def _distance(at: Center | Program, miles: float | None, criteria: Criteria) -> str:
    if criteria.way == VIDEO and at.state == criteria.home_state:
        return f"it is in {STATES[at.state].name}, where you are: doctors need a license there to see you by video"
    if miles is None or criteria.way != TRAVEL:
        return f"it is in {STATES[at.state].name}" if at.state == criteria.home_state else ""
    return f"it is about {max(1, round(miles)):,} {'mile' if miles < 1.5 else 'miles'} away in a straight line"


def _center(program: Program) -> str:
    if program.center is None:
        return ""
    return f"it is part of an NCI-designated {program.center.get_designation_display().lower()} cancer center"


def _met(place: Program | Center, criteria: Criteria) -> list[str]:
    """What was asked for and is known. A remote offer is always worth saying; it stands for a way only if this is
    known."""
    clauses = [NEEDS[need].clause for need in NEEDS if need in criteria.all_needs and NEEDS[need].judge(place)]
    remote = NEEDS["remote"]
    if criteria.way in (VIDEO, RECORDS) and getattr(place, NEEDS[criteria.way].column, None) is None:
        clauses = [clause for clause in clauses if clause != NEEDS[criteria.way].clause]
    return [*clauses, remote.clause] if remote.judge(place) else clauses


def _ask_way(program: Program, criteria: Criteria) -> str:
    """The place offers something from a distance, but nobody says whether it is this."""
    way = NEEDS.get(criteria.way)
    if way is None or getattr(program, way.column) is not None or not program.remote_second_opinion:
        return ""
    if criteria.way == VIDEO and program.state != criteria.home_state and criteria.home_state:
        return f"{_ask(way.ask)} while you are in {STATES[criteria.home_state].name}"
    return _ask(way.ask)


def _ask(what: str) -> str:
    return f"ask {what}"


def _wanted(program: Program, criteria: Criteria) -> list[str]:
    return [
        clause
        for want, (offers, clause) in _ANSWERS.items()
        if want in criteria.wants and any(getattr(program, offer) for offer in offers)
    ]
