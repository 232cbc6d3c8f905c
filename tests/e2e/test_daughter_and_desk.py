"""A daughter asks for her father and books in Spanish; the advocate works it on a phone; the lead gives it to another;
the family moves the call, takes everything away, and deletes it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from intake import promises
from intake.models import Advocate, HelpRequest
from tests.e2e.conftest import Visitor, set_password, visitor
from tests.e2e.test_editors_pages import scan, visit
from tests.intake.desk import page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@pytest.fixture
def sit_down(browser: Browser, site: str) -> Any:
    """Somebody of the sample desk, signed in, on a phone of 390 px."""
    contexts = []

    def sit(name: str) -> Visitor:
        set_password(name)
        who, context = visitor(browser, site)
        contexts.append(context)
        who.page.set_viewport_size({"width": 390, "height": 844})
        who.sign_in(name)
        return who

    yield sit
    for context in contexts:
        context.close()


def a_daughter_books(family: Visitor) -> HelpRequest:
    family.go("/talk/")
    family.press("Choose a time")
    family.choose("Both of us")
    family.press("Continue")
    family.fill("Where do you live?", "79901")  # El Paso: Mountain time in a state of Central time
    family.press("Continue")
    assert family.page.get_by_label("Mountain", exact=True).is_checked()
    family.choose("Spanish")
    family.press("Continue")
    family.page.locator("main input[type=radio]").nth(3).check()
    family.press("Continue")
    family.choose("Phone call")
    family.fill("Full name", "Maria Sample")
    family.fill("Phone number", "915-555-0142")
    family.fill("E-mail address", "maria@family.example")
    family.page.locator("input[name=may_leave_message][value=no]").check()
    family.page.locator("input[type=checkbox][name=agrees]").check()
    family.press("Continue")
    family.press("Continue")
    family.see("Spanish")
    family.press("Book this call")
    row = HelpRequest.objects.get()
    family.see(row.reference)
    return row


def she_names_her_father(family: Visitor) -> str:
    """On her own page, whose address this gives; he is asked before anybody contacts him."""
    family.page.locator("main a[href*='/my/']").first.click()
    family.look()
    my_page = family.page.url
    family.page.goto(my_page + "people/")
    family.choose("The person who is ill")
    family.fill("Their name", "Jose Sample")
    family.fill("Their e-mail address", "jose@family.example")
    family.page.locator("main form button").last.click()
    family.look()
    family.see("there is no answer yet")
    return my_page


def test_from_a_daughters_call_to_its_end(family: Visitor, sit_down: Callable[[str], Visitor]) -> None:
    row = a_daughter_books(family)
    my_page = she_names_her_father(family)
    while promises.sweep():
        pass
    row.refresh_from_db()
    assert row.advocate is not None
    assert (row.advocate.first_name, row.language) == ("Ana", "es"), "the one who speaks Spanish"

    ana = sit_down("ana")
    scan(ana)
    visit(ana, page(row))
    over = ana.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert over <= 0
    scan(ana)
    main = ana.page.inner_text("#content")
    assert "Maria Sample" in main
    assert "Spanish" in main
    assert "Mountain" in main
    assert "Jose Sample" in main
    ana.page.get_by_text("Write a note for staff", exact=True).first.click()
    ana.page.locator("#act-note").get_by_role("textbox").fill("Speaks for her father")
    ana.page.locator("#act-note").get_by_role("button").click()
    expect(ana.page.get_by_text("Speaks for her father")).to_be_visible()

    Advocate.objects.filter(first_name="Ben").update(languages="en es")
    lead = sit_down("carol")
    visit(lead, page(row))
    scan(lead)
    act = lead.page.locator("#act-reassign")
    lead.page.get_by_text("Give it to somebody else", exact=True).first.click()
    act.locator("select").select_option(label=lead_choice(act, "Ben"))
    act.get_by_role("textbox").fill("Ana is full this week")
    act.get_by_role("button").click()
    row.refresh_from_db()
    assert row.advocate.first_name == "Ben"
    assert row.conversations.standing().get().advocate.first_name == "Ben"
    assert ana.page.goto(ana.home + page(row)).status == 404, "no longer hers"

    family.page.goto(my_page)
    family.see("Ben")
    booked = row.conversations.get()
    family.press("Move the call")
    family.page.locator("main input[type=radio]").nth(6).check()
    family.page.locator("main form button").last.click()
    family.look()
    before = booked.starts_at
    booked.refresh_from_db()
    assert booked.starts_at != before
    assert booked.starts_at > timezone.now() + timedelta(hours=1)

    family.page.goto(my_page)
    family.press("Download everything")
    family.page.locator("main input[type=radio][value=json]").check()
    with family.page.expect_download() as download:
        family.page.locator("main form button").first.click()
    taken = download.value.path().read_text(encoding="utf-8")
    assert "Maria Sample" in taken
    assert row.reference in taken
    assert json.loads(taken)

    family.page.goto(my_page)
    family.press("Delete everything now")
    family.page.locator("main input[name=sure]").check()
    family.page.locator("main button").last.click()
    family.look()
    row.refresh_from_db()
    assert row.erased_at
    assert row.name is None
    assert not row.promises.pending().exists()
    assert family.page.goto(my_page).status == 404


def lead_choice(act: Any, name: str) -> str:
    """The words of the choice that names this advocate."""
    return next(words for words in act.locator("option").all_inner_texts() if name in words)
