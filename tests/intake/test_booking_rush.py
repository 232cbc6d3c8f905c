"""Two hundred families at once, twenty half hours."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from intake import booking, consent, submitting
from intake.models import Consent, Conversation, HelpRequest, Promise
from tests.intake.factories import AdvocateFactory

FAMILIES, SLOTS, AT_ONCE = 200, 20, 20


def next_monday() -> datetime:
    """9:00 Central of a Monday that is at least three days ahead; 15:00 or 14:00 UTC."""
    day = (timezone.now() + timedelta(days=3)).date()
    while day.weekday():
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("America/Chicago")).astimezone(UTC)


@pytest.mark.django_db(transaction=True)
def test_twenty_are_served_and_the_others_are_told_and_lose_nothing() -> None:
    AdvocateFactory()  # sixteen half hours a day
    start = next_monday()
    slots = [start + timedelta(days=n // 10, minutes=30 * (n % 10)) for n in range(SLOTS)]

    def ask(number: int) -> str:
        contact = submitting.Contact(name=f"Family {number}", reach_by="email", email=f"{number}@family.example")
        try:
            submitting.submit_conversation(
                contact=contact,
                starts_at=slots[number % SLOTS],
                way="phone",
                state="IL",
                consent=consent.contact_words(),
                submission_key=uuid4(),
            )
        except booking.SlotTakenError:
            return "taken"
        finally:
            connection.close()
        return "booked"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = Counter(pool.map(ask, range(FAMILIES)))
    assert answers == {"booked": SLOTS, "taken": FAMILIES - SLOTS}
    assert sorted(Conversation.objects.values_list("starts_at", flat=True)) == slots
    assert HelpRequest.objects.count() == Consent.objects.count() == SLOTS, "who was refused left nothing half stored"
    assert Promise.objects.filter(kind=Promise.Kind.CONFIRM).count() == SLOTS
