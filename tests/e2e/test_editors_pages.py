"""Every page of the editors' desk that is ours, whole and in each of its states: axe, the console, and who may do what.

The story of a text is told in `test_editors_week`; here are the refusals, the frames and the rarer steps.
"""

import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Frame, Page, expect

from content.models import Article, ErrorReport, Revision
from tests.e2e.conftest import Desk, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]  # three people, many pages

PATH = "costs/who-pays"
# axe fetches style sheets again for rules about rotated phones; our policy refuses that aloud, on the console.
QUIETLY = {"resultTypes": ["violations"], "preload": False}


def violations(page: Page | Frame) -> list[tuple[str, str]]:
    found = Axe().run(page, options=QUIETLY).response["violations"]
    return [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]]


def scan(who: Visitor) -> None:
    """The whole page, Django's frame around ours included, and then each frame that shows something."""
    assert who.strangers == []
    assert violations(who.page) == [], who.page.url
    for frame in who.page.frames[1:]:
        if frame.url != "about:blank":
            assert violations(frame) == [], (who.page.url, frame.name)
    assert who.console == [], who.page.url


def visit(who: Visitor, path: str) -> Page:
    answer = who.page.goto(who.home + path)
    assert answer is not None
    assert answer.status == 200, path
    return who.page


def text_page(who: Visitor, revision: Revision) -> Page:
    return visit(who, f"/admin/content/revision/{revision.pk}/change/")


def press(who: Visitor, label: str) -> None:
    who.page.get_by_role("button", name=label, exact=True).click()
    who.page.wait_for_load_state()


def buttons(who: Visitor) -> list[str]:
    return who.page.locator("#acts button").all_inner_texts()


def newest(article: Article) -> Revision:
    found = article.revisions.first()
    assert found is not None
    return found


def write(who: Visitor, article: Article, words: str, note: str) -> Revision:
    page = visit(who, f"/admin/content/revision/add/?article={article.pk}")
    page.fill("#id_body", page.input_value("#id_body") + f"\n\n{words}\n")
    page.fill("#id_change_note", note)
    press(who, "Save")
    page.wait_for_url("**/change/")
    return newest(article)


def test_writing_page_says_what_is_wrong_and_loses_nothing(desk: Desk) -> None:
    article = Article.objects.get(path=PATH)
    arthur, edith = desk("arthur"), desk("edith")
    page = visit(arthur, f"/admin/content/revision/add/?article={article.pk}")
    shown, checks = page.frame_locator("iframe[name=page]"), page.frame_locator("iframe[name=check]")
    body = page.input_value("#id_body")
    expect(checks.locator("body")).to_contain_text("No errors.")
    expect(shown.locator("h1")).to_have_text("Who pays for a second opinion?")
    scan(arthur)
    page.fill("#id_body", body + "\n\nHalf of all plans pay 73% of it.\n")
    expect(checks.locator("body")).to_contain_text("The figure 73% has no source beside it.")
    expect(shown.locator("article")).to_contain_text("Half of all plans pay 73% of it.")
    scan(arthur)
    page.fill("#id_body", body + "\n\n:::glance\n- A box that nobody closed.\n")
    expect(shown.locator("h1")).to_have_text("This cannot be shown yet")
    expect(checks.locator("h1")).to_have_text("This cannot be shown yet")
    scan(arthur)
    page.fill("#id_body", body + "\n\nAsk for it in writing.[^nobody]\n")
    expect(shown.locator("body")).to_contain_text("[^nobody], which is not in its references")
    page.fill("#id_body", body + "\n\nAsk for it in writing.\n")
    expect(shown.locator("article")).to_contain_text("Ask for it in writing.")
    press(arthur, "Compare with the live text")
    expect(shown.locator("ins").last).to_contain_text("Ask for it in writing.")
    scan(arthur)
    # Meanwhile Edith saves; Arthur is told, and his words stay.
    write(edith, article, "Keep a copy.", "More to keep.")
    page.fill("#id_change_note", "More to ask.")
    press(arthur, "Save")
    expect(page.locator("#content")).to_contain_text("While you were writing, edith saved another draft")
    assert page.input_value("#id_body").rstrip().endswith("Ask for it in writing.")
    expect(page.frame_locator("iframe[name=page]").locator("h1")).to_be_visible()
    scan(arthur)
    press(arthur, "Save")
    page.wait_for_url("**/change/")
    assert newest(article).written_by.username == "arthur"
    assert article.revisions.live().get().body.rstrip() == body.rstrip()


