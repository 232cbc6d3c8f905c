"""A family's way through the site on a phone, with script and without: read, look, ask, follow, move, delete."""

import re

import pytest

from intake import promises
from intake.models import HelpRequest
from tests.e2e.conftest import Visitor

pytestmark = pytest.mark.browser


def answer(family: Visitor, *choices: str) -> None:
    for choice in choices:
        family.choose(choice)
    family.press("Continue")


def test_a_daughter_reads_finds_places_and_asks_for_help(family: Visitor) -> None:
    family.go("/")
    family.press("Read how a second opinion works")
    family.see("At a glance")
    family.go("/match/")
    family.press("Start")
    family.press("Continue")  # nothing chosen: a sentence, and nothing lost
    family.see("Choose who this is for")
    assert family.page.title().startswith("Error: ")
    answer(family, "Someone I care for")
    answer(family, "I am not sure")
    family.fill("Where do you live?", "6061")
    family.press("Continue")
    family.see("Enter a 5-digit ZIP code")
    family.fill("Where do you live?", "60614-1234")
    family.press("Continue")
    answer(family, "Up to 150 miles")
    answer(family, "Check the diagnosis")
    family.press("Continue")
    family.press("Continue")
    family.see("Places that see mesothelioma near 60614")
    family.see("University of Chicago")
    family.see("miles")
    answer(family, "Ask a nurse advocate to help me")
    family.fill("Full name", "Maria Sample")
    family.choose("Phone")
    family.fill("Phone number", "(312) 555-0142")
    family.choose("No")
    family.press("Continue")
    family.see("Tick the box if we may contact you")
    assert family.page.get_by_label("Full name").input_value() == "Maria Sample"
    family.page.locator("input[type=checkbox][name=agrees]").check()
    family.press("Continue")
    answer(family, "Any time", "English")
    family.press("Skip this step")
    family.see("Maria Sample")
    family.press("Send to our nurse team")
    request = HelpRequest.objects.get()
    family.see(request.reference)
    assert not re.search("60614|Maria|312|pleural|not_sure", family.page.url)
    family.page.go_back()
    family.page.go_forward()
    family.see(request.reference)
    assert promises.sweep() >= 1
    family.press("Open your page")
    request.refresh_from_db()
    assert request.advocate is not None
    family.see(request.advocate.first_name)
    family.press("Delete everything now")
    family.page.locator("main input[name=sure]").check()
    family.page.locator("main button").last.click()
    family.look()
    request.refresh_from_db()
    assert request.erased_at


def test_a_patient_books_moves_and_cancels_a_conversation(family: Visitor) -> None:
    family.go("/talk/")
    family.page.locator("main a.button").first.click()
    family.look()
    answer(family, "Me")
    family.fill("Where do you live?", "60614")
    family.press("Continue")
    assert family.page.get_by_label("Central", exact=True).is_checked(), "suggested from the ZIP code"
    answer(family, "English")
    family.page.locator("main input[type=radio]").nth(2).check()
    family.press("Continue")
    family.see("We keep")
    family.fill("Full name", "Robert")
    family.press("Keep it 15 minutes more")
    assert family.page.get_by_label("Full name").input_value() == "Robert"
    family.choose("Phone call")
    family.fill("Full name", "Robert Sample")
    family.fill("Phone number", "312-555-0143")
    family.fill("E-mail address", "robert@family.example")
    family.choose("Yes")
    family.page.locator("input[type=checkbox][name=agrees]").check()
    family.press("Continue")
    family.press("Continue")
    family.see("Robert Sample")
    family.see("We keep")
    family.page.locator("main form button").last.click()
    family.look()
    request = HelpRequest.objects.get()
    family.see(request.reference)
    booked = request.conversations.get()
    family.page.locator("main a[href*='/my/']").first.click()
    family.look()
    family.press("Move the call")
    family.page.locator("main input[type=radio]").nth(5).check()
    family.page.locator("main form button").last.click()
    family.look()
    before = booked.starts_at
    booked.refresh_from_db()
    assert booked.starts_at != before
    family.press("Cancel the call")
    family.page.locator("main form button").last.click()
    family.look()
    booked.refresh_from_db()
    assert booked.cancelled_at


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/second-opinion/",
        "/faq/",
        "/privacy/",
        "/about/who-we-are/",
        "/about/people/",
        "/find-care/centers/",
        "/find-care/centers/illinois/",
        "/find-care/centers/abramson/",
        "/find-care/near/?zip=60614",
        "/match/",
        "/match/who/",
        "/match/refer/",
        "/talk/",
        "/talk/who/",
    ],
)
def test_each_page_is_calm(family: Visitor, path: str) -> None:
    family.go(path)
    if path.count("?") == 0 and "/who/" not in path:
        assert family.page.context.cookies() == []


def test_every_internal_link_of_the_path_answers(family: Visitor) -> None:
    seen: set[str] = set()
    for path in ("/", "/second-opinion/", "/faq/", "/find-care/centers/", "/match/", "/talk/", "/about/how-we-work/"):
        family.go(path)
        for link in family.page.locator("a[href^='/']").all():
            seen.add((link.get_attribute("href") or "").split("#")[0])
    family.page.context.set_extra_http_headers({})
    for path in sorted(seen):
        answer = family.page.request.get(family.home + path)
        assert answer.status == 200, path


def test_the_keyboard_reaches_everything_and_focus_is_seen(family: Visitor) -> None:
    if not family.script:
        return
    family.go("/match/who/")
    family.page.keyboard.press("Tab")
    assert family.page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    for _ in range(25):
        family.page.keyboard.press("Tab")
        style = family.page.evaluate(
            "(() => { const a = document.activeElement;"  # the ring of a radio is drawn around its row
            " const ringed = [a, a.closest('label'), a.closest('label')?.parentElement].filter(Boolean)"
            ".map(e => getComputedStyle(e)).find(s => s.outlineStyle !== 'none');"
            " return [a.tagName, ringed ? ringed.outlineStyle : 'none', ringed ? ringed.outlineWidth : '0px']; })()"
        )
        if style[0] == "BODY":
            break
        assert style[1] != "none", style
        assert style[2] != "0px", style
