"""A conversation as a calendar file. Times in UTC, a neutral title; a move or a cancellation reaches the same entry."""

from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress

from intake.models import Conversation
from intake.models.conversation import LENGTH
from navigator import identity


def ics(conversation: Conversation) -> bytes:
    """RFC 5545: UID stays whatever is moved or joined, SEQUENCE rises with each move and with the cancellation, DTSTAMP
    and LAST-MODIFIED say when it changed."""
    who = identity.current()
    event = Event()
    event.add("uid", f"call-{conversation.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", conversation.changed_at)
    event.add("created", conversation.created_at)
    event.add("last-modified", conversation.changed_at)
    organizer = vCalAddress(f"mailto:{who.email}")
    organizer.params["CN"] = who.name
    event.add("organizer", organizer)  # RFC 5546: a published entry names one
    event.add("dtstart", conversation.starts_at)
    event.add("dtend", conversation.starts_at + LENGTH)
    event.add("sequence", conversation.sequence + (1 if conversation.cancelled_at else 0))
    event.add("summary", "Phone call" if conversation.way == Conversation.Way.PHONE else "Video call")
    event.add("description", f"{who.name}, {who.phone}")
    event.add("status", "CANCELLED" if conversation.cancelled_at else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//navigator//conversations//EN")
    calendar.add("version", "2.0")
    calendar.add("method", _method(conversation))
    calendar.add_component(event)
    return calendar.to_ical()


def content_type(conversation: Conversation) -> str:
    """As a mail declares it: many programs obey a cancellation only when its method stands here too (RFC 5546)."""
    return f"text/calendar; method={_method(conversation)}"


def _method(conversation: Conversation) -> str:
    return "CANCEL" if conversation.cancelled_at else "PUBLISH"
