"""A reader of texts, with script and without, with eyes, with a keyboard and with a screen reader."""

import re
from itertools import pairwise

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from content.models import Article, Change, Helpful, Person, Revision
from content.publishing import publish, save_revision, sign_off
from tests.e2e.conftest import Visitor

pytestmark = pytest.mark.browser

ARTICLE = "/diagnosis/pathology-review/"


PAGES = (
    ARTICLE, "/diagnosis/", "/glossary/", "/glossary/pleura/", "/downloads/", "/downloads/question-checklist/",
    "/downloads/records-checklist/", "/downloads/compare-plans/", "/changes/", "/changes/costs/who-pays/", "/site-map/",
    "/search/", "/search/?q=belly+mesotheloma", "/search/?q=xyzzyqq", "/contact/", "/about/corrections/",
    "/about/editorial-policy/", "/about/people/sample-reviewer/", "/report-an-error/thanks/", "/helpful/yes/",
    "/helpful/no/",
)  # fmt: skip


def test_each_page_of_texts_is_calm(family: Visitor) -> None:
    """One visit for all: the site is loaded once."""
    for path in PAGES:
        family.go(path)
        assert family.page.context.cookies() == [], path


def test_form_and_pages_that_are_not_there_are_calm(family: Visitor) -> None:
    family.go("/report-an-error/about/costs/who-pays/")
    answer = family.page.goto(family.home + "/no-such-page/")
    assert answer is not None
    assert answer.status == 404
    family.console.clear()  # Chromium notes the answer's status
    family.look()


def test_comparison_of_two_texts_is_calm(family: Visitor) -> None:
    article = Article.objects.get(path="costs/who-pays")
    live = article.revisions.live().get()
    text = {name: getattr(live, name) for name in ("title", "summary", "description", "references")}
    body = live.body + "\n\nKeep the letters.\n"
    revision = save_revision(article=article, **text, body=body, change_note="More to keep.", by=None)
    sign_off(revision=revision, reviewer=Person.objects.get(slug="sample-reviewer"), by=None)
    publish(revision=revision, by=None)
    line = Change.objects.filter(article=article).first()
    assert line is not None
    family.go(line.get_absolute_url())
    family.see("Keep the letters.")


def test_headings_are_read_in_order(family: Visitor) -> None:
    family.go(ARTICLE)
    found = family.page.locator("main :is(h1, h2, h3)").all()
    levels = [int(heading.evaluate("h => h.tagName[1]")) for heading in found]
    titles = [heading.inner_text().strip() for heading in found]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    own = [
        title
        for _, title in re.findall(
            r"^(##) (.+)$", Revision.objects.live().get(article__path=ARTICLE.strip("/")).body, re.M
        )
    ]
    rest = [
        "Questions people ask", "Take it with you", "Read next", "Where this comes from", "Who wrote this",
        "Was this page helpful?", "How we can help",
    ]  # fmt: skip
    places = [titles.index(title) for title in [*own, *rest]]
    assert places == sorted(places)


def test_word_is_explained_in_place(family: Visitor) -> None:
    family.go(ARTICLE)
    button = family.page.locator("button[popovertarget=term-pleura]")
    meaning = family.page.locator("#term-pleura")
    expect(meaning).to_be_hidden()
    button.click()
    expect(meaning).to_be_visible()
    family.look()
    family.page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    button.focus()
    family.page.keyboard.press("Enter")
    expect(meaning).to_be_visible()


def test_answer_is_counted_and_files_can_be_taken_home(family: Visitor) -> None:
    family.go(ARTICLE)
    for name, kind in (("Print or save as PDF", "application/pdf"), ("Plain text", "text/plain; charset=utf-8")):
        address = family.page.get_by_role("link", name=name).get_attribute("href")
        answer = family.page.request.get(family.home + str(address))
        assert (answer.status, answer.headers["content-type"]) == (200, kind)
    family.press("Yes")
    family.see("It is good to know that the page helped.")
    counted = Helpful.objects.get()
    assert (counted.yes, counted.no) == (1, 0)


def test_paper_has_the_text_and_who_we_are(family: Visitor) -> None:
    family.go(ARTICLE)
    family.page.emulate_media(media="print")
    for hidden in ("nav.contents", "#share", "#feedback", "#related", ".nav"):
        expect(family.page.locator(hidden).first).to_be_hidden()
    for shown in ("h1", ".dates", "#sources", ".foot-who", "#term-pleura"):
        expect(family.page.locator(shown).first).to_be_visible()
    expect(family.page.locator(".dates")).to_contain_text(str(timezone.localdate().year))


def test_dark_and_wide_is_calm(family: Visitor) -> None:
    family.page.emulate_media(color_scheme="dark")
    family.page.set_viewport_size({"width": 1280, "height": 900})
    for path in (ARTICLE, "/downloads/records-checklist/", "/faq/", "/search/?q=hipec"):
        family.go(path)
