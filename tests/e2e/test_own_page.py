"""Two people of one family at their own pages, on a phone, with script and without: change, write, name, say yes, take
home, delete."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from intake import links, promises
from intake.models import Advocate, HelpRequest, Participant, Promise
from tests.e2e.conftest import Visitor
from tests.intake.family import address, known

pytestmark = pytest.mark.browser


@pytest.fixture
def request_(site: str) -> HelpRequest:
    ana = Advocate.objects.get(user__username="ana")
    return known(advocate=ana, assigned_at=ana.user.date_joined, status="assigned")


def test_a_family_keeps_its_own_page(family: Visitor, request_: HelpRequest) -> None:
    family.go(address(request_))
    family.see("Ana has your request")
    assert "Maria" not in family.page.title()

    family.press("Change how we reach you")
    family.fill("New phone number", "12")
    family.press("Save the changes")
    family.see("Enter a phone number with its area code")
    family.fill("New phone number", "773 555 0188")
    family.choose("Spanish")
    family.press("Save the changes")
    family.see("Your details are saved.")
    family.see("Ends in 0188")

    family.press("Write a note to us")
    family.fill("What should we know?", "We have the scans.")
    family.press("Send the note")
    family.see("We have the scans.")

    family.press("People in this request")
    family.choose("The person who is ill")
    family.fill("Their name", "Robert Sample")
    family.fill("Their e-mail address", "robert@family.example")
    family.press("Ask this person")
    family.see("We asked, and there is no answer yet.")
    family.go(address(request_))

    family.press("Download everything")
    family.choose("JSON, for a program")
    with family.page.expect_download() as taken:
        family.page.get_by_role("button", name="Download").click()
    held = json.loads(Path(taken.value.path()).read_text(encoding="utf-8"))
    assert held["requests"][0]["request"][0]["phone"] == "+17735550188"

    family.go(address(request_, "my-delete"))
    family.press("Delete everything")
    family.see("Tick the box")
    family.choose("Yes, delete it. I know that it cannot be brought back.")
    family.press("Delete everything")
    family.see(request_.reference)
    assert HelpRequest.objects.get().name is None
    assert family.page.request.get(family.home + address(request_)).status == 404


def test_who_was_named_says_yes_and_has_a_page(
    family: Visitor, request_: HelpRequest, mailoutbox: list[object]
) -> None:
    family.go(address(request_, "my-people"))
    family.choose("Somebody who helps")
    family.fill("Their name", "Rosa Other")
    family.fill("Their e-mail address", "rosa@other.example")
    family.press("Ask this person")
    promises.keep_one(Promise.objects.get(kind=Promise.Kind.INVITE).pk)
    (mail,) = mailoutbox
    found = re.search(r"https?://\S+/join/", mail.body)  # type: ignore[attr-defined]
    assert found
    family.go(urlsplit(found.group()).path)
    family.press("Send my answer")
    family.see("Choose yes or no")
    family.choose("Yes, I agree")
    family.press("Send my answer")
    family.see("This is your own page")
    family.see("Rosa Other")
    assert "Maria" not in family.page.inner_text("main")
    assert Participant.objects.get().is_in
    assert links.token(Participant.objects.get()).split(":")[0] in family.page.url
