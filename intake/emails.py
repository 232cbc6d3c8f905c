"""Every mail that we send: one function each. A mail carries a link, never the story; sender and subject are neutral.

Text and HTML say the same words: the HTML is made from the text.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from intake import calendar_file, links
from intake.models import Advocate, Conversation, HelpRequest, Message, Promise
from navigator import identity


@dataclass(frozen=True)
class Mail:
    """To whom, under which subject, from which template under templates/emails/."""

    recipients: list[str]
    subject: str
    template: str
    to_family: bool
    facts: dict[str, Any] = field(default_factory=dict)


def local(instant: datetime, zone: ZoneInfo) -> str:
    """An instant on the reader's clock: `Tuesday, December 1, 10:00 a.m. CST`."""
    there = instant.astimezone(zone)
    half = "a.m." if there.hour < 12 else "p.m."
    return f"{there:%A, %B} {there.day}, {(there.hour - 1) % 12 + 1}:{there:%M} {half} {there:%Z}"


def store(mail: Mail, promise: Promise) -> Message:
    """Write the mail down before it is sent. In the caller's transaction."""
    body = render_to_string(f"emails/{mail.template}.txt", {**mail.facts, "site": identity.current()})
    host = urlsplit(settings.SITE_URL).hostname
    return Message.objects.create(
        promise=promise,
        help_request=promise.help_request,
        to_family=mail.to_family,
        recipient=", ".join(mail.recipients),
        subject=mail.subject,
        body=body.strip() + "\n",
        message_id=f"<{promise.key.replace(':', '-')}@{host}>",
    )


def send(message: Message, promise: Promise) -> None:
    """Hand a stored mail to the mail server. Raises what the backend raises; the same Message-ID on every try."""
    body = message.body or ""
    outgoing = EmailMultiAlternatives(
        subject=message.subject,
        body=body,
        from_email=settings.MAIL_SENDER,
        to=(message.recipient or "").split(", "),
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    outgoing.attach_alternative(
        render_to_string("emails/page.html", {"body": body, "subject": message.subject}), "text/html"
    )
    conversation = promise.conversation
    if conversation and promise.kind in (Promise.Kind.CONFIRM, Promise.Kind.TELL_CANCELLED):
        outgoing.attach("appointment.ics", calendar_file.ics(conversation), "text/calendar")
    outgoing.send()


def received(promise: Promise) -> Mail | None:
    """To the family: we have your request."""
    request = promise.help_request
    return _family(request, "We have your request", "received", call_by=local(request.contact_by, request.zone))


def running_late(promise: Promise) -> Mail | None:
    """To the family: our call comes later, with the new time."""
    request = HelpRequest.objects.get(pk=promise.help_request_id)  # the new time was set a moment ago
    return _family(
        request, "Our call comes a little later", "running_late", call_by=local(request.contact_by, request.zone)
    )


def conversation_set(promise: Promise) -> Mail | None:
    """To the family: the time of the conversation, booked or moved, with a calendar file."""
    conversation = _current(promise)
    return _about(conversation, "Your call with us, {when}", "conversation_set")


def conversation_soon(promise: Promise) -> Mail | None:
    """To the family: a reminder."""
    conversation = _current(promise)
    return _about(conversation, "Reminder: your call, {when}", "conversation_soon")


def conversation_cancelled(promise: Promise) -> Mail | None:
    """To the family: the conversation is cancelled, with a calendar file that takes it out."""
    conversation = promise.conversation
    return _about(conversation, "Your call was cancelled", "conversation_cancelled")


def new_on_your_desk(promise: Promise) -> Mail | None:
    """To the advocate: a link to the request, if it is still on that desk."""
    request = HelpRequest.objects.select_related("advocate").get(pk=promise.help_request_id)
    advocate = request.advocate
    if advocate is None or request.status == HelpRequest.Status.CLOSED:
        return None
    if promise.key.split(":")[2] != str(advocate.pk):
        return None  # given to somebody else meanwhile
    when = local(request.contact_by, advocate.zone)
    return _staff(
        [advocate.email], "New on your desk", "new_on_your_desk", request, first_name=advocate.first_name, when=when
    )


def nobody_fits(promise: Promise) -> Mail | None:
    """To the leads: a request has no advocate."""
    request = HelpRequest.objects.get(pk=promise.help_request_id)
    if request.status != HelpRequest.Status.NEW:
        return None
    return _staff(_leads(), "A request has no advocate", "nobody_fits", request, why=request.routing_reason)


def call_nearly_late(promise: Promise) -> Mail | None:
    """To the leads: a call is not logged yet."""
    request = promise.help_request
    when = local(request.contact_by, ZoneInfo(settings.SITE_TIME_ZONE))
    return _staff(_leads(), "A call is due", "call_nearly_late", request, when=when, advocate=request.advocate)


def _family(request: HelpRequest, subject: str, template: str, **facts: Any) -> Mail | None:
    """None when we have no e-mail address: the page and the phone must do."""
    if not request.email:
        return None
    facts |= {"name": request.name, "reference": request.reference, "link": links.my_url(request)}
    return Mail([request.email], subject, template, True, facts)


def _about(conversation: Conversation | None, subject: str, template: str) -> Mail | None:
    if conversation is None:
        return None
    request = conversation.help_request
    when = local(conversation.starts_at, request.zone)
    by = "video" if conversation.way == Conversation.Way.VIDEO else "phone"
    first_name = conversation.advocate.first_name
    return _family(request, subject.format(when=when), template, when=when, by=by, first_name=first_name)


def _current(promise: Promise) -> Conversation | None:
    """The promise's conversation, unless it was cancelled, moved since, or its request is closed."""
    conversation = promise.conversation
    if conversation is None or conversation.cancelled_at or promise.help_request.status == HelpRequest.Status.CLOSED:
        return None
    return conversation if promise.key.split(":")[2] == str(conversation.sequence) else None


def _staff(recipients: list[str], subject: str, template: str, request: HelpRequest, **facts: Any) -> Mail:
    link = settings.SITE_URL + reverse("admin:intake_helprequest_change", args=[request.pk])
    return Mail(recipients, f"{subject} ({request.reference})", template, False, {**facts, "link": link})


def _leads() -> list[str]:
    return list(Advocate.objects.leads().values_list("email", flat=True)) or [settings.SITE_EMAIL]
