"""The addresses that open something of one family, and the permits of the forms behind them.

An address is a random name with a dated signature for one purpose: `my` opens a person's own page, `join` lets somebody
who was named say yes or no, `call` moves or cancels one conversation. Each purpose has a salt of its own, so a
signature for one opens nothing of another. Whatever is wrong with an address, the same LinkError says so after the same
queries.

A permit is what a form carries beside the address: signed for one purpose, one person and the state that it would
change. Once that state has changed, the permit is worth nothing; so is another family's.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils import timezone

from intake.models import Conversation, HelpRequest, Participant
from intake.models.conversation import LENGTH

VALID_FOR = timedelta(days=180)
INVITATION_FOR = timedelta(days=14)
PERMIT_FOR = timedelta(hours=1)

SALT = "intake.my"
JOIN_SALT = "intake.join"
CALL_SALT = "intake.call"
PERMIT_SALT = "intake.permit"

MOST_STEPS = 8  # from a request to the one it was joined with, and on
NOBODY = "-" * 22  # a name that no link has: looked for when a signature is wrong

Person = HelpRequest | Participant


class LinkError(Exception):
    """This address opens nothing: tampered with, too old, used or erased. Which of them is nobody's business."""


@dataclass(frozen=True)
class Opened:
    """What an address opened: a request, for who asked (`participant` is None) or for somebody else in it."""

    help_request: HelpRequest
    participant: Participant | None = None

    @property
    def person(self) -> Person:
        """Whose page it is."""
        return self.participant or self.help_request

    @property
    def is_asker(self) -> bool:
        return self.participant is None

    def gets(self, what: str) -> bool:
        """May this person see `what` (a `Gets`)? Who asked sees everything of the request."""
        return self.participant is None or self.participant.wants(what)


def token(person: Person) -> str:
    """A fresh token; earlier ones stay good until they are VALID_FOR old."""
    return _sign(SALT, person.link_id)


def my_url(person: Person) -> str:
    """The full address, from SITE_URL and never from a request's Host header."""
    return settings.SITE_URL + reverse("my", args=[token(person)])


def join_url(participant: Participant) -> str:
    """Where somebody who was named by their family says yes or no. Good for INVITATION_FOR and for one answer."""
    return settings.SITE_URL + reverse("join", args=[_sign(JOIN_SALT, participant.link_id)])


def call_url(conversation: Conversation, person: Person) -> str:
    """Where `person` moves or cancels this one conversation, until it is over. Follows it when it is moved."""
    return settings.SITE_URL + reverse("call", args=[call_token(conversation, person)])


def call_token(conversation: Conversation, person: Person) -> str:
    return _sign(CALL_SALT, f"{person.link_id}.{conversation.pk}")


def find(token: str) -> Opened:
    """What `token` opens. A request that was joined with another leads there, if both are of the same person. Raises
    LinkError."""
    found = _found(_signed(SALT, token, VALID_FOR))
    return Opened(_survivor(found.help_request)) if found.is_asker else found


def find_invited(token: str) -> Participant:
    """Who is asked by an invitation that was not answered yet. Raises LinkError."""
    link_id = _signed(JOIN_SALT, token, INVITATION_FOR)
    waiting = Participant.objects.select_related("help_request").filter(agreed_at=None, left_at=None, erased_at=None)
    found = waiting.filter(link_id=link_id).first()
    if found is None or found.help_request.status == HelpRequest.Status.CLOSED:
        raise LinkError
    return found


def find_call(token: str) -> tuple[Opened, Conversation]:
    """The one conversation that `token` opens, for whom, until it is over. It may have gone along to another request of
    the same person. Raises LinkError."""
    link_id, _, pk = _signed(CALL_SALT, token, None).partition(".")
    found = _found(link_id)
    found = Opened(_survivor(found.help_request)) if found.is_asker else found
    conversations = Conversation.objects.select_related("advocate").filter(held_at=None, missed_at=None)
    call = conversations.filter(
        pk=int(pk or 0), help_request=found.help_request, starts_at__gt=timezone.now() - LENGTH
    ).first()
    if call is None:
        raise LinkError
    call.help_request = found.help_request
    return found, call


def same_person(one: HelpRequest, other: HelpRequest) -> bool:
    """Have both the same e-mail address or the same phone number?"""
    pairs = ((one.email_hash, other.email_hash), (one.phone_hash, other.phone_hash))
    return any(mine and mine == theirs for mine, theirs in pairs)


def permit(purpose: str, person: Person, *state: object) -> str:
    """What a form carries: may do `purpose` for `person` once, as long as `state` is what it is now."""
    return _sign(PERMIT_SALT, _mark(purpose, person, state))


def is_good(permit: str, purpose: str, person: Person, *state: object) -> bool:
    """Is this the permit of this purpose, this person and this state, and no older than PERMIT_FOR?"""
    try:
        signed = TimestampSigner(salt=PERMIT_SALT).unsign(permit, max_age=PERMIT_FOR)
    except (BadSignature, UnicodeError):
        return False
    return hmac.compare_digest(signed, _mark(purpose, person, state))


def _mark(purpose: str, person: Person, state: tuple[object, ...]) -> str:
    """With a key: the state may hold a phone number, and a bare digest of that could be guessed."""
    text = "\n".join([purpose, person.link_id, *map(repr, state)])
    return hmac.new(settings.LOOKUP_KEY.encode(), text.encode(), sha256).hexdigest()


def _sign(salt: str, text: str) -> str:
    return TimestampSigner(salt=salt).sign(text)


def _signed(salt: str, token: str, max_age: timedelta | None) -> str:
    """What was signed for this purpose; NOBODY for anything else."""
    try:
        return TimestampSigner(salt=salt).unsign(token, max_age=max_age)
    except (BadSignature, UnicodeError):
        return NOBODY


def _found(link_id: str) -> Opened:
    """Who has this name. A participant only while they are in. Raises LinkError."""
    request = HelpRequest.objects.select_related("advocate").filter(link_id=link_id, erased_at=None).first()
    if request:
        return Opened(request)
    participants = Participant.objects.select_related("help_request__advocate")
    person = participants.filter(link_id=link_id, help_request__erased_at=None).first()
    if person is None or not person.is_in:
        raise LinkError
    return Opened(person.help_request, person)


def _survivor(request: HelpRequest) -> HelpRequest:
    """The request with which this one was joined, if it is the same person's; else this one."""
    for _ in range(MOST_STEPS):
        if request.merged_into_id is None:
            break
        target = HelpRequest.objects.select_related("advocate").get(pk=request.merged_into_id)
        if target.erased_at or not same_person(request, target):
            break
        request = target
    return request
