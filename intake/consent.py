"""The words a family agrees to, and the ledger of who agreed when."""

import hashlib
from typing import Any

from intake.models import Consent, HelpRequest, Participant, Sharing
from navigator import identity
from navigator.encryption import lookup_hash

PLACE = "[the place that was named]"


def contact_words() -> str:
    """What stands beside the box on the contact page. Stored with each request exactly as it was shown."""
    who = identity.current().legal_name
    return (
        f"I agree that a person from {who} contacts me at the details above about the help I am asking for. "
        f"To help me, {who} will use what I told it here. Only its advocates see it. It is not sold. It is not sent "
        "to any hospital, doctor or law firm unless I agree to that each time. "
        "I can say stop at any time, in any way."
    )


def named_words() -> str:
    """The same for somebody whom a family named: who asked is another person."""
    who = identity.current().legal_name
    return (
        f"I agree that a person from {who} contacts me at the details above about the help that my family asked for. "
        f"{who} keeps these details for that and for nothing else. Only its advocates see them. They are not sold. "
        "They are not sent to any hospital, doctor or law firm unless I agree to that each time. "
        "I can say stop at any time, in any way."
    )


def give(
    *,
    help_request: HelpRequest,
    words: str,
    how: str,
    participant: Participant | None = None,
    sharing: Sharing | None = None,
    by: Any = None,
) -> Consent:
    """Somebody (who asked, or `participant`) agreed to `words`: to be contacted, or with `sharing` to that. `by` is who
    of our staff wrote it down."""
    return _write(help_request, Consent.Act.GIVEN, words, how, participant, sharing, by)


def take_back(
    *,
    help_request: HelpRequest,
    how: str,
    participant: Participant | None = None,
    sharing: Sharing | None = None,
    by: Any = None,
) -> Consent:
    """They say stop, in whatever way: `how` says which."""
    return _write(help_request, Consent.Act.WITHDRAWN, "", how, participant, sharing, by)


def stands(
    help_request: HelpRequest, *, participant: Participant | None = None, sharing: Sharing | None = None
) -> bool:
    """Do they agree now? The last act decides; who never agreed does not."""
    return last(help_request, participant=participant, sharing=sharing) == Consent.Act.GIVEN


def last(help_request: HelpRequest, *, participant: Participant | None = None, sharing: Sharing | None = None) -> str:
    """The last act of one person about one thing; "" for none. What was joined with another request keeps the lines
    that it had there."""
    acts = Consent.objects.filter(participant=participant, sharing=sharing)
    if participant is None and sharing is None:
        acts = acts.filter(help_request=help_request)
    return acts.order_by("-pk").values_list("act", flat=True).first() or ""


def _write(
    help_request: HelpRequest,
    act: Consent.Act,
    words: str,
    how: str,
    participant: Participant | None,
    sharing: Sharing | None,
    by: Any,
) -> Consent:
    """The name of a place would tell, for the five years of the ledger, where the family seeks help: PLACE stands for
    it. `version` is then a keyed digest of the exact words, name and all, which nobody can guess from a list of places;
    with the sharing's own (encrypted) name they can be put together again and checked, until the request is erased."""
    kept = words.replace(sharing.receiver, PLACE) if words and sharing and sharing.receiver else words
    return Consent.objects.create(
        help_request=help_request,
        participant=participant,
        purpose=Consent.Purpose.SHARING if sharing else Consent.Purpose.CONTACT,
        sharing=sharing,
        act=act,
        words=kept,
        version=lookup_hash(words) if sharing and words else hashlib.sha256(words.encode()).hexdigest(),
        how=how,
        by=by,
    )
