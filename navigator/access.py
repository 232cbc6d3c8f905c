"""One line of the log for each request that reaches Django, and its reference in the answer.

The line names the route, never the path: method, route, status, milliseconds, bytes. What browsers and proxies may keep
carries no reference, for it would be that of somebody else; ready-made pages (`navigator.caching`) stay byte for byte
the same. A reference that comes with a request is not looked at.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.log import log_response

from navigator import tracing
from navigator.caching import MARK
from navigator.security import GetResponse

HEADER = "X-Request-ID"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")

log = logging.getLogger(__name__)


def requests(get_response: GetResponse) -> GetResponse:
    """Middleware, the first one: names the request, then says how it went. A streamed answer is said when its last
    byte has gone, or when the reader has."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        began, name = time.perf_counter(), tracing.new_id()
        with tracing.request(name):
            response = get_response(request)
            if not _may_be_kept(response):
                response[HEADER] = name
            if response.status_code >= 500 and isinstance(response, HttpResponse):
                # If nobody has said it yet: Django would, with the path, after the request has lost its name.
                log_response("%s: %s", response.reason_phrase, route_of(request), response=response, request=request)
            tell = partial(_tell, request, response.status_code, began)
            if _is_of_unknown_length(response):
                response.streaming_content = _counted(response.streaming_content, name, tell)  # type: ignore[attr-defined]
            else:
                tell(_length(response))
        return response

    return middleware


def _may_be_kept(response: HttpResponseBase) -> bool:
    return response.has_header(MARK) or "public" in response.headers.get("Cache-Control", "")


def _is_of_unknown_length(response: HttpResponseBase) -> bool:
    return response.streaming and not response.has_header("Content-Length")


def _length(response: HttpResponseBase) -> int:
    if response.streaming:
        return int(response["Content-Length"])
    return len(response.content)  # type: ignore[attr-defined]


def _counted(chunks: Iterable[bytes], name: str, tell: Callable[[int], None]) -> Iterator[bytes]:
    """The same chunks, each made in the name of its request."""
    sent, left = 0, iter(chunks)
    try:
        while True:
            with tracing.request(name):
                chunk = next(left, None)
            if chunk is None:
                return
            sent += len(chunk)
            yield chunk
    finally:
        with tracing.request(name):
            tell(sent)


def _tell(request: HttpRequest, status: int, began: float, sent: int) -> None:
    told = {
        "method": request.method if request.method in METHODS else "other",
        "route": route_of(request),
        "status": status,
        "milliseconds": round((time.perf_counter() - began) * 1000),
        "bytes": sent,
    }
    log.info("%(method)s %(route)s %(status)s %(milliseconds)s ms %(bytes)s bytes", told, extra={"access": told})


def route_of(request: HttpRequest) -> str:
    """The name of the address pattern: none of it is the reader's."""
    if request.resolver_match:
        return request.resolver_match.view_name
    return "static" if request.path.startswith(settings.STATIC_URL) else "-"
