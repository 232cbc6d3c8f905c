"""Every act of a request's page: done, refused, typed by nobody's hand, on a stale page, and by everybody."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from intake import booking, planning, promises, sharing, triage
from intake.admin.acts import ACTS, last_change
from intake.models import Conversation, HelpRequest, Note, Promise
from intake.sample_desk import load_sample_desk
from navigator.encryption import lookup_hash
from tests.intake import hostile
from tests.intake.desk import advocate, as_, of, page
from tests.intake.factories import UserFactory
from tests.intake.family import known, other

pytestmark = pytest.mark.django_db

CALL_AT = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _desk() -> None:
    load_sample_desk(password="a password of the tests")


def mine(name: str = "ana", **fields: Any) -> HelpRequest:
    """On somebody's desk, with consent, so that every act has something to work on."""
    fields = {"status": "reached", "first_contact_at": timezone.now(), **fields}
    return known(advocate=advocate(name), assigned_at=timezone.now(), **fields)


def url(request: HelpRequest, act: str) -> str:
    return reverse("admin:intake_helprequest_act", args=[request.pk, act])


def post(client: Client, request: HelpRequest, act: str, **data: Any) -> Any:
    return client.post(url(request, act), {"seen": last_change(request), **data})


def ready(act: str, name: str = "ana") -> tuple[HelpRequest, dict[str, Any]]:
    """A request at which `act` makes sense, and what is typed for it."""
    if act == "take":
        return known(), {}
    if act == "let-in":
        return known(set_aside_because="haste"), {}
    request = mine(name)
    staff: Any = advocate(name).user
    day = timezone.now().astimezone(request.zone).date().isoformat()
    typed: dict[str, dict[str, Any]] = {
        "call": {"result": "reached"},
        "next-step": {"step": "Ask for slides", "on": "2027-01-04"},
        "note": {"body": "Prefers short calls"},
        "message": {"body": "I have the dates for you."},
        "done": {"code": "records_asked", "on": day},
        "not-done": {"code": "records_asked"},
        "plan-add": {"kind": "document", "text": "Pathology report"},
        "share-ask": {"receiver": "Lake Hospital", "what": ["contact"]},
        "contact": {"who": "asker", "phone": "312-555-0188", "not_times": ["sunday"]},
        "name": {"role": "helper", "name": "Rosa Other", "email": "rosa@other.example", "phone": ""},
        "withdraw": {"how": "phone"},
        "raise": {"reason": "I do not know the rule"},
        "reassign": {"to": advocate("carol" if name == "ben" else "ben").pk, "reason": "vacation"},
        "close": {"outcome": "helped"},
    }
    data = typed.get(act, {})
    if act in ("held", "missed"):
        start = (timezone.now() - CALL_AT).replace(minute=0, second=0, microsecond=0)
        call = Conversation.objects.create(help_request=request, advocate=advocate(name), starts_at=start)
        data = {"conversation": call.pk}
    elif act in ("move", "cancel"):
        times = booking.open_times(state=request.state, language=request.language, zone=request.zone)
        call = booking.book(help_request=request, starts_at=times[-1], way="phone", by=staff)
        data = {"conversation": call.pk}
        data |= {"starts_at": f"{times[-2]:%Y-%m-%dT%H:%MZ}"} if act == "move" else {}
        request.refresh_from_db()
        if request.advocate != advocate(name):
            triage.reassign(help_request=request, to=advocate(name), reason="back", by=staff)
    elif act in ("agreed", "leave"):
        data = {"participant": other(request, agreed_at=None).pk, "how": "phone"}
    elif act == "not-done":
        triage.do_step(help_request=request, code="records_asked", on=timezone.now().date() - CALL_AT * 48, by=staff)
    elif act.startswith("plan-") and act != "plan-add":
        item = planning.add_item(help_request=request, kind="document", text="Scans", by=staff)
        data = {} if act == "plan-show" else {"item": item.pk}
    elif act.startswith("share") and act != "share-ask":
        asked = sharing.ask(help_request=request, receiver="Lake Hospital", what=["contact"], by=staff)
        if act in ("shared", "share-end"):
            sharing.agree(sharing=asked, words=sharing.words_of(asked), how="page")
        data = {"sharing": asked.pk} if act == "shared" else {"sharing": asked.pk, "how": "phone"}
    elif act == "settle":
        triage.escalate(help_request=request, reason="Help", by=staff)
    elif act == "seen":
        HelpRequest.objects.filter(pk=request.pk).update(news_since=timezone.now())
    elif act == "reopen":
        triage.close(help_request=request, outcome="helped", by=staff)
    elif act == "merge":
        data = {"other": mine(name).pk}
    request.refresh_from_db()
    return request, data


