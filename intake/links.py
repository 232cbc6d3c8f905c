"""The family's own address: `/my/<token>/`. The token is a random name with a dated signature for one purpose."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from intake.models import HelpRequest

VALID_FOR = timedelta(days=180)

SALT = "intake.my"


class LinkError(Exception):
    """This address opens nothing: tampered with, too old, or erased. Which of them is nobody's business."""


def token(help_request: HelpRequest) -> str:
    """A fresh token; earlier ones stay good until they are VALID_FOR old."""
    return TimestampSigner(salt=SALT).sign(help_request.link_id)


def my_url(help_request: HelpRequest) -> str:
    """The full address, from SITE_URL and never from a request's Host header."""
    return settings.SITE_URL + reverse("my", args=[token(help_request)])


def find(token: str) -> HelpRequest:
    """The request that `token` opens. Raises LinkError."""
    try:
        link_id = TimestampSigner(salt=SALT).unsign(token, max_age=VALID_FOR)
    except BadSignature as error:
        raise LinkError from error
    found = HelpRequest.objects.select_related("advocate").filter(link_id=link_id, erased_at=None).first()
    if found is None:
        raise LinkError
    return found
