"""Taking in a request: one durable transaction, then the promises do the rest. Success is shown after it returns."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from intake import booking, consent, history, people, suspecting
from intake.calling import first_call, warnings
from intake.models import HelpRequest, History, Promise
from intake.promises import promise_all
from intake.setting_aside import set_aside
from intake.suspecting import Signs
from navigator.encryption import lookup_hash

T = TypeVar("T")


class DifferentSubmissionError(Exception):
    """This page was sent before with other contents: somebody else may be at the same device."""


@dataclass(frozen=True)
class Contact:
    """How to reach a family. `phone` in E.164. One of e-mail and phone must be given."""

    name: str
    reach_by: str
    email: str = ""
    phone: str = ""
    may_leave_message: bool = False
    may_say_why: bool = False
    best_time: str = "any"
    not_times: str = ""
    gets: str = "updates calls plan"
    access_needs: str = ""
    for_whom: str = "me"
    language: str = "en"
    time_zone: str = "America/Chicago"


@dataclass(frozen=True)
class Other:
    """Somebody else whom the family names: asked for their own consent before anybody contacts them."""

    role: str
    name: str
    email: str = ""
    phone: str = ""
    gets: str = "updates calls plan"


@dataclass(frozen=True)
class Told:
    """What a family answered. Of `zip` only the first three digits are kept."""

    disease: str
    wants: tuple[str, ...]
    travel: str
    zip: str
    state: str
    veteran: bool


def submit_doctor_match(
    *,
    contact: Contact,
    told: Told,
    consent: str,
    submission_key: UUID,
    others: tuple[Other, ...] = (),
    signs: Signs = suspecting.nothing,
) -> HelpRequest:
    """Store the request, its consent, its history and its promises. The same page sent twice is one request. What
    `signs` finds suspect is stored aside.

    Raises DifferentSubmissionError; people.PeopleError for too many `others`.
    """
    fingerprint = _fingerprint(asdict(contact), asdict(told), _plain(others))

    def store() -> HelpRequest:
        request = _request(HelpRequest.Kind.DOCTOR_MATCH, contact, submission_key, fingerprint, told.state)
        request.zip_prefix = told.zip[:3]
        request.is_veteran = told.veteran
        request.answers = json.dumps({"disease": told.disease, "wants": list(told.wants), "travel": told.travel})
        _await_call(request, others, words=consent, how="web: doctor match", because=signs())
        return request

    return _once(store, submission_key, fingerprint)


def submit_call(
    *,
    contact: Contact,
    state: str,
    consent: str,
    submission_key: UUID,
    others: tuple[Other, ...] = (),
    signs: Signs = suspecting.nothing,
) -> HelpRequest:
    """ "Just call me": a conversation without a half hour of its own. Raises as `submit_doctor_match` does."""
    fingerprint = _fingerprint(asdict(contact), ["call", state], _plain(others))

    def store() -> HelpRequest:
        request = _request(HelpRequest.Kind.CONVERSATION, contact, submission_key, fingerprint, state)
        _await_call(request, others, words=consent, how="web: call", because=signs())
        return request

    return _once(store, submission_key, fingerprint)


def submit_conversation(
    *,
    contact: Contact,
    starts_at: datetime,
    way: str,
    state: str,
    consent: str,
    submission_key: UUID,
    others: tuple[Other, ...] = (),
    holder: str = "",
    signs: Signs = suspecting.nothing,
) -> HelpRequest:
    """The same with a half hour, which may be kept for `holder`. What `signs` finds suspect gets none, so that no
    machine takes them all: a nurse calls to agree on a time. Raises booking.SlotTakenError (nothing is stored then),
    and as the others do."""
    fingerprint = _fingerprint(asdict(contact), [starts_at.isoformat(), way, state], _plain(others))

    def store() -> HelpRequest:
        request = _request(HelpRequest.Kind.CONVERSATION, contact, submission_key, fingerprint, state)
        if because := signs():
            _await_call(request, others, words=consent, how="web: conversation", because=because)
            return request
        request.contact_by = starts_at
        request.save()
        booking.book(help_request=request, starts_at=starts_at, way=way, holder=holder)
        _accept(request, others, words=consent, how="web: conversation")
        promise_all([_owed_now(Promise.Kind.ROUTE, request)])
        return request

    return _once(store, submission_key, fingerprint)


def _request(kind: str, contact: Contact, key: UUID, fingerprint: str, state: str) -> HelpRequest:
    return HelpRequest(
        kind=kind,
        submission_key=key,
        fingerprint=fingerprint,
        state=state,
        for_whom=contact.for_whom,
        name=contact.name,
        email=contact.email or None,
        phone=contact.phone or None,
        email_hash=lookup_hash(contact.email) if contact.email else "",
        phone_hash=lookup_hash(contact.phone) if contact.phone else "",
        access_needs=contact.access_needs or None,
        reach_by=contact.reach_by,
        may_leave_message=contact.may_leave_message,
        may_say_why=contact.may_say_why,
        best_time=contact.best_time,
        not_times=contact.not_times,
        gets=contact.gets,
        language=contact.language,
        time_zone=contact.time_zone,
        contact_by=timezone.now(),
    )


def _await_call(request: HelpRequest, others: tuple[Other, ...], *, words: str, how: str, because: list[str]) -> None:
    """Nothing is booked: a call is promised, and the family is told that we have it; later, if it is set aside."""
    request.contact_by = first_call(request)
    request.save()
    _accept(request, others, words=words, how=how)
    now = (Promise.Kind.ROUTE, Promise.Kind.ACKNOWLEDGE)
    promise_all([*warnings(request), *(_owed_now(kind, request) for kind in now)])
    if because:
        set_aside(request, because)


def _owed_now(kind: Promise.Kind, request: HelpRequest) -> Promise:
    return Promise(kind=kind, help_request=request, due_at=timezone.now(), key=f"{kind}:{request.pk}")


def _accept(request: HelpRequest, others: tuple[Other, ...], *, words: str, how: str) -> None:
    consent.give(help_request=request, words=words, how=how)
    history.record(help_request=request, what=History.What.SUBMITTED, detail=how)
    for other in others:
        contact = {name: value for name, value in asdict(other).items() if name != "role"}
        way = HelpRequest.ReachBy.EMAIL if other.email else HelpRequest.ReachBy.PHONE
        contact |= {"reach_by": way, "time_zone": request.time_zone, "language": request.language}
        people.add(help_request=request, role=other.role, contact=contact)


def _plain(others: tuple[Other, ...]) -> list[dict[str, str]]:
    return [asdict(other) for other in others]


def _fingerprint(*contents: Any) -> str:
    """Says whether two submissions are the same, and nothing about what they say."""
    return lookup_hash(json.dumps(contents, sort_keys=True, default=str))


def _once(store: Callable[[], HelpRequest], key: UUID, fingerprint: str) -> HelpRequest:
    """Run `store` once for this key, whoever presses how often; once more if the connection broke."""
    if found := _earlier(key, fingerprint):
        return found
    try:
        return _again_if_broken(store)
    except IntegrityError:
        found = _earlier(key, fingerprint)
        if found is None:
            raise
        return found


def _earlier(key: UUID, fingerprint: str) -> HelpRequest | None:
    was = HelpRequest.objects.filter(submission_key=key).values_list("fingerprint", flat=True).first()
    if was is None:
        return None
    if was != fingerprint:
        raise DifferentSubmissionError
    return HelpRequest.objects.get(submission_key=key)


def _again_if_broken(store: Callable[[], T]) -> T:
    """A connection that broke in the middle is closed and the whole transaction tried once more with the same key."""
    try:
        with transaction.atomic(durable=True):
            return store()
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
        with transaction.atomic(durable=True):
            return store()
