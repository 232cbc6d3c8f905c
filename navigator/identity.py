"""Who runs this site: from the environment, with sample values that a deployment refuses (`navigator.checks`)."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Identity:
    """What every page, mail and print-out says about us. Phone and hours are shown as they are written here."""

    name: str
    legal_name: str
    address: str
    phone: str
    hours: str
    email: str
    funding: str
    sender: str


# Neutral on purpose: a name with the disease in it would tell the whole household.
SAMPLE = Identity(
    name="Harbor Guide",
    legal_name="Harbor Guide (sample organization)",
    address="100 Sample Street, Springfield, IL 62701",
    phone="1-800-555-0134",
    hours="Monday to Friday, 8 a.m. to 6 p.m. Central",
    email="hello@harborguide.example",
    funding="This is a sample site. Nobody pays for it yet; no law firm, hospital or drug company has a part in it.",
    sender="Harbor Guide <hello@harborguide.example>",
)


def current() -> Identity:
    """The identity of this deployment."""
    from django.conf import settings  # imported late: settings itself reads SAMPLE

    return Identity(
        name=settings.SITE_NAME,
        legal_name=settings.SITE_LEGAL_NAME,
        address=settings.SITE_ADDRESS,
        phone=settings.SITE_PHONE,
        hours=settings.SITE_HOURS,
        email=settings.SITE_EMAIL,
        funding=settings.SITE_FUNDING,
        sender=settings.MAIL_SENDER,
    )


def tel(phone: str) -> str:
    """A US phone number as a `tel:` address: 1-800-555-0134 -> tel:+18005550134."""
    digits = "".join(character for character in phone if character.isdigit())
    return f"tel:+{digits if len(digits) == 11 else '1' + digits}"


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `site` in every template."""
    from django.conf import settings

    who = current()
    return {"site": who, "site_tel": tel(who.phone), "site_url": settings.SITE_URL, "is_demo": not settings.DEPLOYED}
