"""A family at its own page, for tests: addresses, and forms filled in from the page that was shown."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from intake import consent, links
from intake.models import HelpRequest, Participant
from navigator.encryption import lookup_hash
from tests.intake.factories import HelpRequestFactory


def address(person: links.Person, name: str = "my") -> str:
    return reverse(name, args=[links.token(person)])


def permit(client: Client, path: str) -> str:
    """The permit of the page that is shown now."""
    return str(client.get(path).context["form"].initial["permit"])


def send(client: Client, path: str, **data: Any) -> HttpResponse:
    """Open the page and send its form."""
    return client.post(path, {"permit": permit(client, path), **data})


def known(**fields: Any) -> HelpRequest:
    """A request with its blind indexes and its consent, as submitting leaves it."""
    request = HelpRequestFactory(**fields)
    request.email_hash = lookup_hash(request.email) if request.email else ""
    request.phone_hash = lookup_hash(request.phone) if request.phone else ""
    request.save()
    consent.give(help_request=request, words=consent.contact_words(), how="page")
    return request


def other(request: HelpRequest, **fields: Any) -> Participant:
    """Somebody else in the request, who has agreed; with `agreed_at=None`, who is only named."""
    details = {"name": "Rosa Other", "email": "rosa@other.example", "role": "helper", "reach_by": "email"}
    person = Participant(help_request=request, **{**details, "agreed_at": timezone.now(), **fields})
    person.email_hash = lookup_hash(person.email) if person.email else ""
    person.phone_hash = lookup_hash(person.phone) if person.phone else ""
    person.save()
    if person.agreed_at:
        consent.give(help_request=request, words=consent.contact_words(), how="page", participant=person)
    return person
