"""What makes a request suspect: signs of a machine, none of which is a proof.

No puzzle is asked of anybody: who is ill or cannot see well must not fail one. What follows from a sign is a short wait
(`intake.setting_aside`), so that a family of which we thought wrongly loses nothing.
"""

import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings

from intake.journey import Answers
from intake.models import HelpRequest
from navigator import limits
from navigator.limits import Limit

TRAP = "website"  # the name of a field that people do not see
PER_NETWORK = Limit(10, timedelta(hours=1))  # a hospital's waiting room is one network
PER_CONTACT = Limit(3, timedelta(days=1))

Signs = Callable[[], list[str]]


def signs(*, answers: Answers, began: float | None, network: str, contacts: tuple[str, ...]) -> Signs:
    """What to call in the transaction that stores the request: it counts one use of `network` ("" when it cannot be
    told) and of each of `contacts`, and gives codes of Suspicion. `began` is when the first question was answered, in
    seconds of the epoch."""

    def look() -> list[str]:
        uses = {f"request from {network}": PER_NETWORK} if network else {}
        known = {f"request of {contact}": PER_CONTACT for contact in contacts if contact}
        over = limits.take({**uses, **known})
        found = {
            HelpRequest.Suspicion.TRAP: any(step.get(TRAP) for step in answers.values()),
            HelpRequest.Suspicion.HASTE: began is not None and time.time() - began < settings.FASTEST_JOURNEY,
            HelpRequest.Suspicion.NETWORK: bool(over & uses.keys()),
            HelpRequest.Suspicion.CONTACT: bool(over & known.keys()),
        }
        return [sign.value for sign, is_so in found.items() if is_so]

    return look


def nothing() -> list[str]:
    """For whoever is not a stranger: staff, samples."""
    return []