def who_does(act: str) -> str:
    return "carol" if act == "settle" else "ana"


@pytest.mark.parametrize("act", ACTS)
def test_each_act_is_offered_done_and_written_down(act: str) -> None:
    request, data = ready(act)
    client, before = as_(who_does(act)), last_change(request)
    assert f'id="act-{act}"' in client.get(page(request)).content.decode()
    answer = client.post(url(request, act), {"seen": before, **data}, follow=True)
    assert answer.status_code == 200
    assert f"{ACTS[act].label}: done." in answer.content.decode()
    assert last_change(request) > before
    newest = request.history.exclude(what__in=["looked", "wrote"]).order_by("-pk").first()
    assert newest is not None
    assert newest.by is not None
    assert newest.by.username == who_does(act)
    assert not LogEntry.objects.exists(), "history says it, with none of their words"


@pytest.mark.parametrize("act", ACTS)
def test_a_stale_page_says_what_changed_and_keeps_what_was_typed(act: str) -> None:
    request, data = ready(act)
    client, before = as_(who_does(act)), last_change(request)
    triage_by = advocate("carol").user
    Note.objects.create(help_request=request, kind="staff", body="Other", by=triage_by)
    request.history.create(what="note", by=triage_by)
    kept = list(HelpRequest.objects.order_by("pk").values())
    answer = client.post(url(request, act), {"seen": before, **data})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Note written by carol" in text
    assert list(HelpRequest.objects.order_by("pk").values()) == kept
    for typed in ("step", "body", "text", "receiver", "reason"):
        assert data.get(typed, "") in text


@pytest.mark.parametrize("seen", ["", "x", "9" * 400, "-1"])
def test_a_page_that_names_no_line_is_stale(seen: str) -> None:
    request, data = ready("close")
    assert as_("ana").post(url(request, "close"), {"seen": seen, **data}).status_code == 409
    request.refresh_from_db()
    assert request.status == "reached"


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("who", "status"),
    [("", 302), ("stranger", 403), ("olga", 403), ("ana", 404)],
)
def test_who_may_not_does_nothing_at_somebody_elses(act: str, who: str, status: int) -> None:
    UserFactory(username="stranger")
    request, data = ready(act, "ben")
    if act in ("take", "let-in"):
        request.advocate, request.status, request.assigned_at = advocate("ben"), "assigned", timezone.now()
        request.set_aside_because = ""
        request.save()
    kept = list(HelpRequest.objects.order_by("pk").values())
    lines = request.history.count()
    client = as_(who) if who else Client()
    assert post(client, request, act, **data).status_code == status
    assert client.get(page(request)).status_code == status
    assert list(HelpRequest.objects.order_by("pk").values()) == kept
    assert request.history.count() == lines


@pytest.mark.parametrize("act", [name for name in ACTS if name != "take"])
@pytest.mark.parametrize("who", ["carol", "admin"])
def test_leads_and_who_runs_the_site_may_do_everything(act: str, who: str) -> None:
    request, data = ready(act, "ben")
    if act == "reassign":
        data["to"] = advocate("ana").pk
    assert post(as_(who), request, act, **data).status_code == 302
    assert last_change(request) > 0


def test_only_a_lead_settles() -> None:
    request, _ = ready("settle")
    assert post(as_("ana"), request, "settle").status_code == 403
    assert 'id="act-settle"' not in as_("ana").get(page(request)).content.decode()
    request.refresh_from_db()
    assert request.escalated_at


def test_rows_of_another_request_are_no_choice() -> None:
    for act in ("plan-done", "plan-remove", "shared", "share-end", "share-yes", "held", "leave", "cancel"):
        request, _ = ready(act)
        _, foreign = ready(act, "ben")
        answer = post(as_("ana"), request, act, **foreign)
        assert answer.status_code == 422, act
        assert "Choose" in answer.content.decode()


def test_an_error_stands_in_the_summary_and_beside_its_field() -> None:
    request, _ = ready("next-step")
    answer = post(as_("ana"), request, "next-step", step="", on="soon")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: " in text
    assert '<a href="#next-step-step">Set the next step: Write what happens next</a>' in text
    assert 'id="next-step-on_error"' in text
    assert 'aria-describedby="next-step-on_error"' in text
    assert 'value="soon"' in text


def test_what_the_verb_refuses_is_said_as_well() -> None:
    request, _ = ready("plan-add")
    answer = post(as_("ana"), request, "plan-add", kind="document", text="Report from [place]")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert '<a href="#act-plan-add">Add a line to the plan: Fill in what stands in square brackets.</a>' in text
    assert "Report from [place]" in text


