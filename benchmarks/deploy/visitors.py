"""Who is there while a version is deployed: families who ask, readers who open pages with their style sheets."""

import functools
import http.client
import http.cookiejar
import re
import ssl
import threading
import time
import urllib.request
from dataclasses import dataclass, field

from benchmarks.family import Family

PAGES = ("/", "/second-opinion/", "/find-care/near/?zip=60614", "/faq/", "/match/", "/talk/", "/search/?q=surgery")
PARTS = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')


class _From(urllib.request.HTTPSHandler):
    """Asks from an address of this machine's own: the site counts what one address sends."""

    def __init__(self, address: str) -> None:
        super().__init__()
        trusting = ssl._create_unverified_context()  # noqa: S323  our own certificate
        self.connect = functools.partial(http.client.HTTPSConnection, source_address=(address, 0), context=trusting)

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self.connect, request)


class FamilyBehindTheProxy(Family):
    """The same family, over https, from an address of its own."""

    def __post_init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        address = f"127.{1 + self.number // 62500}.{self.number // 250 % 250}.{1 + self.number % 250}"
        self.browser = urllib.request.build_opener(jar, _From(address))
        self.browser.addheaders = [("Origin", self.home)]


@dataclass
class Readers:
    """Open one page after the other, until `stop`. `seen`: (seconds, did the page have `mark`); `wrong`: what did not
    answer 200."""

    home: str
    mark: str
    at_once: int = 2
    seen: list[tuple[float, bool]] = field(default_factory=list)
    parts: int = 0
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._read, args=[n], daemon=True) for n in range(self.at_once)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(60)

    def _read(self, number: int) -> None:
        browser = urllib.request.build_opener(_From(f"127.0.9.{number + 1}"))
        turn = number
        while not self.over.is_set():
            turn += 1
            began = time.monotonic()
            page = self._open(browser, PAGES[turn % len(PAGES)])
            if page is None:
                continue
            self.seen.append((time.monotonic() - began, self.mark in page))
            for part in dict.fromkeys(PARTS.findall(page)):
                self.parts += self._open(browser, part) is not None
            time.sleep(0.05)

    def _open(self, browser: urllib.request.OpenerDirector, path: str) -> str | None:
        try:
            with browser.open(self.home + path, timeout=20) as answer:
                return str(answer.read().decode())
        except OSError as error:  # an HTTPError is one too
            self.wrong.append(f"{path}: {error}")
            time.sleep(0.05)
            return None
