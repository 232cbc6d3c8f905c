"""An editor's week: a text is written, looked at, mended, checked, signed, published, corrected and withdrawn."""

import datetime
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from content.models import Article, Revision
from content.scheduling import publish_due
from tests.e2e.conftest import Desk, Visitor

pytestmark = pytest.mark.browser

PATH = "costs/who-pays"


def open_page(who: Visitor, path: str) -> Page:
    answer = who.page.goto(who.home + path)
    assert answer is not None
    assert answer.status == 200, path
    return who.page


def check(who: Visitor) -> None:
    """Nothing on the console, and axe over our part of an admin page: Django's own header and menu are not ours. axe
    itself copies Django's style sheets into the page, which our policy refuses aloud, so the console is read first."""
    assert who.console == []
    assert who.strangers == []
    found = Axe().run(who.page, context="#content").response["violations"]
    assert found == [], f"{who.page.url}: {[(v['id'], v['nodes'][0]['html']) for v in found]}"
    who.console.clear()


def press(who: Visitor, label: str) -> None:
    who.page.get_by_role("button", name=label, exact=True).click()
    who.page.wait_for_load_state()


def read_again(family: Visitor, path: str) -> None:
    """A browser may keep a public page for a minute; who reloads gets the new one."""
    family.page.goto(family.home + path)
    family.page.reload()
    family.look()


def revision_page(who: Visitor, revision: Revision) -> None:
    open_page(who, f"/admin/content/revision/{revision.pk}/change/")


def test_a_text_from_draft_to_withdrawal(desk: Desk, staff: Visitor, site: str) -> None:
    family = staff  # somebody on a phone, with script, who reads along
    article = Article.objects.get(path=PATH)
    before = article.revisions.live().get()

    # Monday: Arthur writes, and sees the page, the check and the comparison while he types.
    arthur = desk("arthur")
    page = open_page(arthur, f"/admin/content/revision/add/?article={article.pk}")
    shown, checks = page.frame_locator("iframe[name=page]"), page.frame_locator("iframe[name=check]")
    expect(shown.locator("h1")).to_have_text(before.title)
    expect(checks.locator("body")).to_contain_text("No errors.")
    page.fill("#id_body", before.body + "\n\nHalf of all plans pay 73% of it!\n")
    expect(shown.locator("article")).to_contain_text("Half of all plans pay 73%")
    expect(checks.locator("body")).to_contain_text("The figure 73% has no source beside it.")
    expect(checks.locator("body")).to_contain_text("no exclamation marks")
    check(arthur)
    page.fill("#id_body", before.body + "\n\nKeep the letters of your plan.\n")
    expect(checks.locator("body")).to_contain_text("No errors.")
    press(arthur, "Compare with the live text")
    expect(shown.locator("ins").last).to_contain_text("Keep the letters of your plan.")
    page.fill("#id_change_note", "We say to keep the letters.")
    press(arthur, "Save")
    draft = article.revisions.first()
    assert draft is not None
    assert draft.written_by.username == "arthur"
    check(arthur)
    assert page.get_by_role("button", name="Publish now").count() == 0
    family.go(f"/{PATH}/")
    assert "Keep the letters of your plan." not in family.page.inner_text("main")

    # Tuesday: Edith checks the facts, Rita signs, Edith publishes.
    edith, rita = desk("edith"), desk("rita")
    open_page(edith, "/admin/content/article/desk/")
    check(edith)
    edith.page.get_by_role("link", name=draft.title).first.click()
    press(edith, "The facts are checked")
    revision_page(rita, draft)
    rita.page.get_by_label("Sign as").select_option(label="Rita Real")
    check(rita)
    press(rita, "Sign off")
    revision_page(edith, draft)
    press(edith, "Publish now")
    check(edith)
    read_again(family, f"/{PATH}/")
    family.see("Keep the letters of your plan.")
    family.see("Reviewed by Rita Real")
    family.press("What changed, and when")
    family.see("We say to keep the letters.")
    family.see("Signed by Rita Real")
    family.page.get_by_role("link", name="Compare the old and the new words").first.click()
    family.look()
    expect(family.page.locator("ins").last).to_contain_text("Keep the letters of your plan.")

    # Wednesday: a reader finds an error, Edith accepts it in public.
    family.go(f"/{PATH}/")
    family.press("Report an error on this page")
    family.press("Send the report")
    family.see("Tell us what is wrong")
    family.fill("What is wrong?", "The phone number has changed.")
    family.press("Send the report")
    family.see("Thank you for your report")
    open_page(edith, "/admin/content/article/desk/")
    edith.page.get_by_role("link", name=re.compile(r"^Report \d+$")).first.click()
    expect(edith.page.locator("#content")).to_contain_text("The phone number has changed.")
    check(edith)
    edith.page.locator("#note").fill("A phone number was out of date.")
    press(edith, "Accept")
    family.go("/about/corrections/")
    family.see("A phone number was out of date.")
    read_again(family, f"/changes/{PATH}/")
    family.see("Correction")

    # Thursday: the mended text is signed and waits for its day.
    mended = written_again(arthur, article, "Ask for the new number.")
    revision_page(edith, mended)
    press(edith, "The facts are checked")
    revision_page(rita, mended)
    rita.page.get_by_label("Sign as").select_option(label="Rita Real")
    press(rita, "Sign off")
    revision_page(edith, mended)
    tomorrow = timezone.localtime() + datetime.timedelta(days=2)
    edith.page.locator("#id_at").fill(f"{tomorrow:%Y-%m-%dT09:00}")
    press(edith, "Schedule")
    expect(edith.page.locator("#content")).to_contain_text("will see it from")
    assert publish_due() == []
    assert publish_due(now=timezone.now() + datetime.timedelta(days=4)) == [mended]
    read_again(family, f"/{PATH}/")
    family.see("Ask for the new number.")

    # Friday: another text is taken down, with the reason.
    other = Article.objects.get(path="support/travel-and-lodging")
    open_page(edith, f"/admin/content/article/{other.pk}/withdraw/")
    check(edith)
    edith.page.get_by_label("Reason, for readers").fill("Many phone numbers are old. We check them.")
    press(edith, "Withdraw")
    answer = family.page.goto(f"{site}/{other.path}/")
    assert answer is not None
    assert answer.status == 410
    family.see("Many phone numbers are old. We check them.")


def written_again(who: Visitor, article: Article, words: str) -> Revision:
    page = open_page(who, f"/admin/content/revision/add/?article={article.pk}")
    page.fill("#id_body", page.input_value("#id_body") + f"\n\n{words}\n")
    page.fill("#id_change_note", "The number is mended.")
    press(who, "Save")
    newest: Any = article.revisions.first()
    return newest