@pytest.mark.parametrize("act", ["call", "next-step", "plan-add", "share-ask", "raise", "reassign", "name"])
def test_what_nobody_types_is_refused_or_cleaned(act: str) -> None:
    _, right = ready(act)
    client = as_("carol")
    for what, data in hostile.fields(right):
        request = mine()
        answer = post(client, request, act, **data)
        assert answer.status_code in (302, 409, 422), what
        request.refresh_from_db()
        assert "<script>alert" not in answer.content.decode()
        assert "\x00" not in (request.next_step or "") + request.routing_reason
        assert "\u202e" not in (request.next_step or "") + request.routing_reason


@pytest.mark.parametrize("act", ["call", "note", "share-ask", "merge", "plan-done"])
def test_bodies_that_no_browser_sends_change_nothing(act: str) -> None:
    request, right = ready(act)
    client, before = as_("ana"), last_change(request)
    for what, body, kind in hostile.bodies(right):
        answer = client.post(url(request, act), body, content_type=kind)
        assert answer.status_code in (400, 409, 413, 422), what
    assert last_change(request) == before


class TestWriting:
    """An act that writes to the family shows the message first."""

    def test_the_first_step_shows_it_and_does_nothing(self) -> None:
        request, _ = ready("close")
        answer = post(as_("ana"), request, "close", outcome="answered", write="on")
        assert answer.status_code == 200
        assert "question is answered" in answer.content.decode()
        assert 'name="outcome" value="answered"' in answer.content.decode()
        request.refresh_from_db()
        assert request.status == "reached"
        assert not request.notes.exists()

    def test_the_second_step_does_it_and_writes(self) -> None:
        request, _ = ready("close")
        data = {"outcome": "answered", "write": "on", "previewed": "1", "message": "All the best from Ana."}
        assert post(as_("ana"), request, "close", **data).status_code == 302
        request.refresh_from_db()
        assert request.outcome == "answered"
        assert request.notes.get(kind="to_family").body == "All the best from Ana."
        assert request.promises.pending().filter(kind=Promise.Kind.TELL_NEWS).exists()

    def test_or_does_it_in_silence(self) -> None:
        request, _ = ready("close")
        data = {"outcome": "answered", "write": "on", "previewed": "1", "message": "x", "silent": "on"}
        assert post(as_("ana"), request, "close", **data).status_code == 302
        request.refresh_from_db()
        assert request.status == "closed"
        assert not request.notes.exists()

    @pytest.mark.parametrize("message", ["", " \u200b", "x" * 2001])
    def test_an_empty_or_long_message_is_asked_again(self, message: str) -> None:
        request, _ = ready("close")
        data = {"outcome": "answered", "write": "on", "previewed": "1", "message": message}
        answer = post(as_("ana"), request, "close", **data)
        assert answer.status_code == 422
        request.refresh_from_db()
        assert request.status == "reached"
        assert not request.notes.exists()

    @pytest.mark.parametrize("outcome", ["withdrawn", "spam"])
    def test_who_wants_no_word_gets_none(self, outcome: str) -> None:
        request, _ = ready("close")
        assert post(as_("ana"), request, "close", outcome=outcome, write="on").status_code == 302
        assert not request.notes.exists()

    def test_a_stale_second_step_keeps_the_message(self) -> None:
        request, _ = ready("close")
        seen = last_change(request)
        triage.set_next_step(help_request=request, step="Other", on=None, by=advocate("carol").user)
        data = {"seen": seen, "outcome": "answered", "write": "on", "previewed": "1", "message": "Dear Maria"}
        answer = as_("ana").post(url(request, "close"), data)
        assert answer.status_code == 409
        assert "Dear Maria" in answer.content.decode()

    @pytest.mark.parametrize("act", ["take", "wait", "call", "reopen"])
    def test_each_other_change_has_its_words(self, act: str) -> None:
        request, data = ready(act)
        answer = post(as_("ana"), request, act, write="on", **data)
        assert answer.status_code == 200
        assert "Send and save" in answer.content.decode()


def test_a_next_try_is_read_on_the_familys_clock() -> None:
    request = of("ana", time_zone="America/Los_Angeles")
    day = timezone.now().astimezone(request.zone).date() + timedelta(days=2)
    while day.weekday() > 4:
        day += timedelta(days=1)
    answer = post(as_("ana"), request, "call", result="no_answer", next_try=f"{day:%Y-%m-%d}T14:30")
    assert answer.status_code == 302
    request.refresh_from_db()
    assert request.next_try_at is not None
    assert f"{request.next_try_at.astimezone(request.zone):%Y-%m-%d %H:%M}" == f"{day:%Y-%m-%d} 14:30"
    refused = post(as_("ana"), request, "call", result="no_answer", next_try=f"{day:%Y-%m-%d}T23:30")
    assert refused.status_code == 422
    assert "may not call them at that time" in refused.content.decode()


