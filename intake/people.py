"""The people of a request: who asked, and whoever was named. Each has a contact, a consent and "who gets what" of
their own.

Nobody who was named is called or written to before they agreed themselves; one mail asks them. Consent itself is kept
by `intake.consent`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake import consent, emails, history, links
from intake.emails import Mail
from intake.models import HelpRequest, History, Participant, Promise
from intake.models.help_request import new_link_id
from intake.models.reachable import PERSONAL
from intake.promises import promise
from navigator.encryption import lookup_hash, sealed

MOST = 4  # people beside who asked

CONTACT = (
    *PERSONAL,
    "reach_by",
    "may_leave_message",
    "may_say_why",
    "best_time",
    "not_times",
    "time_zone",
    "language",
    "gets",
)

# How an erased person may be reached: as if nobody had said anything.
UNKNOWN = {
    "reach_by": "",
    "may_leave_message": False,
    "may_say_why": False,
    "best_time": Participant.BestTime.ANY,
    "not_times": "",
    "time_zone": "UTC",
    "language": "",
    "gets": "",
}

Person = HelpRequest | Participant


class PeopleError(Exception):
    """A sentence for the family or for staff: why this person cannot be added, or answered for, now."""


@transaction.atomic
def add(*, help_request: HelpRequest, role: str, contact: Mapping[str, Any], by: Any = None) -> Participant:
    """Name another person. `contact` has keys of CONTACT, a name and an e-mail address or phone number at least. With
    an e-mail address they are asked by mail; without, our staff ask on the phone of whoever asked for help.

    Raises PeopleError when there are MOST already, or the request is closed.
    """
    request = _open(help_request)
    if request.participants.filter(left_at=None).count() >= MOST:
        raise PeopleError(f"No more than {MOST} other people can be named.")
    participant = Participant(help_request=request, role=role, **_known(contact))
    _index(participant)
    participant.save()
    history.record(help_request=request, what=History.What.INVITED, by=by, detail=role)
    if participant.email:
        key = f"invite:{participant.pk}"
        promise(Promise.Kind.INVITE, request, timezone.now(), key, participant=participant)
    return participant


@transaction.atomic
def join(*, participant: Participant, words: str, how: str, by: Any = None) -> None:
    """The person agrees to the exact `words`. Twice is once. Raises PeopleError when they said no, or it is closed."""
    request = _open(participant.help_request)
    participant = Participant.objects.select_for_update().get(pk=participant.pk)
    if participant.left_at:
        raise PeopleError("This invitation was answered.")
    if participant.agreed_at:
        return
    participant.agreed_at = timezone.now()
    participant.save(update_fields=["agreed_at"])
    consent.give(help_request=request, words=words, how=how, participant=participant, by=by)
    history.record(help_request=request, what=History.What.JOINED, by=by)
    if participant.email:  # the address of their own page
        key = f"send_link:joined:{participant.pk}"
        promise(Promise.Kind.SEND_LINK, request, timezone.now(), key, participant=participant)


@transaction.atomic
def leave(*, participant: Participant, how: str, by: Any = None) -> None:
    """The person says no, or stop: nobody contacts them any more, and their details are gone at once. Twice is once."""
    of_it = HelpRequest.objects.filter(participants=participant.pk).defer(*sealed(HelpRequest))
    request = of_it.select_for_update(of=("self",)).get()
    participant = Participant.objects.defer(*PERSONAL).select_for_update().get(pk=participant.pk)
    if participant.left_at:
        return
    if participant.agreed_at:
        consent.take_back(help_request=request, how=how, participant=participant, by=by)
    participant.left_at = timezone.now()
    participant.save(update_fields=["left_at"])
    forget(participant)
    Promise.objects.pending().filter(participant=participant).update(done_at=timezone.now(), last_error="silenced")
    history.record(help_request=request, what=History.What.LEFT, by=by)


def forget(participant: Participant) -> None:
    """Take away everything that says who this person is. In the caller's transaction."""
    for name, empty in {**dict.fromkeys(PERSONAL), **UNKNOWN, "email_hash": "", "phone_hash": ""}.items():
        setattr(participant, name, empty)
    participant.link_id = new_link_id()
    participant.left_at = participant.left_at or timezone.now()
    participant.erased_at = participant.erased_at or timezone.now()
    participant.save()
    participant.message_set.update(recipient=None, body=None)
    participant.note_set.update(body=None)


