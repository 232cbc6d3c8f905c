"""Sending a lost link again, without saying to anybody whether an address is known.

The page stores the blind index of whatever address was typed: the same work for all. `answer` looks later, out of sight
of whoever asked, and owes a mail to each person who has this address. Who has told us to stop is not written to.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from intake import consent, links
from intake.models import Consent, HelpRequest, LinkAsk, Participant, Promise
from intake.promises import promise
from navigator.encryption import lookup_hash

PER_HOUR = 200  # asks on the whole site: more are no families
SPAM = HelpRequest.Outcome.SPAM
ONCE_IN = timedelta(hours=1)  # one mail for a person


class TooManyAsksError(Exception):
    """More people than families lose their link in an hour."""


def ask(*, email: str) -> None:
    """Note that somebody asked for the link of this address. Raises TooManyAsksError."""
    if LinkAsk.objects.filter(asked_at__gt=timezone.now() - timedelta(hours=1)).count() >= PER_HOUR:
        raise TooManyAsksError
    LinkAsk.objects.create(email_hash=lookup_hash(email))


def answer(*, limit: int = 100) -> int:
    """Answer what is open, oldest first, each ask once however many workers try. How many mails are owed now."""
    waiting = LinkAsk.objects.filter(done_at=None).order_by("asked_at", "pk")
    return sum(_answer(pk) for pk in list(waiting.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _answer(pk: int) -> int:
    """The claim is one conditional UPDATE, in the transaction of the promises."""
    if not LinkAsk.objects.filter(pk=pk, done_at=None).update(done_at=timezone.now()):
        return 0
    asked = LinkAsk.objects.get(pk=pk)
    return sum(_owe(asked, person) for person in _known(asked.email_hash))


def _known(email_hash: str) -> list[links.Person]:
    """Everybody with this address who may be written to. What was joined with a request of the same person has the
    same page."""
    requests = HelpRequest.objects.filter(email_hash=email_hash, erased_at=None).exclude(outcome=SPAM)
    people = Participant.objects.filter(email_hash=email_hash, erased_at=None, left_at=None, agreed_at__isnull=False)
    found = requests.select_related("merged_into").order_by("pk")
    own = [one for one in found if not (one.merged_into and links.same_person(one, one.merged_into))]
    return [*own, *people.filter(help_request__erased_at=None).select_related("help_request").order_by("pk")]


def _owe(asked: LinkAsk, person: links.Person) -> bool:
    participant = person if isinstance(person, Participant) else None
    request = participant.help_request if participant else person
    request = HelpRequest.objects.select_for_update().get(pk=request.pk)
    if consent.last(request, participant=participant) == Consent.Act.WITHDRAWN:
        return False
    owed = Promise.objects.filter(kind=Promise.Kind.SEND_LINK, help_request=request, participant=participant)
    if owed.filter(created_at__gt=timezone.now() - ONCE_IN).exists():
        return False
    key = f"send_link:{asked.pk}:{request.pk}:{participant.pk if participant else 0}"
    promise(Promise.Kind.SEND_LINK, request, timezone.now(), key, participant=participant)
    return True
