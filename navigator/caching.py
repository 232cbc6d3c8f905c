"""Public pages as ready-made bytes, answered in front of Django.

A view marked `@public_page` says: this answer is the same for everybody and carries no cookie. `ReadyPages` (put around
Django in `navigator.wsgi`) keeps such answers in memory, compressed once with brotli and gzip, and gives them out with
an ETag until `forget_public_pages()` raises the generation number. Each process compares that number at most once a
second, so a publication is visible everywhere within a second. A page is also made anew after MAX_AGE seconds, because
some pages depend on the date. What has a query string, a cookie or credentials always goes to Django.
"""

import gzip
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any

import brotli
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse

from navigator.models import Generation

log = logging.getLogger(__name__)

MARK = "X-Public-Page"  # between a view and the layer: never leaves the process
ASKED = "navigator.ready_pages"  # in the WSGI environ: the layer listens, so the view may mark
CACHE_CONTROL = "public, max-age=60"
MAX_AGE = 600.0  # seconds
CAPACITY = 32 * 1024 * 1024  # bytes of bodies in one process

Environ = dict[str, Any]
Header = tuple[str, str]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Marks a view's 200 answers as the same for everybody: no cookie, no session, no user in it."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            response.headers.setdefault("Cache-Control", CACHE_CONTROL)
            if request.META.get(ASKED):
                response[MARK] = "1"
                response["Content-Encoding"] = "identity"  # the layer compresses; GZipMiddleware leaves it alone
        return response

    return marked


def forget_public_pages() -> None:
    """Raise the generation, in the caller's transaction: readers see the new page the moment it is committed."""
    with transaction.atomic():
        if not Generation.objects.filter(pk=1).update(number=F("number") + 1):
            Generation.objects.get_or_create(pk=1, defaults={"number": 2})


def current_generation() -> int:
    """One small query. 1 before the first publication."""
    return Generation.objects.filter(pk=1).values_list("number", flat=True).first() or 1


@dataclass(frozen=True)
class Reply:
    """A page in one encoding: what is said with it, and what is said to who has it already."""

    etag: str
    headers: list[Header]
    not_modified: list[Header]
    body: bytes


@dataclass
class Page:
    """One answer, ready to go in each encoding. `used_at` is set without a lock: the last one to say so is right
    enough for choosing what to drop."""

    replies: dict[str, Reply]
    made_at: float
    used_at: float

    @property
    def size(self) -> int:
        return sum(len(reply.body) for reply in self.replies.values())


