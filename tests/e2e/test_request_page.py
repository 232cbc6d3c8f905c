"""A request's page at a phone and a wide screen: axe, nothing wider than the screen, and an act with its message."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from playwright.sync_api import Browser, expect

from intake import notes
from intake.models import HelpRequest
from tests.e2e.conftest import set_password, visitor
from tests.e2e.test_editors_pages import scan, visit
from tests.intake.desk import advocate, page
from tests.intake.family import known, other

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_an_advocate_works_a_request_on_a_phone(browser: Browser, site: str) -> None:
    ana: Any = get_user_model().objects.get(username="ana")
    set_password("ana")
    request = known(
        advocate=advocate("ana"), assigned_at=timezone.now(), status="reached", first_contact_at=timezone.now()
    )
    other(request)
    notes.for_staff(help_request=request, body="Prefers short calls", by=ana)
    who, context = visitor(browser, site)
    who.sign_in("ana")
    visit(who, page(request))
    for wide in (1280, 360):
        who.page.set_viewport_size({"width": wide, "height": 800})
        over = who.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, f"{over} px wider than {wide}"
        scan(who)
    who.page.get_by_text("Close it", exact=True).first.click()
    form = who.page.locator("#act-close")
    form.get_by_role("button", name="Close it").click()
    expect(who.page.get_by_role("alert")).to_contain_text("Choose an outcome")
    scan(who)
    who.page.locator("#act-close").get_by_label("Outcome").select_option("answered")
    who.page.locator("#act-close").get_by_role("button", name="Close it").click()
    expect(who.page.get_by_label("Message to the family")).to_contain_text("your question is answered")
    scan(who)
    who.page.get_by_role("button", name="Send and save").click()
    expect(who.page.get_by_text("Close it: done.")).to_be_visible()
    context.close()
    request = HelpRequest.objects.get(pk=request.pk)
    assert request.outcome == "answered"
    assert request.notes.filter(kind="to_family").count() == 1
