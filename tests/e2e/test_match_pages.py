"""The doctor match in a browser: Back keeps what was typed, Enter goes on, and a father is asked first."""

import os
import re

import pytest

from intake.models import HelpRequest
from tests.e2e.conftest import Visitor

pytestmark = pytest.mark.browser


def test_a_daughter_goes_back_and_forth_and_names_her_father(family: Visitor) -> None:
    family.go("/match/who/")
    family.choose("Someone I care for")
    family.press("Continue")
    family.choose("I am not sure")
    family.press("Continue")
    family.fill("Where do you live?", "6061")
    family.press("Back")
    family.see("What have you been told?")
    family.press("Continue")
    assert family.page.get_by_label("Where do you live?").input_value() == "6061"
    family.fill("Where do you live?", "60614")
    family.page.keyboard.press("Enter")  # the first button of the form goes on, not back
    family.page.wait_for_url("**/travel/")
    family.see("How far could you travel")
    family.look()
    for choice in ("I am not sure", "I am not sure", "I am not sure", "I prefer not to say"):
        family.choose(choice)
        family.press("Continue")
    family.choose("Ask a nurse advocate to help me")
    family.press("Continue")
    assert not family.page.locator("input[name=website]").is_visible(), "a trap for machines, and for no one else"
    family.fill("Full name", "Maria Sample")
    family.choose("E-mail")
    family.page.locator("input[name=email]").fill("maria@family.example")
    family.page.locator("input[name=may_leave_message][value=no]").check()
    family.page.locator("input[type=checkbox][name=agrees]").check()
    keep(family, "contact")
    family.press("Continue")
    family.choose("Any time")
    family.choose("Sundays")
    family.choose("Spanish")
    assert family.page.locator("select[name=time_zone]").input_value() == "America/Chicago"
    keep(family, "times")
    family.press("Continue")
    family.choose("Yes, the person who is ill")
    family.press("Continue")
    family.see("Enter their full name")
    family.fill("Their full name", "Jose Sample")
    family.fill("Their e-mail address", "jose@family.example")
    family.choose("The plan after a call")
    keep(family, "family")
    family.press("Continue")
    family.see("Jose Sample")
    keep(family, "check")
    family.press("Send to our nurse team")
    family.see("Until they say yes, nobody calls them")
    request = HelpRequest.objects.get()
    assert request.set_aside_because == ""
    assert (request.language, request.not_times, request.participants.get().name) == ("es", "sunday", "Jose Sample")
    assert not re.search("Maria|Jose|60614|not_sure", family.page.url)
    family.page.go_back()
    family.page.reload()
    family.see(request.reference)


def keep(family: Visitor, name: str) -> None:
    """A picture at both widths, for who wants to look: PICTURES names a folder."""
    if folder := os.environ.get("PICTURES"):
        for width in (1280, 360):
            family.page.set_viewport_size({"width": width, "height": 740})
            family.page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