@transaction.atomic
def change_contact(*, person: Person, contact: Mapping[str, Any], by: Any = None) -> None:
    """Write the given keys of CONTACT. A changed e-mail address or phone number is told to the old and to the new
    address, so that nobody is moved away in silence. History names the fields, never their values.

    Raises PeopleError for a closed request.
    """
    request = _open(person if isinstance(person, HelpRequest) else person.help_request)
    fresh: Person = type(person)._default_manager.select_for_update().get(pk=person.pk)
    changed = [name for name, value in _known(contact).items() if getattr(fresh, name) != value]
    if not changed:
        return
    before = fresh.email
    for name in changed:
        setattr(fresh, name, _known(contact)[name])
    _index(fresh)
    fresh.save(update_fields=[*changed, "email_hash", "phone_hash"])
    if by is None:
        HelpRequest.objects.filter(pk=request.pk).update(news_since=timezone.now())
    line = history.record(
        help_request=request, what=History.What.CONTACT_CHANGED, by=by, detail=" ".join(sorted(changed))
    )
    if "email" in changed:
        _readdress(fresh, request)
    if {"email", "phone"} & set(changed):
        _tell(fresh, request, {before, fresh.email}, stamp=line.pk)


def listeners(help_request: HelpRequest, what: str) -> list[Participant | None]:
    """Who gets `what` (a `Gets`): None stands for who asked."""
    others = [p for p in help_request.participants.all() if p.is_in and p.wants(what)]
    return [*([None] if help_request.wants(what) else []), *others]


def _readdress(person: Person, request: HelpRequest) -> None:
    """What was written and not sent goes to the new address, or nowhere: it may have a link in it."""
    participant = person if isinstance(person, Participant) else None
    waiting = request.messages.filter(participant=participant, to_family=True, sent_at=None)
    for message in waiting.exclude(promise__kind=Promise.Kind.TELL_CHANGED).filter(promise__done_at=None):
        message.recipient = person.email
        message.save(update_fields=["recipient"])


def _tell(person: Person, request: HelpRequest, addresses: Iterable[str | None], *, stamp: int) -> None:
    """The mail is written now: the old address is nowhere else a moment later."""
    participant = person if isinstance(person, Participant) else None
    for number, address in enumerate(sorted({a for a in addresses if a})):
        key = f"tell_changed:{request.pk}:{stamp}:{number}"
        made = promise(Promise.Kind.TELL_CHANGED, request, timezone.now(), key, participant=participant)
        facts = {"name": emails.greeted(person.name), "reference": request.reference, "link": links.my_url(person)}
        if address != person.email:
            facts["link"] = ""  # the old address hears of it, and opens nothing
        emails.store(Mail([address], "Your details were changed", "details_changed", True, facts), made)


def _open(help_request: HelpRequest) -> HelpRequest:
    locked = HelpRequest.objects.select_for_update().get(pk=help_request.pk)
    if locked.status == HelpRequest.Status.CLOSED:
        raise PeopleError("This request is closed.")
    return locked


def _known(contact: Mapping[str, Any]) -> dict[str, Any]:
    """Only columns of a contact; an empty name, address or number is no name, address or number."""
    unknown = set(contact) - set(CONTACT)
    if unknown:
        raise ValueError(f"These are no columns of a contact: {', '.join(sorted(unknown))}.")
    return {name: (value or None) if name in PERSONAL else value for name, value in contact.items()}


def _index(person: Person) -> None:
    person.email_hash = lookup_hash(person.email) if person.email else ""
    person.phone_hash = lookup_hash(person.phone) if person.phone else ""
