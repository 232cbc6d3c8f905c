"""The words a family agrees to, and the ledger of who agreed when."""

import hashlib

from intake.models import Consent, HelpRequest
from navigator import identity


def contact_words() -> str:
    """What stands beside the box on the contact page. Stored with each request exactly as it was shown."""
    who = identity.current().legal_name
    return (
        f"I agree that a person from {who} contacts me at the details above about the help I am asking for. "
        f"To help me, {who} will use what I told it here. Only its advocates see it. It is not sold. It is not sent "
        "to any hospital, doctor or law firm unless I agree to that each time. "
        "I can say stop at any time, in any way."
    )


def give(*, help_request: HelpRequest, words: str, how: str) -> Consent:
    """Somebody ticked the box beside `words`."""
    return _write(help_request=help_request, act=Consent.Act.GIVEN, words=words, how=how)


def take_back(*, help_request: HelpRequest, how: str) -> Consent:
    """The family says stop."""
    return _write(help_request=help_request, act=Consent.Act.WITHDRAWN, words="", how=how)


def _write(*, help_request: HelpRequest, act: Consent.Act, words: str, how: str) -> Consent:
    return Consent.objects.create(
        help_request=help_request,
        purpose=Consent.Purpose.CONTACT,
        act=act,
        words=words,
        version=hashlib.sha256(words.encode()).hexdigest(),
        how=how,
    )
