"""Values that nobody can mistake, told through everything that a request can go through."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pyotp
from django.utils import timezone

from content import correcting
from doctors import reporting
from intake import (
    booking,
    digests,
    exporting,
    notes,
    people,
    planning,
    promises,
    sharing,
    sheet,
    submitting,
    triage,
)
from intake.models import Advocate, Digest, HelpRequest
from navigator import start
from navigator.staff import second_factor
from tests.content.factories import RevisionFactory
from tests.doctors.factories import ProgramFactory, make
from tests.intake.factories import AdvocateFactory

VALUES = {
    "name": "Canaria Nightingale",
    "email": "canaria@quiet.example",
    "phone": "+13125550177",
    "needs": "canary-large-print",
    "note": "canary-note-of-staff",
    "letter": "canary-letter-to-them",
    "answer": "canary-note-of-theirs",
    "plan": "canary-line-of-plan",
    "place": "Canary Lakeside Hospital",
    "question": "canary-question-of-their-own",
    "step": "canary-next-step",
    "other": "Canarius Nightingale",
    "other email": "canarius@quiet.example",
    "other phone": "+13125550178",
    "illness": "peritoneal",
}
KEY = "CANARY77" * 4  # of the second factor
ZIP = r"(?<![.\d])59935(?!\d)"  # not a part of a second
CANARY = re.compile(
    "|".join([*map(re.escape, [*VALUES.values(), "3125550177", "3125550178", KEY]), ZIP]), re.IGNORECASE
)


def the_whole_story() -> HelpRequest:
    """One request with a line in every table, its mails sent, and what readers and staff leave elsewhere."""
    ana = AdvocateFactory(states="", is_lead=True)
    row = submitting.submit_doctor_match(
        contact=submitting.Contact(
            name=VALUES["name"],
            reach_by="email",
            email=VALUES["email"],
            phone=VALUES["phone"],
            access_needs=VALUES["needs"],
        ),
        told=submitting.Told(VALUES["illness"], ("surgery",), "any", "59935", "", True),
        consent="I agree.",
        submission_key=uuid4(),
    )
    triage.take(help_request=row, by=ana.user)
    jo = people.add(
        help_request=row,
        role="patient",
        contact={
            "name": VALUES["other"],
            "email": VALUES["other email"],
            "phone": VALUES["other phone"],
            "reach_by": "email",
        },
    )
    people.join(participant=jo, words="yes", how="page")
    notes.for_staff(help_request=row, body=VALUES["note"], by=ana.user)
    notes.to_family(help_request=row, body=VALUES["letter"], by=ana.user)
    notes.from_family(help_request=row, body=VALUES["answer"])
    planning.add_item(help_request=row, kind="place", text=VALUES["plan"], by=ana.user)
    planning.show_plan(help_request=row, by=ana.user)
    asked = sharing.ask(help_request=row, receiver=VALUES["place"], what=["told"], by=ana.user)
    sharing.agree(sharing=asked, words=sharing.words_of(asked), how="page")
    sheet.pick(help_request=row, questions=[VALUES["question"]])
    triage.set_next_step(help_request=row, step=VALUES["step"], on=date(2030, 1, 7), by=ana.user)
    triage.log_call(help_request=row, result="no_answer", by=ana.user)
    triage.escalate(help_request=row, reason=VALUES["note"], by=ana.user)
    for slot in booking.open_times(days=10)[:1]:
        booking.book(help_request=row, starts_at=slot, way="phone")
    people.change_contact(person=row, contact={"not_times": "sunday"})
    columns = list(exporting.COLUMNS)
    exporting.export(rows=HelpRequest.objects.all(), columns=columns, reason="A yearly look back", by=ana.user)
    Digest.objects.create(
        advocate=Advocate.objects.get(), day=timezone.now().date(), due_at=timezone.now() - timedelta(1)
    )
    digests.send_due()
    correcting.report(revision=RevisionFactory(live=True), words=VALUES["answer"])
    reporting.report(listing=make(ProgramFactory), problem="phone", words=VALUES["answer"])
    assert second_factor.enroll(user=ana.user, key=KEY, code=pyotp.TOTP(KEY).now())
    assert start.key_reasons() == []
    while promises.sweep():
        pass
    return row