def test_a_text_needs_four_eyes_and_each_step_its_account(desk: Desk) -> None:
    article = Article.objects.get(path=PATH)
    arthur, edith, rita = desk("arthur"), desk("edith"), desk("rita")
    draft = write(arthur, article, "Keep the letters of your plan.", "More to keep.")
    expect(arthur.page.locator(".messagelist")).to_contain_text("Saved as a draft.")
    expect(arthur.page.frame_locator("iframe[name=look]").locator("h1")).to_be_visible()
    assert buttons(arthur) == ["The sources were opened today"]
    scan(arthur)
    arthur.page.get_by_role("link", name="Compared with the live text").click()
    expect(arthur.page.frame_locator("iframe[name=look]").locator("ins").last).to_contain_text("Keep the letters")
    scan(arthur)
    for who in (arthur, edith, rita):
        visit(who, "/admin/content/article/desk/")
        expect(who.page.locator("#content")).to_contain_text("Drafts that wait for a fact check: 1")
        scan(who)
    # Rita signs too early, then checks the facts herself: she is told why she cannot sign.
    text_page(rita, draft)
    rita.page.get_by_label("Sign as").select_option(label="Rita Real")
    press(rita, "Sign off")
    expect(rita.page.locator(".messagelist")).to_contain_text("not checked yet")
    scan(rita)
    press(rita, "The facts are checked")
    rita.page.get_by_label("Sign as").select_option(label="Rita Real")
    press(rita, "Sign off")
    expect(rita.page.locator(".messagelist")).to_contain_text("Somebody else has to sign it")
    draft.refresh_from_db()
    assert not draft.is_signed
    # Arthur opens every source again: a new draft, checked by Edith, signed by Rita.
    text_page(arthur, draft)
    press(arthur, "The sources were opened today")
    mended = newest(article)
    assert mended.pk != draft.pk
    text_page(edith, mended)
    assert "Sign off" not in buttons(edith)
    press(edith, "The facts are checked")
    scan(edith)
    text_page(rita, mended)
    rita.page.get_by_label("Sign as").select_option(label="Rita Real")
    press(rita, "Sign off")
    expect(rita.page.locator("#content")).to_contain_text("by Rita Real")
    assert "Publish now" not in buttons(rita)
    scan(rita)
    # Edith picks a day that has passed, then one to come, then none, then publishes.
    text_page(edith, mended)
    edith.page.locator("#id_at").fill("2020-01-01T09:00")
    press(edith, "Schedule")
    expect(edith.page.locator(".messagelist")).to_contain_text("That time has passed.")
    scan(edith)
    day = timezone.localtime() + datetime.timedelta(days=3)
    edith.page.locator("#id_at").fill(f"{day:%Y-%m-%dT09:00}")
    press(edith, "Schedule")
    expect(edith.page.locator("#content")).to_contain_text("will see it from")
    scan(edith)
    press(edith, "Do not publish it on that day")
    mended.refresh_from_db()
    assert mended.publish_at is None
    press(edith, "Publish now")
    expect(edith.page.locator("#content")).to_contain_text("see this text.")
    scan(edith)
    mended.refresh_from_db()
    assert mended.is_live


def test_reports_addresses_and_reasons_are_asked_for(desk: Desk, family: Visitor) -> None:
    article = Article.objects.get(path="support/travel-and-lodging")
    family.go(f"/report-an-error/about/{article.path}/")
    family.fill("What is wrong?", "The second number is a fax.")
    family.press("Send the report")
    report = ErrorReport.objects.get()
    arthur, edith = desk("arthur"), desk("edith")
    visit(arthur, "/admin/content/article/desk/")
    expect(arthur.page.locator("#content")).not_to_contain_text("Reports of errors")
    visit(edith, "/admin/content/article/desk/")
    scan(edith)
    edith.page.get_by_role("link", name=f"Report {report.pk}", exact=True).click()
    scan(edith)
    press(edith, "Accept")
    expect(edith.page.locator(".messagelist")).to_contain_text("Say what was wrong, for the public change log.")
    scan(edith)
    edith.page.locator("#note").fill("A fax number stood for a phone number.")
    press(edith, "Accept")
    expect(edith.page.locator("#content")).to_contain_text("A fax number stood for a phone number.")
    scan(edith)
    # Another address: a bad one is refused and stays in the field.
    page = visit(edith, f"/admin/content/article/{article.pk}/move/")
    scan(edith)
    page.get_by_label("New address").fill("match/elsewhere")
    press(edith, "Change the address")
    expect(page.locator(".messagelist")).to_contain_text("belongs to another part of the site")
    assert page.get_by_label("New address").input_value() == "match/elsewhere"
    scan(edith)
    page.get_by_label("New address").fill("support/travel")
    press(edith, "Change the address")
    page.wait_for_url(f"**/{article.pk}/change/")
    family.go(f"/{article.path}/")
    assert family.page.url == f"{family.home}/support/travel/"
    family.go("/changes/support/travel/")
    family.see("A fax number stood for a phone number.")
    family.see("stood at /support/travel-and-lodging/ before")
    # Down it goes, but not without a reason.
    visit(edith, f"/admin/content/article/{article.pk}/withdraw/")
    scan(edith)
    press(edith, "Withdraw")
    expect(edith.page.locator(".messagelist")).to_contain_text("Say why this article is withdrawn.")
    scan(edith)
    edith.page.get_by_label("Reason, for readers").fill("Many numbers are old. We check them.")
    press(edith, "Withdraw")
    edith.page.wait_for_url(f"**/{article.pk}/change/")
    for path, status in (("/support/travel/", 410), ("/support/travel.pdf", 404), ("/changes/support/travel/", 200)):
        assert family.page.request.get(family.home + path).status == status, path
    for path in (f"article/{article.pk}/withdraw", f"article/{article.pk}/move", f"errorreport/{report.pk}/change"):
        assert arthur.page.request.get(f"{arthur.home}/admin/content/{path}/").status == 403, path
