"""The desk of the directory's editors, and a family that reports a listing: axe, the console, narrow and wide."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from doctors import keeping
from doctors.models import ListingChange, Program, Report
from doctors.roles import load_sample_editor
from tests.e2e.conftest import PASSWORD, Desk, Visitor
from tests.e2e.test_editors_pages import press, scan, visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

QUEUE = "/admin/doctors/listingchange/queue/"


def dora(desk: Desk) -> Visitor:
    load_sample_editor(password=PASSWORD)
    return desk("dora")


def follow(who: Visitor, words: str) -> None:
    who.page.get_by_role("link", name=words, exact=True).first.click()
    who.page.wait_for_load_state()


def narrow(who: Visitor) -> None:
    """Nothing is wider than a small phone."""
    who.page.set_viewport_size({"width": 320, "height": 640})
    assert who.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, who.page.url
    who.page.set_viewport_size({"width": 1440, "height": 900})


def test_a_family_reports_and_an_editor_answers(desk: Desk, family: Visitor) -> None:
    program = Program.objects.exclude(website="").exclude(phone="").filter(center=None)[0]
    path = f"/find-care/report/program/{program.slug}/"
    family.go(path)
    family.press("Send the report")
    family.see("Choose what is wrong")
    assert family.page.title().startswith("Error: ")
    family.choose("The phone number does not work")
    family.fill("Tell us more", "Nobody answers.")
    family.press("Send the report")
    family.see("Thank you for your report")
    assert family.page.context.cookies() == []
    who = dora(desk)
    scan(who)
    follow(who, "1 open reports of families")
    scan(who)
    row = Report.objects.get()
    follow(who, f"Report {row.pk}")
    expect(who.page.locator("#content")).to_contain_text("Nobody answers.")
    scan(who)
    narrow(who)
    press(who, "Settle")
    expect(who.page.locator(".messagelist")).to_contain_text("Say what was changed.")
    scan(who)
    # The listing first: a changed fact says how it is known, and what somebody else changed meanwhile is shown.
    follow(who, "Change it")
    scan(who)
    other = Program.objects.get(pk=program.pk)
    other.hours = "8 to 5"
    keeping.save(listing=other, by=get_user_model().objects.get(username="edith"))
    who.page.fill("#id_phone", "+13125550199")
    who.page.get_by_role("button", name="Save", exact=True).click()
    expect(who.page.locator(".errorlist.nonfield")).to_contain_text("by edith")
    assert who.page.input_value("#id_phone") == "+13125550199"
    assert who.page.input_value("#id_hours") == "8 to 5"
    scan(who)
    who.page.get_by_role("button", name="Save", exact=True).click()
    expect(who.page.locator("#content")).to_contain_text("You changed this: say how you know it.")
    who.page.select_option("#id_contact_look", "phone")
    who.page.get_by_role("button", name="Save", exact=True).click()
    expect(who.page.locator(".messagelist")).to_contain_text("was changed successfully")
    visit(who, f"/admin/doctors/program/{program.pk}/history/")
    expect(who.page.locator("#content")).to_contain_text("+13125550199")
    expect(who.page.locator("#content")).to_contain_text("Checked by phone")
    scan(who)
    narrow(who)
    visit(who, f"/admin/doctors/report/{row.pk}/change/")
    who.page.locator("#settled").fill("The number was changed.")
    press(who, "Settle")
    expect(who.page.locator("#content")).to_contain_text("by dora: The number was changed.")


def test_the_queue_is_worked_through_by_keyboard_and_on_a_phone(desk: Desk) -> None:
    who = dora(desk)
    visit(who, QUEUE)
    scan(who)
    narrow(who)
    for words in ("Programs", "What it treats and offers"):
        who.page.locator(".queue-filter a", has_text=words).first.click()
        who.page.wait_for_load_state()
    scan(who)
    rows = who.page.locator(".queue-rows > li")
    first, second = rows.nth(0).get_attribute("id"), rows.nth(1).get_attribute("id")
    button = rows.nth(0).get_by_role("button", name="Checked today by phone")
    button.focus()
    who.page.keyboard.press("Enter")
    who.page.wait_for_url(f"**{QUEUE}?*#{second}")
    expect(who.page.locator(".messagelist")).to_contain_text("Checked by phone")
    assert who.page.locator(f"#{first}").count() == 0
    (line,) = ListingChange.objects.filter(what="checked")
    assert (line.by.username, line.group, line.how) == ("dora", "care", "phone")
    scan(who)
    follow(who, "The next ones")
    scan(who)
    who.page.set_viewport_size({"width": 320, "height": 640})
    for name in ("button", "a"):
        for part in who.page.locator(f".queue-rows {name}").all()[:20]:
            box = part.bounding_box()
            assert box, name
            assert box["height"] >= 24, (name, box)


def test_lists_and_pages_of_listings_are_calm(desk: Desk) -> None:
    who = dora(desk)
    for path in ("center", "program", "specialist", "listingchange", "report"):
        visit(who, f"/admin/doctors/{path}/")
        scan(who)
    for kind in ("center", "program", "specialist"):
        visit(who, f"/admin/doctors/{kind}/add/")
        scan(who)
