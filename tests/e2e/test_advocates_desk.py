"""The advocates' desk at a phone and a wide screen, light and dark: home, queue, export, an advocate, ledgers.
axe, the console, nothing wider than the screen."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from playwright.sync_api import Browser, expect

from intake import history
from intake.models import Advocate, Export, HelpRequest
from tests.e2e.conftest import PASSWORD, Visitor, set_password, visitor
from tests.e2e.test_editors_pages import scan, visit
from tests.intake.desk import of
from tests.intake.factories import HelpRequestFactory

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

QUEUE = "/admin/intake/helprequest/"


@pytest.fixture
def seat(browser: Browser, site: str) -> Iterator[Any]:
    """Sit down as somebody of the sample desk: `seat("carol", scheme="dark")`, first at a phone."""
    now, contexts = timezone.now(), []
    set_password("ana", "carol", "olga")
    for hours in (-1, 2, 30):
        of("ana", contact_by=now + timedelta(hours=hours), news_since=now)
        HelpRequestFactory(contact_by=now + timedelta(hours=hours))
    done = of("carol", first_contact_at=now)
    HelpRequest.objects.filter(pk=done.pk).update(status="closed", outcome="helped", closed_at=now)
    history.record(help_request=of("ana"), what="looked", by=get_user_model().objects.get(username="carol"))

    def sit_down(name: str, scheme: str = "light") -> Visitor:
        who, context = visitor(browser, site, color_scheme=scheme)
        contexts.append(context)
        who.sign_in(name)
        return who

    yield sit_down
    for context in contexts:
        context.close()


def fits(who: Visitor) -> None:
    assert who.page.locator("h1").count() == 1, who.page.url
    for wide, high in ((1280, 900), (360, 740)):
        who.page.set_viewport_size({"width": wide, "height": high})
        over = who.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, f"{who.page.url} is {over} px wider than {wide}"
        scan(who)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_desk(seat: Any, scheme: str) -> None:
    carol = seat("carol", scheme)
    for path in (
        "/admin/",
        QUEUE,
        f"{QUEUE}?desk=closed&outcome=helped",
        f"{QUEUE}export/?desk=mine",
        f"/admin/intake/advocate/{Advocate.objects.get(user__username='ana').pk}/change/",
        "/admin/intake/advocate/",
        "/admin/intake/export/",
    ):
        visit(carol, path)
        fits(carol)
    olga = seat("olga", scheme)
    for path in ("/admin/", "/admin/intake/history/", "/admin/intake/consent/", "/admin/intake/retentionrun/"):
        visit(olga, path)
        fits(olga)


def test_an_advocate_finds_the_next_call_on_a_phone_and_exports_their_own(seat: Any) -> None:
    ana = seat("ana")
    page = ana.page
    page.get_by_text("The figures as a table").first.click()
    expect(page.get_by_role("table", name="Requests a day")).to_be_visible()
    page.get_by_role("link", name="2 overdue").click()
    expect(page.locator("#result_list")).to_contain_text("OVERDUE by 1 h")
    visit(ana, f"{QUEUE}?desk=mine")
    page.get_by_role("link", name="Export this list").click()
    page.get_by_role("button", name="Export as CSV").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what the file is for")
    page.get_by_role("link", name="Type your password").click()
    expect(page.get_by_label("Your password")).to_be_focused()
    scan(ana)
    page.get_by_label("What is the file for?").fill("Numbers for the board")
    page.get_by_label("Your password").fill(PASSWORD)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))
    assert len(rows) == 1 + 4
    assert "Maria" not in str(rows)
    assert Export.objects.get().rows == 4


def test_without_script_the_desk_works_too(browser: Browser, seat: Any, site: str) -> None:
    who, context = visitor(browser, site, java_script_enabled=False)
    who.sign_in("carol")
    who.page.get_by_role("link", name="unassigned").click()
    expect(who.page.locator("#result_list tbody tr")).to_have_count(3)
    context.close()