@pytest.mark.parametrize(("may", "status"), [(True, 302), (False, 422)])
def test_a_message_is_logged_only_where_one_may_be_left(may: bool, status: int) -> None:
    request = mine(may_leave_message=may)
    assert ("Left a message" in as_("ana").get(page(request)).content.decode()) is may
    assert post(as_("ana"), request, "call", result="left_message").status_code == status
    request.refresh_from_db()
    assert request.tries == int(may)


def test_a_person_named_on_the_phone_is_asked_and_not_called() -> None:
    request, data = ready("name")
    assert post(as_("ana"), request, "name", **data).status_code == 302
    person = request.participants.get()
    assert (person.name, person.agreed_at, person.time_zone) == ("Rosa Other", None, request.time_zone)
    assert request.promises.pending().filter(kind=Promise.Kind.INVITE, participant=person).count() == 1


class TestAnotherWayToReachThem:
    def test_what_changes_changes_and_the_rest_stays(self, mailoutbox: list[Any]) -> None:
        request = mine(email="maria@family.example", phone="+13125550142", not_times="evening")
        assert post(as_("ana"), request, "contact", who="asker", email="new@family.example").status_code == 302
        request.refresh_from_db()
        assert (request.email, request.phone, request.not_times) == ("new@family.example", "+13125550142", "evening")
        assert (request.email_hash, request.news_since) == (lookup_hash("new@family.example"), None)
        promises.sweep()
        told = {mail.to[0]: mail.body for mail in mailoutbox if mail.subject == "Your details were changed"}
        assert set(told) == {"maria@family.example", "new@family.example"}
        assert "/my/" not in told["maria@family.example"]

    def test_times_not_to_call_are_replaced_or_freed(self) -> None:
        request = mine(not_times="evening")
        for ticked, kept in ((["sunday", "morning"], "morning sunday"), (["free"], "")):
            assert post(as_("ana"), request, "contact", who="asker", not_times=ticked).status_code == 302
            request.refresh_from_db()
            assert request.not_times == kept

    def test_somebody_else_who_agreed_has_a_contact_of_their_own(self) -> None:
        request = mine()
        rosa, asked = other(request), other(request, agreed_at=None)
        data = {"may_leave_message": "yes", "language": "es"}
        assert post(as_("ana"), request, "contact", who=asked.pk, **data).status_code == 422
        assert post(as_("ana"), request, "contact", who=rosa.pk, **data).status_code == 302
        rosa.refresh_from_db()
        assert (rosa.may_leave_message, rosa.language, rosa.phone) == (True, "es", None)

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            ({}, "Fill in what changes"),
            ({"who": "", "phone": "312-555-0188"}, "Choose who"),
            ({"phone": "12"}, "Enter a phone number with its area code"),
            ({"reach_by": "phone"}, "We have none: enter it, or reach them in the other way"),
            ({"not_times": [*HelpRequest.NotTimes.values]}, "Leave at least one time free"),
        ],
    )
    def test_what_cannot_be_is_said_beside_the_field(self, data: dict[str, Any], sentence: str) -> None:
        request = mine(phone=None, reach_by="email")
        answer = post(as_("ana"), request, "contact", **{"who": "asker", **data})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not request.history.filter(what="contact_changed").exists()


def test_a_withdrawal_told_on_the_phone_closes_it_for_good() -> None:
    request, data = ready("withdraw")
    assert post(as_("ana"), request, "withdraw", **data).status_code == 302
    request.refresh_from_db()
    assert request.outcome == "withdrawn"
    line = request.consents.last()
    assert line is not None
    assert (line.act, line.how, line.by) == ("withdrawn", "phone", advocate("ana").user)
    answer = post(as_("ana"), request, "reopen")
    assert answer.status_code == 422
    assert "took its consent back" in answer.content.decode()


def test_a_time_that_is_not_open_is_no_choice() -> None:
    request, data = ready("move")
    for starts_at in ("2026-01-05T15:00Z", "x", "9" * 400, ""):
        answer = post(as_("ana"), request, "move", **{**data, "starts_at": starts_at})
        assert answer.status_code == 422
        assert "Choose one of the times" in answer.content.decode()