class ReadyPages:
    """WSGI layer. Holds at most `capacity` bytes of bodies, oldest use dropped first. Safe for threads."""

    def __init__(
        self,
        application: Application,
        *,
        capacity: int = CAPACITY,
        clock: Callable[[], float] = time.monotonic,
        generation: Callable[[], int] = current_generation,
    ) -> None:
        self.application = application
        self.capacity = capacity
        self.clock = clock
        self.read_generation = generation
        self.pages: dict[tuple[str, str, str], Page] = {}
        self.size = 0
        self.hits = self.misses = 0  # since this process started (`navigator.metrics`)
        self.generation = 0
        self.checked_at = float("-inf")
        self.lock = threading.Lock()
        self.checking = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not self._serves(environ):
            return self.application(environ, start_response)
        now = self.clock()
        self._check_generation(now)
        scheme = str(environ.get("HTTP_X_FORWARDED_PROTO") or environ.get("wsgi.url_scheme", ""))
        key = (str(environ.get("HTTP_HOST", "")), scheme, str(environ["PATH_INFO"]))
        page = self.pages.get(key)
        if page is not None and now - page.made_at < MAX_AGE:
            self.hits += 1  # without a lock: two at the same instant may count as one
            page.used_at = now
            return _answer(page, environ, start_response)
        return self._make(key, environ, start_response)

    @staticmethod
    def _serves(environ: Environ) -> bool:
        return (
            environ["REQUEST_METHOD"] in ("GET", "HEAD")
            and not environ.get("QUERY_STRING")
            and not environ.get("HTTP_COOKIE")
            and not environ.get("HTTP_AUTHORIZATION")
        )

    def _check_generation(self, now: float) -> None:
        """At most once a second, by one thread; the others go on. With the database away, readers keep what we have."""
        if now - self.checked_at < 1 or not self.checking.acquire(blocking=False):
            return
        try:
            self.checked_at = now
            number = self.read_generation()
            if number != self.generation:
                with self.lock:
                    self.pages.clear()
                    self.size = 0
                    self.generation = number
        except DatabaseError:
            log.warning("The generation of the public pages could not be read; serving the pages at hand.")
            connection.close()
        finally:
            self.checking.release()

    def _make(self, key: tuple[str, str, str], environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Ask Django for the whole page; keep it if it is a marked 200 without a cookie. HEAD is answered from GET."""
        generation = self.generation
        with self.lock:
            self.misses += 1
        seen: dict[str, Any] = {}

        def note(status: str, headers: list[Header], exc_info: Any = None) -> Callable[[bytes], Any]:
            seen.update(status=status, headers=headers)
            return lambda data: None

        whole = {**environ, "REQUEST_METHOD": "GET", ASKED: True}
        result = self.application(whole, note)
        names = {name.lower() for name, _ in seen["headers"]}
        if not seen["status"].startswith("200") or MARK.lower() not in names or "set-cookie" in names:
            start_response(seen["status"], [pair for pair in seen["headers"] if pair[0].lower() != MARK.lower()])
            return _closing_empty(result) if environ["REQUEST_METHOD"] == "HEAD" else result
        try:
            body = b"".join(result)
        finally:
            close = getattr(result, "close", None)
            if close:
                close()
        page = _page(body, seen["headers"], self.clock())
        with self.lock:
            if generation == self.generation and page.size <= self.capacity:
                self._keep(key, page)
        return _answer(page, environ, start_response)

    def _keep(self, key: tuple[str, str, str], page: Page) -> None:
        old = self.pages.pop(key, None)
        self.size += page.size - (old.size if old else 0)
        self.pages[key] = page
        while self.size > self.capacity:
            least = min(self.pages, key=lambda key: self.pages[key].used_at)
            self.size -= self.pages.pop(least).size


def _page(body: bytes, headers: list[Header], now: float) -> Page:
    """Compress once. An encoding that does not make the page smaller is not offered."""
    own = {MARK.lower(), "content-length", "etag", "vary", "content-encoding"}
    kept = [(name, value) for name, value in headers if name.lower() not in own]
    bodies = {"identity": body}
    for encoding, packed in (("gzip", gzip.compress(body, 9, mtime=0)), ("br", brotli.compress(body, quality=11))):
        if len(packed) < len(body):
            bodies[encoding] = packed
    digest, kept = hashlib.sha256(body).hexdigest()[:32], [*kept, ("Vary", "Accept-Encoding")]
    return Page({name: _reply(name, packed, digest, kept) for name, packed in bodies.items()}, now, now)


def _reply(encoding: str, body: bytes, digest: str, headers: list[Header]) -> Reply:
    etag = f'"{digest}-{encoding}"'
    not_modified = [*headers, ("ETag", etag)]
    full = [*not_modified, ("Content-Length", str(len(body)))]
    if encoding != "identity":
        full.append(("Content-Encoding", encoding))
    return Reply(etag, full, not_modified, body)


@lru_cache(maxsize=256)  # browsers send a handful of them
def _accepted(header: str) -> frozenset[str]:
    """The encodings that an Accept-Encoding header allows; `;q=0` takes one out."""
    accepted = set()
    for part in header.lower().split(","):
        name, _, parameters = part.partition(";")
        if parameters.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            accepted.add(name.strip())
    return frozenset(accepted)


def _answer(page: Page, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """The page in the best encoding the client takes, or 304 if it has it already."""
    accepted = _accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
    replies = page.replies
    encoding = next((name for name in ("br", "gzip") if name in accepted and name in replies), "identity")
    reply = replies[encoding]
    if (has := environ.get("HTTP_IF_NONE_MATCH")) and _has_it(has, reply.etag):
        start_response("304 Not Modified", reply.not_modified)
        return [b""]
    start_response("200 OK", reply.headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else reply.body]


def _has_it(header: str, etag: str) -> bool:
    held = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return etag in held or "*" in held


def _closing_empty(result: Iterable[bytes]) -> Iterable[bytes]:
    close = getattr(result, "close", None)
    if close:
        close()
    return [b""]
