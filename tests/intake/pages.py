"""Reading our pages in tests, and the answers of a family that fills in everything."""

import re
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

from intake.journey import NUMBER

HEALTH_WORDS = re.compile(
    r"cancer|mesothelioma|tumou?r|oncolog|doctor|nurse|patient|disease|diagnos|health", re.IGNORECASE
)

NOT_SURE: dict[str, dict[str, Any]] = {
    "who": {"for_whom": "me"},
    "told": {"disease": "not_sure"},
    "where": {"state": "prefer_not"},
    "travel": {"travel": "any"},
    "help": {"wants": ["not_sure"]},
    "cover": {"cover": "prefer_not"},
    "served": {"served": "prefer_not"},
}
SURE: dict[str, dict[str, Any]] = {
    "who": {"for_whom": "someone"},
    "told": {"disease": "pleural"},
    "where": {"zip": "60614-1234"},
    "travel": {"travel": "150"},
    "help": {"wants": ["surgery", "trials"]},
    "cover": {"cover": "medicare"},
    "served": {"served": "yes"},
}
CONTACT = {
    "name": "Maria Sample",
    "reach_by": "phone",
    "phone": "(312) 555-0142",
    "email": "maria@family.example",
    "may_leave_message": "yes",
    "agrees": "on",
}
TIMES = {"best_time": "morning", "time_zone": "America/Chicago", "language": "en"}
CALL = {
    "way": "phone",
    "name": "Robert Sample",
    "phone": "312 555 0143",
    "email": "robert@family.example",
    "may_leave_message": "no",
    "agrees": "on",
}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.pointed: set[str] = set()
        self.tags: list[str] = []
        self.required = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
                self.pointed.update((value or "").split())
            elif name == "href" and (value or "").startswith("#"):
                self.pointed.add((value or "#")[1:])
            elif name in ("required", "style", "onclick"):
                self.required = True


def sound(response: HttpResponse) -> str:
    """The page's text; it has one H1, ids that are there once and resolve, no inline style, and nobody stores it."""
    text = response.content.decode()
    reader = _Reader()
    reader.feed(text)
    assert reader.tags.count("h1") == 1
    assert len(reader.ids) == len(set(reader.ids))
    assert reader.pointed - {""} <= set(reader.ids)
    assert not reader.required
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert not HEALTH_WORDS.search(title(text)), title(text)
    assert title(text).startswith("Error: ") == (response.status_code == 422)
    return text


def title(text: str) -> str:
    found = re.search("<title>(.*?)</title>", text, re.DOTALL)
    assert found
    return found.group(1)


def shown(client: Client, path: str) -> str:
    """The mark of the words of consent on the page that was shown."""
    return str(client.get(path).context["form"]["shown"].value())


def submission(client: Client, path: str) -> str:
    """The signed key in the page that was shown."""
    return str(client.get(path).context["form"]["submission"].value())


def answer_match(client: Client, answers: dict[str, dict[str, Any]]) -> None:
    for step, answer in answers.items():
        assert client.post(f"/match/{step}/", answer).status_code == 302, step


def give_contact(client: Client, **changed: Any) -> HttpResponse:
    """The contact page's answer; if it is taken, the page after it is filled in too."""
    answer = client.post("/match/contact/", {**CONTACT, "shown": shown(client, "/match/contact/"), **changed})
    if answer.status_code == 302:
        assert client.post("/match/times/", TIMES).status_code == 302
    return answer


def send_match(client: Client, key: str | None = None) -> HttpResponse:
    """Send what the last page shows. `key` is that of an earlier page."""
    form = client.get("/match/check/").context["form"]
    fresh = form["submission"].value()
    return client.post("/match/check/", {"submission": fresh if key is None else key, "seen": form["seen"].value()})


def leads_to(answer: HttpResponse, page: str) -> bool:
    """It leads to this page of some doctor match."""
    return bool(re.fullmatch(rf"/match/({NUMBER}/)?{page}/", answer.headers.get("Location", "")))


def answer_talk(client: Client, *, time: str = "", **changed: Any) -> None:
    """Up to the page that checks. Without `time`, the first that is open; "any" for a call at any time."""
    client.post("/talk/who/", {"for_whom": "both"})
    client.post("/talk/where/", {"state": "IL"})
    client.post("/talk/zone/", {"time_zone": "America/New_York", "language": "en"})
    time = time or client.get("/talk/time/").context["form"].fields["starts_at"].choices[0][0]
    assert client.post("/talk/time/", {"starts_at": time}).status_code == 302
    sent = client.post("/talk/reach/", {**CALL, "shown": shown(client, "/talk/reach/"), **changed})
    assert sent.status_code == 302, sent.context["form"].errors
    needs = {"access_needs": "Large print", **({"best_time": "any"} if time == "any" else {})}
    assert talk_leads_to(client.post("/talk/needs/", needs), "check")


def send_talk(client: Client, key: str | None = None) -> HttpResponse:
    """Send what the last page shows. `key` is that of an earlier page."""
    form = client.get("/talk/check/").context["form"]
    fresh = form["submission"].value()
    return client.post("/talk/check/", {"submission": fresh if key is None else key, "seen": form["seen"].value()})


def talk_leads_to(answer: HttpResponse, page: str) -> bool:
    """It leads to this page of some conversation's journey."""
    return bool(re.fullmatch(rf"/talk/({NUMBER}/)?{page}/", answer.headers.get("Location", "")))
