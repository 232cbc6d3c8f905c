"""What a family takes home is everything: a column that is in no file and has no reason to be left out fails here."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.test import Client

from intake import downloading, erasing, links, notes, people
from intake.links import Opened
from intake.models import (
    Consent,
    HelpRequest,
    History,
    Message,
    Participant,
    PlanItem,
    Promise,
    Sharing,
    Step,
)
from tests.intake.factories import AdvocateFactory, ConversationFactory, PromiseFactory
from tests.intake.family import address, known, other, send
from tests.intake.pages import sound

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)
START = datetime(2026, 12, 3, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def whole() -> HelpRequest:
    """A request with a row of everything, and somebody else in it."""
    ana = AdvocateFactory(first_name="Ana")
    request = known(
        kind="conversation", advocate=ana, assigned_at=NOW, status="reached", first_contact_at=NOW,
        answers=json.dumps({"disease": "pleural", "wants": ["surgery", "trials"], "travel": "150"}),
        access_needs="Large print", questions='["costs"]', next_step="Ask for the slides", plan_shown_at=NOW,
    )  # fmt: skip
    rosa = other(request, phone="+13125550166")
    ConversationFactory(help_request=request, advocate=ana, starts_at=START)
    notes.for_staff(help_request=request, body="Staff wrote this", by=ana.user)
    notes.to_family(help_request=request, body="Written to the family", by=ana.user)
    notes.from_family(help_request=request, body="Written by Maria")
    notes.from_family(help_request=request, body="Written by Rosa", participant=rosa)
    PlanItem.objects.create(help_request=request, kind="step", who="family", text="Call the plan", created_by=ana.user)
    Step.objects.create(help_request=request, code="slides_sent", done_on=NOW.date(), by=ana.user)
    Sharing.objects.create(help_request=request, receiver="Example Hospital", what='["name"]', asked_by=ana.user)
    for person, body in ((None, "Mail to Maria"), (rosa, "Mail to Rosa")):
        owed = PromiseFactory(help_request=request, participant=person)
        Message.objects.create(
            promise=owed, help_request=request, participant=person, to_family=True, recipient=body, subject="Hello",
            body=body, message_id=f"<{owed.pk}@x>",
        )  # fmt: skip
    return request


def held(request: HelpRequest, participant: Participant | None = None) -> dict[str, Any]:
    (part,) = json.loads(downloading.as_json(downloading.everything(Opened(request, participant))))["requests"]
    return part


def test_no_column_is_forgotten(whole: HelpRequest) -> None:
    """Walks every model that belongs to a request or to one of its people."""
    part = held(whole)
    mine = held(whole, whole.participants.get())
    in_file = {name: set(rows[0]) for name, rows in {**part, "person": mine["person"]}.items()}
    sections = {model: name for name, (_, model) in downloading.SECTIONS.items()}
    sections |= {HelpRequest: "request", Participant: "person"}
    owners = {HelpRequest, Participant}
    seen = []
    for model in apps.get_models():
        fields = model._meta.concrete_fields
        if model not in owners and not any(field.related_model in owners for field in fields):
            continue
        seen.append(model)
        assert model in sections, f"{model.__name__} is not in the download: give it a section"
        for field in fields:
            known_of = field.name in in_file[sections[model]] or downloading.is_left_out(field)
            assert known_of, f"{model.__name__}.{field.name} is neither in the download nor in LEFT_OUT"
    assert len(seen) >= 10


def test_a_reason_is_given_for_a_column_that_exists() -> None:
    names = {f"{model.__name__}.{field.name}" for model in apps.get_models() for field in model._meta.concrete_fields}
    names |= {f"*.{name.split('.')[1]}" for name in names}
    assert set(downloading.LEFT_OUT) <= names
    assert all(len(reason) > 10 for reason in downloading.LEFT_OUT.values())


@pytest.mark.parametrize("kind", ["json", "text"])
def test_who_asked_gets_everything_of_the_request(whole: HelpRequest, kind: str) -> None:
    file = downloading.download(opened=Opened(whole), kind=kind)
    for words in (
        "Maria Sample", "maria@family.example", "+13125550142", "Large print", "Ask for the slides", "costs",
        "Staff wrote this", "Written to the family", "Written by Maria", "Call the plan", "Example Hospital",
        "Mail to Maria", "Rosa Other", "606", whole.reference, "page", "IL",
    ):  # fmt: skip
        assert words in file, words
    for theirs in ("rosa@other.example", "5550166", "Mail to Rosa", "Written by Rosa"):
        assert theirs not in file, theirs
    assert whole.link_id not in file
    assert whole.email_hash not in file


def test_the_text_speaks_plainly_and_on_their_clock(whole: HelpRequest) -> None:
    HelpRequest.objects.update(time_zone="Pacific/Honolulu")
    whole.refresh_from_db()
    text = downloading.download(opened=Opened(whole), kind="text")
    for words in (
        "Thursday, December 3, 6:00 a.m. Hawaii",
        "Mesothelioma in the lining of the lung (pleural)",
        "Talk about surgery, Clinical trials",
        "CALLS",
        "Downloaded by the family",
        "Slides or blocks sent",
    ):
        assert words in text, words
    assert "None\n" not in text.replace("None.", "")
    assert "{" not in text


def test_somebody_else_gets_what_is_theirs(whole: HelpRequest) -> None:
    rosa = whole.participants.get()
    for kind in ("json", "text"):
        file = downloading.download(opened=Opened(whole, rosa), kind=kind)
        for words in ("Rosa Other", "rosa@other.example", "+13125550166", "Mail to Rosa", "Written by Rosa",
                      "Written to the family", "Call the plan"):  # fmt: skip
            assert words in file, words
        for theirs in ("Maria", "maria@family.example", "5550142", "Large print", "Mail to Maria", "Written by Maria",
                       "Staff wrote this", "pleural", "Example Hospital", "Ask for the slides"):  # fmt: skip
            assert theirs not in file, theirs


@pytest.mark.parametrize(
    ("gets", "missing"), [("calls plan", {"notes"}), ("updates plan", {"conversations"}), ("updates calls", {"plan"})]
)
def test_somebody_else_gets_what_they_chose(whole: HelpRequest, gets: str, missing: set[str]) -> None:
    rosa = whole.participants.get()
    full = held(whole, rosa)
    rosa.gets = gets
    part = held(whole, rosa)
    for name in missing:
        assert len(part.get(name, [])) < len(full[name])
    for name in {"notes", "conversations", "plan"} - missing:
        assert part[name] == full[name]


def test_what_was_joined_is_in_it_if_it_is_their_own(whole: HelpRequest) -> None:
    for number, fields in enumerate(({}, {"email": "else@where.example", "phone": None})):
        known(name=f"Earlier{number}", status="closed", closed_at=NOW, outcome="duplicate", merged_into=whole, **fields)
    file = downloading.download(opened=Opened(whole), kind="json")
    assert [part["request"][0]["name"] for part in json.loads(file)["requests"]] == ["Maria Sample", "Earlier0"]
    assert "else@where.example" not in file


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_as_often_however_much_there_is(whole: HelpRequest, rows: int, django_assert_num_queries: Any) -> None:
    ana = whole.advocate
    assert ana
    for number in range(rows):
        notes.to_family(help_request=whole, body=f"Word {number}", by=ana.user)
        PlanItem.objects.create(help_request=whole, kind="place", text="A place", created_by=ana.user)
        ConversationFactory(help_request=whole, advocate=AdvocateFactory(), starts_at=START, cancelled_at=NOW)
    opened = links.find(links.token(whole))
    with django_assert_num_queries(11):
        downloading.everything(opened)


class TestThePage:
    @pytest.mark.parametrize(
        ("file", "content_type"), [("json", "application/json"), ("text", "text/plain; charset=utf-8")]
    )
    def test_the_file_is_stored_nowhere(self, client: Client, whole: HelpRequest, file: str, content_type: str) -> None:
        answer = send(client, address(whole, "my-download"), file=file)
        assert answer.status_code == 200
        assert answer["Content-Type"] == content_type
        assert answer["Content-Disposition"].startswith('attachment; filename="my-request.')
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex"
        assert "Maria Sample" in answer.content.decode()
        line = History.objects.get(what=History.What.DOWNLOADED)
        assert (line.detail, line.by) == (file, None)

    def test_to_look_at_the_page_makes_no_file(self, client: Client, whole: HelpRequest) -> None:
        text = sound(client.get(address(whole, "my-download")))
        assert "Maria" not in text
        assert not History.objects.filter(what=History.What.DOWNLOADED).exists()

    @pytest.mark.parametrize("file", ["", "xml", "json\x00"])
    def test_another_file_is_refused(self, client: Client, whole: HelpRequest, file: str) -> None:
        assert "Choose a file" in sound(send(client, address(whole, "my-download"), file=file))

    def test_nothing_is_left_to_take_after_deleting(self, client: Client, whole: HelpRequest) -> None:
        rosa = whole.participants.get()
        paths = [address(whole, "my-download"), address(rosa, "my-download")]
        people.leave(participant=rosa, how="page")
        assert client.post(paths[1], {"file": "json"}).status_code == 404
        erasing.erase(help_request=whole)
        assert client.post(paths[0], {"file": "json"}).status_code == 404
        assert Consent.objects.filter(help_request=whole).count() == 5
        assert Promise.objects.pending().count() == 0
