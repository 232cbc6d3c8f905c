"""Fixtures of intake: what is sent lands in `mailoutbox`, and the broker's doorbell is answered by hand."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from intake import consent, submitting
from intake.models import HelpRequest


@pytest.fixture
def ask() -> Callable[..., HelpRequest]:
    """Submit a doctor match as the page does."""

    def submit(**contact: Any) -> HelpRequest:
        key = contact.pop("submission_key", None) or uuid4()
        details = {"name": "Maria Sample", "reach_by": "email", "email": "maria@family.example"} | contact
        told = submitting.Told("pleural", ("diagnosis",), "150", "60614", details.pop("state", "IL"), False)
        return submitting.submit_doctor_match(
            contact=submitting.Contact(**details), told=told, consent=consent.contact_words(), submission_key=key
        )

    return submit
