"""A family looks for a place on a phone, with script and without: by ZIP, by what it needs, by way; compares, prepares
its calls, and tells us what is wrong."""

import re

import pytest

from doctors.models import Report
from tests.e2e.conftest import Visitor

pytestmark = pytest.mark.browser


def test_a_son_finds_compares_prepares_his_calls_and_reports(family: Visitor) -> None:
    family.go("/find-care/near/")
    family.page.fill("#id_zip", "6061")
    family.press("Show places")
    family.see("Enter a 5-digit ZIP code, for example 60614.")
    assert family.page.input_value("#id_zip") == "6061"
    family.page.fill("#id_zip", "60614")
    family.page.get_by_text("More choices").click()
    family.choose("Clinical trials")
    family.press("Show places")
    family.see("Places near 60614")
    family.see("You asked for:")
    family.see("Not confirmed: ask")
    boxes = family.page.locator(".place input[type=checkbox]")
    assert boxes.count() > 3
    for number in range(2):
        boxes.nth(number).check()
    family.press("Compare them side by side")
    family.see("Places side by side")
    assert family.page.locator("main table th[scope=col]").count() >= 2
    family.page.go_back()
    boxes.first.check()
    family.press("Make a sheet for my calls")
    family.see("second opinion")
    family.page.go_back()
    family.press("Remove Clinical trials")
    assert "You asked for" not in family.page.inner_text("main")
    family.press("Send slides and scans only")
    family.see("Slides and scans travel, you do not.")
    family.page.locator(".place h3 a").first.click()
    family.look()
    family.see("Three ways to a second opinion")
    family.page.get_by_role("link", name=re.compile("^Report a problem")).first.click()
    family.look()
    family.press("Send the report")
    family.see("There is a problem")
    assert Report.objects.count() == 0, "an empty report is refused"
    family.choose("The phone number does not work")
    family.fill("Tell us more", "Nobody answers at this number.")
    family.press("Send the report")
    family.see("Thank you")
    assert Report.objects.get().words == "Nobody answers at this number."
    assert not family.page.context.cookies(), "the finder sets no cookie"


@pytest.mark.parametrize(
    "path", ["/find-care/near/?zip=99723", "/find-care/near/?state=WY&way=video", "/find-care/by-name/?name=dana"]
)
def test_results_at_every_width_and_by_keyboard(staff: Visitor, path: str) -> None:
    for width in (320, 360, 768, 1280):
        staff.page.set_viewport_size({"width": width, "height": 800})
        staff.go(path)
    for scheme in ("dark", "light"):
        staff.page.emulate_media(color_scheme=scheme)
        staff.go(path)
    links = staff.page.locator("main a:visible, main button:visible, main summary:visible, main input:visible").count()
    seen = set()
    for _ in range(links + 40):
        staff.page.keyboard.press("Tab")
        seen.add(staff.page.evaluate("document.activeElement.outerHTML.slice(0, 160)"))
    assert len(seen) > links // 2
