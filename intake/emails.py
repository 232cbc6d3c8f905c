"""Every mail that we send: one function each. A mail carries a link, never the story; sender and subject are neutral.

Text and HTML say the same words: the HTML is made from the text.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from intake import calendar_file, links
from intake.models import Advocate, Conversation, HelpRequest, Message, Promise
from navigator import identity

LONGEST_NAME = 60  # characters
_LIKE_AN_ADDRESS = re.compile(r"[/@\\:]|www\.|\.\w{2,}\b", re.IGNORECASE)


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
        participant=promise.participant,
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
        outgoing.attach("appointment.ics", calendar_file.ics(conversation), calendar_file.content_type(conversation))
    outgoing.send()


def greeted(name: str | None) -> str:
    """A name as it may stand in a mail. Whoever sends a form can make us write to anybody: nothing that looks like an
    address goes along."""
    return "there" if not name or len(name) > LONGEST_NAME or _LIKE_AN_ADDRESS.search(name) else name


def received(promise: Promise) -> Mail | None:
    """To the family: we have your request. One an hour to an address, whatever else is sent with it: the page has said
    so already."""
    request = promise.help_request
    if request.email_hash and _was_told(request):
        return None
    return _family(promise, "We have your request", "received", call_by=local(request.contact_by, request.zone))


def _was_told(request: HelpRequest) -> bool:
    """Did this address hear, or is it about to hear, of an earlier request within the hour? The order of the requests
    decides, not that of the workers. One that fell silent before its mail was sent told nobody."""
    since = request.created_at - timedelta(hours=1)
    earlier = HelpRequest.objects.filter(email_hash=request.email_hash, pk__lt=request.pk, created_at__gte=since)
    owed = Promise.objects.filter(kind=Promise.Kind.ACKNOWLEDGE, help_request__in=earlier)
    return owed.filter(Q(message__sent_at__isnull=False) | Q(done_at=None, gave_up_at=None)).exists()


def running_late(promise: Promise) -> Mail | None:
    """To the family: our call comes later, with the new time."""
    request = HelpRequest.objects.get(pk=promise.help_request_id)  # the new time was set a moment ago
    call_by = local(request.contact_by, request.zone)
    return _family(promise, "Our call comes a little later", "running_late", call_by=call_by)


def tried(promise: Promise) -> Mail | None:
    """To the family: we could not reach you, and when we try again."""
    request = HelpRequest.objects.get(pk=promise.help_request_id)
    if request.status == HelpRequest.Status.CLOSED or request.first_contact_at:
        return None
    again = local(request.next_try_at, request.zone) if request.next_try_at else ""
    return _family(promise, "We tried to reach you", "tried", again=again)


def news(promise: Promise) -> Mail | None:
    """To the family: there is something new on your page."""
    return _family(promise, "There is something new on your page", "news")


def details_changed(promise: Promise) -> Mail | None:
    """To the family: your details were changed. Written to the old and the new address in `intake.people`."""
    return _family(promise, "Your details were changed", "details_changed")


def link_again(promise: Promise) -> Mail | None:
    """To the family: the address of your page, asked for again, or sent to who has just agreed."""
    has_joined = promise.key.startswith("send_link:joined:")
    return _family(promise, "The address of your page", "link_again", has_joined=has_joined)


def invitation(promise: Promise) -> Mail | None:
    """To somebody whom the family named: do you agree? The one mail that needs no consent before it."""
    participant = promise.participant
    if participant is None or participant.agreed_at or participant.left_at or not participant.email:
        return None
    if promise.help_request.status == HelpRequest.Status.CLOSED:
        return None
    facts = {
        "name": greeted(participant.name),
        "asker": greeted(promise.help_request.name),
        "link": links.join_url(participant),
    }
    return Mail([participant.email], "May we write to you?", "invitation", True, facts)


def conversation_set(promise: Promise) -> Mail | None:
    """To the family: the time of the conversation, booked or moved, with a calendar file."""
    return _about(_current(promise), promise, "Your call with us, {when}", "conversation_set")


def conversation_soon(promise: Promise) -> Mail | None:
    """To the family: a reminder."""
    return _about(_current(promise), promise, "Reminder: your call, {when}", "conversation_soon")


def conversation_cancelled(promise: Promise) -> Mail | None:
    """To the family: the conversation is cancelled, with a calendar file that takes it out."""
    return _about(promise.conversation, promise, "Your call was cancelled", "conversation_cancelled")


def conversation_missed(promise: Promise) -> Mail | None:
    """To the family: we did not reach you at the time of the call, and how to choose another."""
    return _about(promise.conversation, promise, "We missed you", "conversation_missed")


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
    return _staff(_leads(), "A request has no advocate", "nobody_fits", request)


def set_aside(promise: Promise) -> Mail | None:
    """To the leads: something waits aside. Once an hour, however many there are."""
    if not HelpRequest.objects.open().exclude(set_aside_because="").exists():
        return None
    link = settings.SITE_URL + reverse("admin:intake_helprequest_changelist") + "?desk=aside"
    return Mail(_leads(), "Requests wait aside", "set_aside", False, {"link": link})


def call_nearly_late(promise: Promise) -> Mail | None:
    """To the leads: a call is not logged yet."""
    request = promise.help_request
    when = local(request.contact_by, ZoneInfo(settings.SITE_TIME_ZONE))
    return _staff(_leads(), "A call is due", "call_nearly_late", request, when=when, advocate=request.advocate)


def _family(promise: Promise, subject: str, template: str, **facts: Any) -> Mail | None:
    """To whom the promise was made: who asked, or a participant. None when we have no e-mail address (the page and the
    phone must do), or when a participant has not agreed or has left."""
    request, participant = promise.help_request, promise.participant
    person = participant or request
    if not person.email or (participant and not participant.is_in):
        return None
    facts |= {"name": greeted(person.name), "reference": request.reference, "link": links.my_url(person)}
    return Mail([person.email], subject, template, True, facts)


def _about(conversation: Conversation | None, promise: Promise, subject: str, template: str) -> Mail | None:
    if conversation is None:
        return None
    person = promise.participant or conversation.help_request
    when, call = local(conversation.starts_at, person.zone), links.call_url(conversation, person)
    by = "video" if conversation.way == Conversation.Way.VIDEO else "phone"
    first_name = conversation.advocate.first_name
    return _family(promise, subject.format(when=when), template, when=when, by=by, first_name=first_name, call=call)


def _current(promise: Promise) -> Conversation | None:
    """The promise's conversation, unless it was cancelled, moved since, or its request is closed."""
    conversation = promise.conversation
    if conversation is None or conversation.cancelled_at or promise.help_request.status == HelpRequest.Status.CLOSED:
        return None
    return conversation if promise.key.split(":")[2] == str(conversation.sequence) else None


def _staff(recipients: list[str], subject: str, template: str, request: HelpRequest, **facts: Any) -> Mail:
    link = settings.SITE_URL + reverse("admin:intake_helprequest_change", args=[request.pk])
    return Mail(recipients, f"{subject} ({request.reference})", template, False, {**facts, "link": link})


def raised(promise: Promise) -> Mail | None:
    """To the leads: an advocate asks for help with a request."""
    request = HelpRequest.objects.select_related("advocate").get(pk=promise.help_request_id)
    if request.escalated_at is None:
        return None
    return _staff(_leads(), "An advocate asks for you", "raised", request, advocate=request.advocate)


def nobody_to_hand_over(promise: Promise) -> Mail | None:
    """To the leads: whose advocate is away, and nobody else fits."""
    request = HelpRequest.objects.select_related("advocate").get(pk=promise.help_request_id)
    if request.status == HelpRequest.Status.CLOSED:
        return None
    return _staff(_leads(), "Somebody is away", "nobody_to_hand_over", request, advocate=request.advocate)


def _leads() -> list[str]:
    return list(Advocate.objects.leads().values_list("email", flat=True)) or [settings.SITE_EMAIL]
