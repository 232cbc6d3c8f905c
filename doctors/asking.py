"""What to say on the phone to ask one place for a second opinion, step by step.

Built from what is known of the place and still trusted (`facts.trusted`): what grew old is asked anew. Who may speak
for a patient: 45 CFR 164.510(b) and 164.508, as in the text `support/families`. VA has to approve care outside VA:
the text `veterans`.
"""

from typing import NamedTuple

from doctors import facts
from doctors.facts import Place
from doctors.models import Audience, Center

OPENING = (
    "I have been told that I have mesothelioma. I would like a second opinion from a doctor who treats it often. "
    "What do I need to send?"
)
_OPENINGS: dict[str, str] = {
    Audience.CHILDREN: (
        "My child has been told that it is mesothelioma. We would like a second opinion from a doctor who treats it. "
        "What do we need to send?"
    ),
    Audience.VETERANS: (
        "I am enrolled in VA health care, and I have been told that I have mesothelioma. I would like a second opinion "
        "from your team. How can my VA doctor refer me to you?"
    ),
    Audience.STUDY: (
        "I have been told that I have mesothelioma. Which of your studies could I join, and what do I need to send?"
    ),
}


class Step(NamedTuple):
    """Something to do; `say` are words to say, or ""."""

    do: str
    say: str = ""


def steps(place: Place) -> list[Step]:
    """One call, in order. Never empty."""
    found = [
        Step("Call, and ask for the new patient line."),
        Step("Say:", _OPENINGS.get(place.audience, OPENING)),
        _team(place),
        _referral(place),
        _payment(place),
        _records(place),
        Step("Write down the name of the person, the date, and what comes next."),
    ]
    return [step for step in found if step.do]


def for_someone_else(place: Place) -> Step:
    """The first words of a helper's call. Privacy rules let staff talk with a helper as long as the patient agrees."""
    if place.audience == Audience.CHILDREN:
        return Step("Not the parent? Say so first:", "I am calling for the child's parents. They know, and they agree.")
    return Step(
        "Calling for someone else? Say so first. They may want to speak with the patient, or send a form to sign:",
        "I am calling for a family member who has been told that it is mesothelioma. They know that I am calling, and "
        "they agree. Do you need to hear that from them?",
    )


def referral_rule(place: Place) -> str:
    """The rule in a sentence, for a list or a sheet."""
    return {
        True: "The hospital asks for a referral from your doctor.",
        False: "The hospital says that you need no referral. Your health plan may still want one.",
        None: f"{facts.UNKNOWN}.",
    }[facts.trusted(place, "referral_required")]


def _team(place: Place) -> Step:
    """Only where no hospital's own page names a team."""
    if isinstance(place, Center) or place.directories_only:
        return Step("Ask who would see you:", "Which of your doctors treat mesothelioma, and how often?")
    return Step("")


def _referral(place: Place) -> Step:
    rule = facts.trusted(place, "referral_required")
    if rule is None:
        return Step("We do not know for sure if you need a referral. Ask:", "Do I need a referral from my doctor?")
    if rule:
        return Step(
            "This hospital asks for a referral, so your doctor has to send one. Ask:",
            "What must the referral say, and where should my doctor send it?",
        )
    return Step(
        "This hospital says that you need no referral. Your health plan may still want one. Ask:",
        "I read that I can come without a referral. Is that still so?",
    )


def _payment(place: Place) -> Step:
    if place.audience == Audience.VETERANS:
        return Step("Ask who approves it:", "Does VA have to approve this visit first, and who asks for that?")
    return Step("Ask about payment:", "Is my health plan in your network, and do I need its approval first?")


def _records(place: Place) -> Step:
    what = "the pathology report, the slides, the scans on a disc, and doctors' notes"
    if facts.trusted(place, "records_address"):
        return Step("Check the address for records. Ask:", f"Is the address I have still right? Do you need {what}?")
    return Step(
        "We do not know for sure where records and slides go. Ask:",
        f"Do you need {what}? Where do I send them, to whose attention, and how?",
    )
