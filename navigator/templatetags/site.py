"""Tags that every template has without loading them (a builtin)."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from navigator import identity

register = template.Library()

_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@register.simple_tag
def json_ld(data: dict[str, Any] | None) -> SafeString:
    """Structured data as a script block that no text inside can leave. Nothing at all for None."""
    if not data:
        return mark_safe("")
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    # Escaped above.
    # nosemgrep: mark-safe
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


@register.filter
def tel(phone: str) -> str:
    """A phone number as a `tel:` address."""
    return identity.tel(phone)


@register.simple_tag
def absolute(path: str) -> str:
    """A path of ours as a full address, from SITE_URL: never from the request's Host header."""
    return settings.SITE_URL + path


@register.simple_tag(name="identity")
def identity_of_site() -> identity.Identity:
    """Who runs this site, for a component included with `only`, which sees no context: `{% identity as site %}`."""
    return identity.current()
