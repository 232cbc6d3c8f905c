"""A conversation as a calendar file. Times in UTC, a neutral title; a move or a cancellation reaches the same entry."""

from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event

from intake.models import Conversation
from intake.models.conversation import LENGTH
from navigator import identity


def ics(conversation: Conversation) -> bytes:
    """RFC 5545: UID stays, SEQUENCE rises with each move and with the cancellation."""
    who = identity.current()
    event = Event()
    event.add("uid", f"{conversation.help_request.reference}-{conversation.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", conversation.created_at)
    event.add("dtstart", conversation.starts_at)
    event.add("dtend", conversation.starts_at + LENGTH)
    event.add("sequence", conversation.sequence + (1 if conversation.cancelled_at else 0))
    event.add("summary", "Phone call" if conversation.way == Conversation.Way.PHONE else "Video call")
    event.add("description", f"{who.name}, {who.phone}")
    event.add("status", "CANCELLED" if conversation.cancelled_at else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//navigator//conversations//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if conversation.cancelled_at else "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()
