"""Sentences from which an advocate builds a plan after a call: plain words, ready to be changed.

`[...]` marks what is filled in. The texts are ours; nothing in them is advice about treatment.
"""

import re

from intake.models import PlanItem

Kind, Who = PlanItem.Kind, PlanItem.Who

BLOCKS: dict[str, tuple[tuple[str, str], ...]] = {
    Kind.STEP: (
        (Who.FAMILY, "Ask your doctor's office for the pathology report."),
        (Who.FAMILY, "Ask the hospital for your scans on a disc, or as files."),
        (Who.FAMILY, "Sign the form that lets your records be sent to [place]."),
        (Who.FAMILY, "Call your health plan and ask if you need a referral for [place]."),
        (Who.FAMILY, "Write down your medicines and other illnesses for the visit."),
        (Who.FAMILY, "Choose who comes with you, or who listens in by phone."),
        (Who.DOCTOR, "Send a referral to [place]."),
        (Who.DOCTOR, "Send the last notes and lab results to [place]."),
        (Who.HOSPITAL, "Send the tissue slides or blocks to [place]."),
        (Who.HOSPITAL, "Call you with a date for the visit."),
        (Who.ADVOCATE, "Call [place] and ask about the first free date."),
        (Who.ADVOCATE, "Find out if [place] offers a first talk by video."),
        (Who.ADVOCATE, "Call you again to see how it went."),
    ),
    Kind.PLACE: (
        ("", "[Place]: called on [date], spoke with [first name]. They can see you on [date]."),
        ("", "[Place]: called on [date]. They want to see the records first."),
        ("", "[Place]: called on [date]. They call back by [date]."),
        ("", "[Place]: called on [date]. No free date before [date]."),
    ),
    Kind.DOCUMENT: (
        ("", "Pathology report"),
        ("", "Scans on a disc or as files (CT, PET, MRI)"),
        ("", "Tissue slides or blocks"),
        ("", "Notes of the doctor who made the diagnosis"),
        ("", "Notes of operations and treatments so far"),
        ("", "List of medicines and allergies"),
        ("", "Referral from your doctor"),
        ("", "Health plan card, front and back"),
    ),
}


def responsible(text: str) -> str:
    """Who does a step that was written from a block, whatever stands in its brackets; empty for other words."""
    for who, block in BLOCKS[Kind.STEP]:
        words = [re.escape(part) for part in re.split(r"\[[^]]*]", block)]
        if re.fullmatch(".+".join(words), text.strip()):
            return who
    return ""
