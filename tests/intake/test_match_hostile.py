"""What no family types, in every field of every page of the doctor match; and what none of its pages asks."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from intake import consent
from intake.models import Consent, HelpRequest, History, Participant, Promise
from tests.intake import hostile
from tests.intake.pages import CONTACT, SURE, TIMES, answer_match, give_contact, send_match, shown

pytestmark = pytest.mark.django_db
FAMILY = {"role": "helper", "name": "Jo", "email": "jo@family.example", "phone": "312-555-0143", "gets": ["plan"]}
PAGES: dict[str, dict[str, Any]] = {
    **SURE,
    "results": {"after_list": "help"},
    "contact": {**CONTACT, "may_say_why": "no", "shown": ""},
    "times": {**TIMES, "not_times": ["sunday"]},
    "family": FAMILY,
    "check": {"submission": "", "seen": ""},
}
NEVER_ASKED = re.compile(
    r"asbestos|exposure|exposed|\bjobs?\b|worked|claims?\b|lawsuits?|lawyers?|attorneys?|law firm|compensation|"
    r"settlement|trust fund|income|salary|money|savings|\bsue\b",
    re.IGNORECASE,
)


def rows() -> list[int]:
    return [model.objects.count() for model in (HelpRequest, Participant, Consent, History, Promise)]


@pytest.fixture
def ready(client: Client) -> Client:
    """A journey up to the page that checks, at its own address."""
    answer_match(client, SURE)
    give_contact(client)
    client.post("/match/family/", FAMILY)
    return client


def address(client: Client, page: str) -> str:
    held = client.session.get("match")
    return f"/match/{list(held)[-1]}/{page}/" if held else f"/match/{page}/"


def right(client: Client, page: str) -> dict[str, Any]:
    form = client.get(address(client, page)).context["form"]
    return {**PAGES[page], **{field.name: field.value() or "" for field in form if field.is_hidden}}


@pytest.mark.parametrize("page", PAGES)
def test_every_field_with_everything(ready: Client, page: str) -> None:
    path, fields = address(ready, page), right(ready, page)
    for what, data in hostile.fields(fields):
        answer = ready.post(path, data)
        assert answer.status_code in (302, 422), what
        if page == "check" and answer.status_code == 302:
            pytest.fail(f"sent with {what}")
        assert rows() == [0] * 5, what
        back = ready.post(path, {**data, "back": "1"})
        assert back.status_code in (302, 422), what
        assert ready.get(path).status_code == 200, what
        assert ready.get(address(ready, "check")).status_code == 200, what


@pytest.mark.parametrize("page", PAGES)
def test_whole_bodies_that_no_browser_sends(ready: Client, page: str) -> None:
    path = address(ready, page)
    for what, body, kind in hostile.bodies(right(ready, page)):
        assert ready.post(path, body, content_type=kind).status_code in (302, 400, 413, 422), what
        assert rows() == [0] * 5, what
        assert ready.get(path).status_code in (200, 302), what
    for method in (ready.put, ready.delete, ready.patch):
        assert method(path, b"{}").status_code == 405


@pytest.mark.parametrize("what", [name for name in hostile.VALUES if name != "lone surrogate"])
def test_what_is_stored_is_clean_or_nothing_is(client: Client, what: str) -> None:
    value = hostile.VALUES[what]
    answer_match(client, SURE)
    contact = {**CONTACT, "shown": shown(client, "/match/contact/"), "name": value}
    if client.post("/match/contact/", contact).status_code == 422:
        return
    client.post("/match/times/", TIMES)
    client.post("/match/family/", {**FAMILY, "name": value})
    send_match(client)
    request, other = HelpRequest.objects.get(), Participant.objects.get()
    assert hostile.is_clean(request.name)
    assert hostile.is_clean(other.name)
    assert request.consents.get().words == consent.contact_words()
    page = client.get("/match/done/")
    assert "<script>alert" not in page.content.decode()
    assert "<script>alert" not in client.get(page.context["my_url"]).content.decode()


def test_a_draft_keeps_no_more_than_a_page(ready: Client) -> None:
    ready.post(address(ready, "contact"), {**CONTACT, "name": "x" * 100_000, "extra": "y", "back": "1"})
    held = next(iter(ready.session["match"].values()))["drafts"]["contact"]
    assert len(held["name"]) == 2_000
    assert "agrees" not in held
    assert "extra" not in held


def test_no_page_of_the_journey_asks_what_is_nobodys_business(ready: Client) -> None:
    """The words of consent, which say that nothing is sent to a law firm, are the only place that names one."""
    pages = ["/match/", "/match/refer/", *(address(ready, page) for page in PAGES)]
    seen = [(path, ready.get(path)) for path in pages]
    wrong = [(address(ready, page), ready.post(address(ready, page), {})) for page in PAGES]
    seen += wrong
    send_match(ready)
    seen.append(("done", ready.get("/match/done/")))
    shown_pages = [(path, answer) for path, answer in seen if answer.status_code != 302]  # two may stay empty
    assert len(shown_pages) >= len(seen) - 2
    for path, answer in shown_pages:
        main = unescape(re.sub("<[^>]+>", " ", answer.content.decode().split("<main")[1].split("</main>")[0]))
        main = " ".join(main.split()).replace(" ".join(consent.contact_words().split()), "")
        assert not NEVER_ASKED.search(main), (path, NEVER_ASKED.findall(main))


ALLOWED = {"law firm"}  # never sent there: the words of consent, and of sharing


@pytest.mark.parametrize("folder", ["templates/intake", "intake/forms", "intake/views"])
def test_no_text_of_intake_asks_it_either(folder: str) -> None:
    for path in sorted(Path(settings.BASE_DIR, folder).rglob("*.*")):
        if path.suffix in (".html", ".py"):
            found = {word.lower() for word in NEVER_ASKED.findall(path.read_text(encoding="utf-8"))} - ALLOWED
            assert not found, path
