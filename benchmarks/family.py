"""A family that asks for help over HTTP, without script: the visitor of the outage drill."""

import http.cookiejar
import re
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

ANSWERS = (
    ("/match/who/", {"for_whom": "me"}),
    ("/match/told/", {"disease": "pleural"}),
    ("/match/where/", {"zip": "60614", "state": ""}),
    ("/match/travel/", {"travel": "150"}),
    ("/match/help/", {"wants": "diagnosis"}),
    ("/match/cover/", {}),
    ("/match/served/", {}),
    ("/match/results/", {"after_list": "help"}),
)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')


@dataclass
class Family:
    """One browser. `number` makes name, phone and e-mail its own."""

    home: str
    number: int
    timings: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(jar)

    @property
    def name(self) -> str:
        return f"Canary Family {self.number}"

    def open(self, path: str, data: dict[str, str] | None = None) -> str:
        sent = urllib.parse.urlencode(data).encode() if data is not None else None
        started = time.monotonic()
        with self.browser.open(self.home + path, sent, timeout=20) as answer:
            text = answer.read().decode()
        self.timings.append(time.monotonic() - started)
        return text

    def post(self, path: str, data: dict[str, str]) -> str:
        """Open a page, fill in its form, send it; the page that follows."""
        return self.open(path, dict(HIDDEN.findall(self.open(path))) | data)

    def ask(self) -> str:
        """From the home page to the confirmation. The reference, which the last page states."""
        self.open("/")
        self.open("/match/")
        for path, data in ANSWERS:
            self.post(path, data)
        contact = {
            "name": self.name,
            "reach_by": "email",
            "email": f"canary{self.number}@family.example",
            "phone": f"312-555-01{self.number % 100:02}",
            "may_leave_message": "no",
            "best_time": "any",
            "agrees": "on",
        }
        self.post("/match/contact/", contact)
        done = self.post("/match/check/", {})
        found = re.search(r'class="reference">([A-Z0-9-]+)<', done)
        if not found:
            raise AssertionError("The last page states no reference.")
        return found.group(1)
