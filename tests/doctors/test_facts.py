"""What is shown of a listing, and what is done with what nobody knows or what grew old."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from doctors import asking, facts
from doctors.facts import UNKNOWN
from doctors.models import OFFERS, Program
from doctors.ways import ways
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-11-24"):
        yield


def looked(group: str, days: int) -> dict[str, Any]:
    """The columns of a look by phone, so many days ago."""
    return {f"{group}_verified_on": TODAY - timedelta(days=days), f"{group}_verified_how": "phone"}


def shown(listing: facts.Listing, group: str) -> dict[str, str]:
    return {fact.label: fact.value for fact in facts.groups(listing)[group].facts}


def said(steps: list[asking.Step]) -> str:
    return " ".join(f"{step.do} {step.say}" for step in steps)


def test_every_fact_of_a_group_is_shown_or_part_of_one() -> None:
    """A column without a line would be checked by staff and read by nobody."""
    program = make(ProgramFactory)
    empty = facts.groups(program)
    full = make(
        ProgramFactory,
        **dict.fromkeys(OFFERS, False),
        peritoneal=False,
        referral_required=False,
        video_visit=False,
        records_review=False,
        second_opinion_url="https://lakeside.example/ask",
        records_address="Room 4",
        languages="Spanish",
        travel_url="https://lakeside.example/stay",
        hours="Monday to Friday",
    )
    for name, group in facts.groups(full).items():
        assert [fact.label for fact in group.facts if not fact.known] == []
        assert len(group.facts) >= len(empty[name].facts)
    assert len(shown(full, "care")) == 2 + len(OFFERS) - 1 + 1  # diseases, offers without the VA's, whom it treats
    assert len(shown(full, "access")) == len(Program.facts["access"])


@pytest.mark.parametrize(
    "field", ["pleural", "surgery", "hipec", "clinical_trials", "video_visit", "referral_required"]
)
def test_three_states_are_three_sentences(field: str) -> None:
    program = make(ProgramFactory, **{field: None})
    assert facts.yes_no(program, field) == UNKNOWN
    setattr(program, field, True)
    assert facts.yes_no(program, field) == "Yes"
    setattr(program, field, False)
    assert facts.yes_no(program, field) == "No (the source has no date)"
    program.source_checked = date(2026, 3, 5)
    assert facts.yes_no(program, field) == "No (as of March 5, 2026)"
    for name, value in looked(facts.group_of(program, field), 3).items():
        setattr(program, name, value)
    assert facts.yes_no(program, field) == "No (as of November 21, 2026)"


def test_a_no_of_one_group_has_not_the_day_of_another() -> None:
    program = make(ProgramFactory, surgery=False, video_visit=False, **looked("access", 1))
    assert facts.yes_no(program, "video_visit") == "No (as of November 23, 2026)"
    assert facts.yes_no(program, "surgery") == "No (the source has no date)"


def test_the_source_of_a_center_says_nothing_of_the_way_in() -> None:
    center = make(CenterFactory, video_visit=False, source_checked=date(2026, 9, 23))
    assert facts.yes_no(center, "video_visit") == "No (the source has no date)"


def test_each_group_has_its_own_check() -> None:
    program = make(ProgramFactory, **looked("contact", 90), **looked("access", 91), **looked("care", 181))
    states = {name: group.freshness.state for name, group in facts.groups(program).items()}
    assert states == {"contact": "fresh", "access": "stale", "care": "old"}


def test_what_the_page_folds_is_not_trusted() -> None:
    program = make(ProgramFactory, video_visit=True, **looked("contact", 181), **looked("access", 180))
    assert facts.trusted(program, "phone") is None
    assert facts.trusted(program, "video_visit") is True
    assert facts.trusted(make(CenterFactory), "surgery") is None
    with pytest.raises(LookupError, match="slug is no fact of a Program"):
        facts.group_of(program, "slug")


def test_knowledge_parts_known_old_and_unknown() -> None:
    program = make(ProgramFactory, referral_required=True, hours="", **looked("contact", 1), **looked("access", 200))
    found = facts.knowledge(facts.groups(program).values())
    assert "Phone" in found.known
    assert "Phone hours" in found.unknown
    assert found.old == ["Referral from your doctor needed"]
    assert found.count == sum(len(group.facts) for group in facts.groups(program).values())


def test_a_laboratory_has_no_way_in() -> None:
    center = make(CenterFactory, designation="basic_laboratory", treats_patients=False)
    assert list(facts.groups(center)) == ["contact", "designation"]


def test_hostile_words_of_a_listing_stay_words() -> None:
    program = make(
        ProgramFactory,
        records_address="<script>alert(1)</script>\nRoom 4",
        website='https://lakeside.example/"><b>',
        remote_second_opinion=True,
        remote_second_opinion_url='https://lakeside.example/"><b>',
    )
    values = {**shown(program, "access"), **shown(program, "contact"), **shown(program, "care")}
    assert values["Where records, scans and slides go"] == "&lt;script&gt;alert(1)&lt;/script&gt;<br>Room 4"
    assert "<b>" not in values["Website"] + values[OFFERS["remote_second_opinion"]]
    assert "<b>" not in "".join(line for way in ways(program) for line in way.known)


def test_directions_carry_the_hospital_and_nothing_else() -> None:
    center = make(CenterFactory, street="1 Main St & 2nd #5")
    url = facts.directions_url(center)
    assert url == "https://www.openstreetmap.org/directions?to=1+Main+St+%26+2nd+%235%2C+Chicago%2C+IL+60614"
    assert facts.directions_url(make(CenterFactory, street="")) == ""


# --- Words to say ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (True, "This hospital asks for a referral"),
        (False, "This hospital says that you need no referral"),
        (None, "We do not know for sure if you need a referral"),
    ],
)
def test_the_referral_rule_changes_the_words(rule: bool | None, words: str) -> None:
    program = make(ProgramFactory, referral_required=rule, **looked("access", 10))
    assert words in said(asking.steps(program))


def test_an_old_rule_is_asked_anew() -> None:
    program = make(ProgramFactory, referral_required=False, records_address="Room 4", **looked("access", 181))
    words = said(asking.steps(program))
    assert "We do not know for sure if you need a referral" in words
    assert "We do not know for sure where records and slides go" in words
    assert asking.referral_rule(program) == f"{UNKNOWN}."


def test_known_address_of_records_is_only_confirmed() -> None:
    program = make(ProgramFactory, records_address="Room 4", **looked("access", 1))
    assert "Is the address I have still right?" in said(asking.steps(program))


@pytest.mark.parametrize(
    ("audience", "words", "never"),
    [
        ("adults", asking.OPENING, "VA"),
        ("veterans", "How can my VA doctor refer me to you?", "Is my health plan in your network"),
        ("study", "Which of your studies could I join", asking.OPENING),
        ("children", "My child has been told", asking.OPENING),
    ],
)
def test_who_is_treated_changes_the_words(audience: str, words: str, never: str) -> None:
    steps = said(asking.steps(make(ProgramFactory, audience=audience)))
    assert words in steps
    assert never not in steps


def test_the_team_is_asked_for_where_no_hospital_names_one() -> None:
    asks = "Which of your doctors treat mesothelioma"
    assert asks in said(asking.steps(make(CenterFactory)))
    assert asks in said(asking.steps(make(ProgramFactory, evidence="directories")))
    assert asks not in said(asking.steps(make(ProgramFactory)))


def test_a_helper_says_so_first() -> None:
    assert "they agree" in asking.for_someone_else(make(ProgramFactory)).say
    assert "parents" in asking.for_someone_else(make(ProgramFactory, audience="children")).say


# --- Three ways -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "days", "words"),
    [
        (True, 1, "Yes: they offer a visit by video."),
        (False, 1, "No (as of November 23, 2026): they do not offer a visit by video."),
        (None, 1, "Not known if they offer a visit by video: ask."),
        (True, 181, "What we knew about a visit by video is out of date: ask."),
        (False, 181, "What we knew about a visit by video is out of date: ask."),
    ],
)
def test_a_way_says_what_is_known_here(value: bool | None, days: int, words: str) -> None:
    program = make(ProgramFactory, video_visit=value, **looked("access", days))
    assert [way.title for way in ways(program)] == [
        "Travel there",
        "See a doctor by video",
        "Send slides and scans only",
    ]
    assert ways(program)[1].known == [words]


def test_an_offer_from_a_distance_is_told_with_its_address() -> None:
    program = make(ProgramFactory, offers=["remote_second_opinion"], remote_second_opinion_url="https://x.example/far")
    for way in ways(program)[1:]:
        assert "https://x.example/far" in way.known[-1]
    assert len(ways(program)[0].known) == 1


def test_an_old_offer_from_a_distance_is_not_told() -> None:
    program = make(ProgramFactory, offers=["remote_second_opinion"], **looked("care", 181))
    assert all("distance" not in line for way in ways(program) for line in way.known)


def test_a_center_tells_what_its_programs_offer() -> None:
    center = make(CenterFactory)
    program = make(ProgramFactory, center=center, offers=["remote_second_opinion"], name="Far Team")
    lines = ways(center, [program])[1].known
    assert "Far Team offers a second opinion from a distance. Ask if this is the kind." in lines
    assert any(program.get_absolute_url() in line for line in lines)


def test_a_doctor_has_one_group() -> None:
    doctor = make(SpecialistFactory, pleural=True)
    assert list(facts.groups(doctor)) == ["post"]
    assert shown(doctor, "post")["Works at"] == doctor.program.name
