"""Headers on every answer, and a first look at every request.

The policy needs no `unsafe-` word because no page has an inline style or script; the admin runs under the same one.
Scored A+ by the MDN Observatory's own rules.
"""

import re
import unicodedata
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
PERMISSIONS = "accelerometer=(), camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"

PERSONAL = ("/match/", "/talk/", "/my/", "/search/", "/admin/")
# Control and invisible characters: they can hide in a name, flip its direction, or end a line in a mail header. The
# last ones are letters and signs that are drawn as nothing: a name of them alone looks like none.
_INVISIBLE = re.compile(
    "[\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]"
)

_LENGTH = re.compile(r"[0-9]{1,18}")  # bytes, as HTTP writes them (RFC 9110, 8.6)


def headers(get_response: GetResponse) -> GetResponse:
    """Middleware: the content policy and its company. What says nothing about caching is not stored anywhere; neither
    is what sets a cookie or takes one away, whatever its page says: a cookie that is no token or no session is answered
    so on every page, and a shared cache must not give that to the next reader."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        set_header = response.headers.setdefault
        set_header("Content-Security-Policy", POLICY + ("; upgrade-insecure-requests" if settings.HTTPS else ""))
        set_header("Permissions-Policy", PERMISSIONS)
        set_header("Cross-Origin-Resource-Policy", "same-origin")
        if response.cookies and "no-store" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "no-store"
        set_header("Cache-Control", "no-store")
        if request.path.startswith(PERSONAL) and "no-store" in response.headers["Cache-Control"]:
            set_header("X-Robots-Tag", "noindex")
        return response

    return middleware


def clean_request(get_response: GetResponse) -> GetResponse:
    """Middleware: a NUL in an address is refused before any query sees it, and so is a body of no length that could be
    counted, at which Django would stumble later (our servers refuse it themselves; another one may not)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponse("This address has a character that no page has.", status=400, content_type="text/plain")
        if not _LENGTH.fullmatch(request.META.get("CONTENT_LENGTH") or "0"):
            return HttpResponse("The length of what was sent is no number.", status=400, content_type="text/plain")
        return get_response(request)

    return middleware


def clean_text(text: str, *, lines: bool = False) -> str:
    """What a person typed, fit to store: NFC, no control, zero-width or direction characters, single spaces.

    With `lines`, line breaks stay (as `\\n`). May come out empty. Lone surrogates are dropped.
    """
    text = text.encode("utf-8", "ignore").decode()
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Cn", "Co") or c == "\t")
    kept = unicodedata.normalize("NFC", kept)  # last, for what was taken out may have parted a letter from its accent
    rows = [" ".join(row.split()) for row in kept.split("\n")]
    return "\n".join(rows).strip() if lines else " ".join(" ".join(rows).split())
