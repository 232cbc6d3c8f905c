"""Where a request comes from, for limits on how often somebody may try. Never stored as it is."""

import ipaddress

from django.http import HttpRequest


def network(request: HttpRequest) -> str:
    """The network that a request comes from: an IPv4 address, the /64 of an IPv6 address. "" when it cannot be told.

    Behind a proxy, REMOTE_ADDR is the proxy's own private address. Then only the last entry of X-Forwarded-For counts:
    the one that the proxy wrote. What stands before it is whatever the client liked to say.
    """
    address = _parsed(request.META.get("REMOTE_ADDR", ""))
    if address is None or not address.is_global:
        address = _parsed(request.headers.get("X-Forwarded-For", "").rpartition(",")[2])
    if address is None or not address.is_global:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
