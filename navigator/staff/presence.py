"""Is it still them? A desk that nobody touches for half an hour is closed, and every desk after twelve hours."""

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest

IDLE = 30 * 60  # seconds
LONGEST = 12 * 60 * 60
NOTED_EVERY = 60

SINCE, SEEN, VERIFIED = "staff_since", "staff_seen", "staff_verified"


def begin(request: HttpRequest) -> None:
    """Somebody signed in."""
    now = int(time.time())
    request.session[SINCE] = request.session[SEEN] = now


def is_over(request: HttpRequest) -> bool:
    """Nobody was there for IDLE, or it began LONGEST ago. A session that no sign-in page began has no clock."""
    since, seen, now = request.session.get(SINCE), request.session.get(SEEN), int(time.time())
    return since is not None and (now - int(seen or 0) > IDLE or now - int(since) > LONGEST)


def note(request: HttpRequest) -> None:
    """They are here: written down once a minute at most."""
    seen = request.session.get(SEEN)
    if seen is not None and int(time.time()) - int(seen) > NOTED_EVERY:
        request.session[SEEN] = int(time.time())


def verify(request: HttpRequest, user: Any) -> None:
    """The second factor was right: a fresh session key, and the mark."""
    request.session.cycle_key()
    request.session[VERIFIED] = user.pk


def is_verified(request: HttpRequest) -> bool:
    """Has this session shown what the site asks for beside the password?"""
    return not settings.SECOND_FACTOR or request.session.get(VERIFIED) == request.user.pk
