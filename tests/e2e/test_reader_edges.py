"""What a reader meets more rarely: pages that are gone, opened folds, the narrowest screen, paper, other answers."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from content.models import Article, Helpful, Revision
from content.publishing import withdraw
from tests.e2e.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]  # some walk through many pages

ARTICLE = "/diagnosis/pathology-review/"
TOOLS = ["/downloads/question-checklist/", "/downloads/records-checklist/", "/downloads/compare-plans/"]
FOLDED = [ARTICLE, "/treatment/options-and-disagreements/", "/veterans/", "/faq/"]
LISTS = ["/diagnosis/", "/glossary/", "/changes/costs/who-pays/", "/search/?q=hipec", "/about/people/sample-reviewer/"]
AFTER_THE_TEXT = [
    "Questions people ask", "Take it with you", "Read next", "Where this comes from", "Who wrote this",
    "Was this page helpful?", "How we can help",
]  # fmt: skip


def unfold(page: Page) -> None:
    folded = page.locator("details:not([open]) > summary")
    while folded.count():
        folded.first.click()


def live(*kinds: Article.Kind) -> list[Revision]:
    return list(Revision.objects.for_readers().filter(article__kind__in=kinds))


def test_page_that_was_taken_down_or_never_was_is_calm(family: Visitor) -> None:
    withdraw(article=Article.objects.get(path="support/families"), reason="We read it again.", by=None)
    for path, status in (("/support/families/", 410), ("/no-such-page/", 404), ("/No%20such.page", 404)):
        answer = family.page.goto(family.home + path)
        assert answer is not None
        assert answer.status == status
        assert all(f"status of {status}" in line for line in family.console)  # Chromium notes the answer's status
        family.console.clear()
        family.look()
        assert family.page.context.cookies() == []
    family.page.goto(family.home + "/support/families/")
    family.see("The reason: We read it again.")
    family.console.clear()
    family.go("/changes/support/families/")
    family.see("We read it again.")


def test_empty_report_comes_back(family: Visitor) -> None:
    family.go("/report-an-error/about/costs/who-pays/")
    family.press("Send the report")
    family.see("Tell us what is wrong")
    assert family.page.title().startswith("Error: ")
    family.fill("What is wrong?", "The second call is the wrong number.")
    family.press("Send the report")
    family.see("Thank you for your report")


def test_no_is_counted_too_and_leaves_no_cookie(family: Visitor) -> None:
    for path in (ARTICLE, TOOLS[0], "/glossary/pleura/", "/contact/"):
        family.go(path)
        family.press("No")
        family.see("You can also talk to us.")
    assert sorted(Helpful.objects.values_list("yes", "no")) == [(0, 1)] * 4
    assert family.page.context.cookies() == []


def test_every_text_to_take_home_answers(family: Visitor) -> None:
    texts = live(Article.Kind.ARTICLE, Article.Kind.TOOL)
    assert len(texts) == 19
    for revision in texts:
        address = f"{family.home}/{revision.article.path}"
        pdf = family.page.request.get(f"{address}.pdf")
        assert (pdf.status, pdf.headers["content-type"]) == (200, "application/pdf"), address
        assert pdf.body().startswith(b"%PDF-"), address
        text = family.page.request.get(f"{address}.txt")
        assert (text.status, text.headers["content-type"]) == (200, "text/plain; charset=utf-8"), address
        assert revision.title.split()[0].casefold() in text.text().casefold(), address


def test_headings_of_every_article_are_in_order(family: Visitor) -> None:
    for revision in live(Article.Kind.ARTICLE):
        family.page.goto(f"{family.home}/{revision.article.path}/")
        headings = family.page.locator("h1, h2, h3, h4, h5, h6").evaluate_all(
            "all => all.map(h => [Number(h.tagName[1]), h.textContent.trim()])"
        )
        levels = [level for level, _ in headings]
        assert levels[0] == 1, revision.article.path
        assert all(after <= before + 1 for before, after in pairwise(levels)), headings
        own = re.findall(r"^## (.+)$", revision.body, re.M)
        titles = [title for level, title in headings if level == 2]
        expected = [*own, *(title for title in AFTER_THE_TEXT if title in titles)]
        assert {"Take it with you", "Where this comes from", "Who wrote this", "How we can help"} <= set(expected)
        assert [title for title in titles if title in expected] == expected, revision.article.path


@pytest.mark.parametrize("paths", [FOLDED, TOOLS, LISTS])
def test_opened_pages_are_calm_at_each_width_and_in_the_dark(staff: Visitor, paths: list[str]) -> None:
    """320 px are 1280 px at 400 % (WCAG 1.4.10). Needs script for axe alone."""
    for path in paths:
        staff.page.set_viewport_size({"width": 320, "height": 640})
        staff.page.emulate_media(color_scheme="light", reduced_motion="reduce")  # a color on its way has no contrast
        staff.go(path)
        unfold(staff.page)
        staff.look()
        levels = staff.page.locator("h1, h2, h3, h4, h5, h6").evaluate_all("all => all.map(h => Number(h.tagName[1]))")
        assert levels[0] == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), (path, levels)
        staff.page.set_viewport_size({"width": 1280, "height": 900})
        staff.look()
        staff.page.emulate_media(color_scheme="dark")
        staff.look()


def test_word_by_keyboard_in_the_dark_gives_the_focus_back(family: Visitor) -> None:
    family.page.emulate_media(color_scheme="dark")
    family.go(ARTICLE)
    button = family.page.locator("button[popovertarget=term-pleura]").first
    meaning = family.page.locator("#term-pleura")
    button.focus()
    family.page.keyboard.press("Enter")
    expect(meaning).to_be_visible()
    family.look()
    family.page.keyboard.press("Tab")
    expect(meaning.get_by_role("link")).to_be_focused()
    family.page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    expect(button).to_be_focused()


def test_paper_leaves_out_what_is_pressed_and_keeps_what_is_read(family: Visitor) -> None:
    for path in (ARTICLE, *TOOLS):
        family.page.emulate_media(media="screen")
        family.go(path)
        family.page.emulate_media(media="print")
        for hidden in (".skip", ".nav", ".crumbs", "#feedback", ".foot-columns", ".no-print"):
            for found in family.page.locator(hidden).all():
                expect(found).to_be_hidden()
        for shown in ("h1", ".lead", ".dates", ".foot-who"):
            expect(family.page.locator(shown).first).to_be_visible()
        expect(family.page.locator(".foot-who")).to_contain_text("Who pays for this site:")
        paragraphs = family.page.locator("main article > p:not(.no-print)").all()
        assert len(paragraphs) > 2
        for paragraph in paragraphs:
            expect(paragraph).to_be_visible()
        if path == ARTICLE:
            expect(family.page.locator("#share")).to_be_hidden()
            expect(family.page.locator("#sources")).to_be_visible()
