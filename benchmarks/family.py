"""A family that asks for help over HTTP, without script: the visitor of the chaos drill."""

import http.cookiejar
import re
import urllib.parse
import urllib.request
from dataclasses import dataclass

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
LAST = "/match/check/"
REFERENCE = re.compile(r'class="reference">([A-Z0-9-]+)<')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')


@dataclass
class Family:
    """One browser. `number` makes name and e-mail its own, and of the first the phone."""

    home: str
    number: int

    def __post_init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(jar)

    @property
    def name(self) -> str:
        return f"Canary Family {self.number}"

    def open(self, path: str, data: dict[str, str] | None = None) -> str:
        sent = urllib.parse.urlencode(data).encode() if data is not None else None
        with self.browser.open(self.home + path, sent, timeout=20) as answer:
            return str(answer.read().decode())

    def post(self, path: str, data: dict[str, str]) -> str:
        """Open a page, fill in its form, send it; the page that follows."""
        return self.open(path, dict(HIDDEN.findall(self.open(path))) | data)

    def fill_in(self) -> dict[str, str]:
        """From the first question to the last page before sending. The hidden fields of that page."""
        self.open("/match/")
        for path, data in ANSWERS:
            self.post(path, data)
        contact = {
            "name": self.name,
            "reach_by": "email",
            "email": f"canary{self.number}@family.example",
            # One that many share would be a sign of a machine, and there are a hundred that ring nowhere.
            "phone": f"312-555-01{self.number:02}" if self.number < 100 else "",
            "may_leave_message": "no",
            "agrees": "on",
        }
        self.post("/match/contact/", contact)
        self.post("/match/times/", {"best_time": "any", "time_zone": "America/Chicago", "language": "en"})
        return dict(HIDDEN.findall(self.open(LAST)))

    def send(self, hidden: dict[str, str]) -> str:
        """Press the button on the last page. The reference that the next page states; empty if it states none."""
        found = REFERENCE.search(self.open(LAST, hidden))
        return found[1] if found else ""
