"""What leaves by mail: a link, never the story."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from intake import booking, calendar_file, emails, people, promises, triage
from intake.models import HelpRequest, Message, Promise
from navigator import identity
from tests.intake.factories import AdvocateFactory, ConversationFactory, HelpRequestFactory, PromiseFactory

pytestmark = pytest.mark.django_db
BANNED = re.compile(r"mesothelioma|cancer|oncolog|second opinion|doctor|tumou?r|pleural|nurse", re.IGNORECASE)
SLOT = datetime(2030, 1, 7, 16, tzinfo=UTC)


@pytest.fixture
def everything(mailoutbox: list[Any]) -> list[Any]:
    """One mail of every kind that there is."""
    advocate = AdvocateFactory()
    lead = AdvocateFactory(is_lead=True, states="")
    conversation = ConversationFactory(advocate=advocate, starts_at=SLOT)
    booked = conversation.help_request
    new, aside = HelpRequestFactory(), HelpRequestFactory(set_aside_because="haste")
    desk = HelpRequestFactory(
        advocate=advocate, status="assigned", assigned_at=timezone.now(), answers='{"a": "pleural"}'
    )
    for kind, request, key in [
        ("acknowledge", desk, "a:1"),
        ("tell_advocate", desk, f"tell_advocate:{desk.pk}:{advocate.pk}:x"),
        ("wake_lead", new, "w:1"),
        ("escalate", desk, "e:1"),
        ("tell_late", desk, "t:1"),
        ("confirm", booked, f"confirm:{conversation.pk}:0"),
        ("remind", booked, f"remind:{conversation.pk}:0:day"),
        ("tell_cancelled", booked, "c:1"),
        ("missed", booked, "m:1"),
        ("tried", desk, "tried:1"),
        ("tell_news", desk, "tell_news:1"),
        ("send_link", desk, "send_link:1"),
        ("raised", desk, "raised:1"),
        ("hand_over", desk, "hand_over:1"),
        ("set_aside", aside, "set_aside:1"),
    ]:
        about = conversation if request == booked else None
        PromiseFactory(kind=kind, help_request=request, key=key, conversation=about)
    assert lead
    HelpRequest.objects.filter(pk=desk.pk).update(escalated_at=timezone.now(), next_try_at=SLOT)
    father = {"name": "Jo Sample", "email": "jo@family.example", "reach_by": "email"}
    people.add(help_request=desk, role="patient", contact=father)
    people.change_contact(person=desk, contact={"phone": "+13125550199"})
    while promises.sweep():
        pass
    return mailoutbox


def test_every_kind_of_promise_that_mails_has_mailed(everything: list[Any]) -> None:
    mailed = set(Message.objects.values_list("promise__kind", flat=True))
    assert mailed == set(Promise.Kind.values) - {"route"}
    assert not Promise.objects.filter(kind__in=mailed, done_at=None, due_at__lte=timezone.now()).exists()


def test_no_subject_sender_or_body_tells_why(everything: list[Any]) -> None:
    for mail in everything:
        assert not BANNED.search(mail.subject), mail.subject
        assert not BANNED.search(mail.from_email)
        words = mail.body.replace(emails.identity.current().funding, "")
        assert not BANNED.search(words), words


def test_text_and_html_say_the_same_and_carry_no_pixel(everything: list[Any]) -> None:
    for mail in everything:
        (html, mimetype), *_ = mail.alternatives
        assert mimetype == "text/html"
        assert "<img" not in html
        addresses = set(re.findall(r'href="(http[^"]+)"', html))
        assert all(address.startswith("http://127.0.0.1:8000/") for address in addresses)
        assert addresses


def test_every_link_in_every_mail_leads_somewhere(everything: list[Any], client: Client) -> None:
    """A family's opens its page; one of staff leads to the door of the desk."""
    opened = 0
    for mail in everything:
        (html, _), *_ = mail.alternatives
        in_text = set(re.findall(r"http://127\.0\.0\.1:8000(/\S+)", mail.body))
        in_html = set(re.findall(r'href="http://127\.0\.0\.1:8000(/[^"]+)"', html))
        assert in_text <= in_html | {"/"}
        for path in in_text | in_html:
            answer = client.get(path)
            if path.startswith("/admin/"):
                assert answer["Location"].startswith("/admin/login/"), path
            else:
                assert answer.status_code == 200, (mail.subject, path)
            opened += 1
    assert opened >= len(everything)


def test_a_second_try_sends_the_same_mail_under_the_same_id(
    monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]
) -> None:
    owed = PromiseFactory(kind="acknowledge", key="acknowledge:9")

    def away(*args: Any, **kwargs: Any) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", away)
        assert promises.keep_one(owed.pk) is False
    stored = Message.objects.get()
    Promise.objects.filter(pk=owed.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    assert promises.keep_one(owed.pk)
    assert mailoutbox[0].extra_headers["Message-ID"] == stored.message_id
    assert mailoutbox[0].body == stored.body
    stored.refresh_from_db()
    assert stored.sent_at


def test_nothing_is_said_to_a_family_without_an_address(mailoutbox: list[Any]) -> None:
    owed = PromiseFactory(kind="acknowledge", help_request=HelpRequestFactory(email=None))
    assert promises.keep_one(owed.pk)
    assert mailoutbox == []


def test_a_moved_conversation_is_not_reminded_of_at_its_old_time(mailoutbox: list[Any]) -> None:
    conversation = ConversationFactory(sequence=1)
    request = conversation.help_request
    owed = PromiseFactory(
        kind="remind", key=f"remind:{conversation.pk}:0:day", help_request=request, conversation=conversation
    )
    assert promises.keep_one(owed.pk)
    assert mailoutbox == []


def test_an_advocate_who_no_longer_has_it_hears_nothing(mailoutbox: list[Any]) -> None:
    request = HelpRequestFactory(advocate=AdvocateFactory(), status="assigned", assigned_at=timezone.now())
    owed = PromiseFactory(kind="tell_advocate", key=f"tell_advocate:{request.pk}:0:x", help_request=request)
    assert promises.keep_one(owed.pk)
    assert mailoutbox == []


@pytest.mark.parametrize("kind", ["escalate", "tell_late"])
def test_a_call_that_was_made_wakes_nobody(kind: str, mailoutbox: list[Any]) -> None:
    request = HelpRequestFactory(
        advocate=AdvocateFactory(), status="reached", assigned_at=timezone.now(), first_contact_at=timezone.now()
    )
    owed = PromiseFactory(kind=kind, help_request=request)
    assert promises.keep_one(owed.pk)
    assert mailoutbox == []


def test_a_late_call_is_told_with_its_new_time_and_promised_again(mailoutbox: list[Any]) -> None:
    advocate = AdvocateFactory()
    old = timezone.now() + timedelta(minutes=10)
    request = HelpRequestFactory(advocate=advocate, status="assigned", assigned_at=timezone.now(), contact_by=old)
    owed = PromiseFactory(kind="tell_late", help_request=request)
    assert promises.keep_one(owed.pk)
    request.refresh_from_db()
    assert request.contact_by > old
    assert emails.local(request.contact_by, request.zone) in mailoutbox[0].body
    assert request.promises.filter(kind="tell_late", done_at=None).count() == 1
    assert request.history.filter(what="promise_moved").count() == 1


def test_times_are_on_the_readers_clock() -> None:
    assert emails.local(SLOT, ZoneInfo("America/Phoenix")) == "Monday, January 7, 9:00 a.m. MST"
    assert emails.local(SLOT.replace(hour=18), ZoneInfo("America/Chicago")) == "Monday, January 7, 12:00 p.m. CST"


@time_machine.travel(datetime(2026, 12, 1, 16, tzinfo=UTC), tick=False)
def test_a_calendar_follows_the_conversation() -> None:
    AdvocateFactory()
    request = HelpRequestFactory(kind="conversation")
    conversation = booking.book(help_request=request, starts_at=datetime(2026, 12, 3, 16, tzinfo=UTC), way="phone")
    first = event(calendar_file.ics(conversation))
    moved = booking.move(conversation=conversation, starts_at=datetime(2026, 12, 3, 17, tzinfo=UTC))
    second = event(calendar_file.ics(moved))
    booking.cancel(conversation=moved)
    moved.refresh_from_db()
    third = event(calendar_file.ics(moved))
    assert first["uid"] == second["uid"] == third["uid"]
    assert [e["sequence"] for e in (first, second, third)] == [0, 1, 2]
    assert third["status"] == "CANCELLED"
    assert first.decoded("dtstart") == datetime(2026, 12, 3, 16, tzinfo=UTC)
    assert not BANNED.search(calendar_file.ics(moved).decode())


@time_machine.travel(datetime(2026, 12, 1, 16, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(("is_off", "method"), [(False, "PUBLISH"), (True, "CANCEL")])
def test_a_calendar_is_one_that_programs_accept(is_off: bool, method: str) -> None:
    """What RFC 5545 and 5546 ask of a published entry and of one that is taken back."""
    conversation = ConversationFactory(starts_at=datetime(2026, 12, 3, 16, tzinfo=UTC))
    if is_off:
        booking.cancel(conversation=conversation)
        conversation.refresh_from_db()
    text = calendar_file.ics(conversation)
    assert text.count(b"\n") == text.count(b"\r\n") > 10
    assert max(map(len, text.split(b"\r\n"))) <= 75, "octets of a line"
    calendar = Calendar.from_ical(text)
    assert (calendar["version"], calendar["method"]) == ("2.0", method)
    assert calendar["prodid"]
    (entry,) = calendar.walk("VEVENT")
    assert entry["organizer"] == f"mailto:{identity.current().email}"
    assert {entry.decoded(name) for name in ("dtstamp", "last-modified")} == {conversation.changed_at}
    for name, at in (("DTSTART", "T160000Z"), ("DTEND", "T163000Z")):
        assert f"{name}:20261203{at}".encode() in text, "in UTC: no zone that a calendar must know"


def test_a_mail_carries_the_calendar_as_what_it_is(mailoutbox: list[Any]) -> None:
    AdvocateFactory()
    booked = booking.book(help_request=HelpRequestFactory(), starts_at=booking.open_times()[-1], way="phone")
    promises.sweep()
    (mail,) = [mail for mail in mailoutbox if mail.attachments]
    (file,) = [part for part in mail.message().walk() if part.get_filename()]
    assert (file.get_filename(), file.get_content_type()) == ("appointment.ics", "text/calendar")
    assert (file.get_param("method"), file.get_param("charset")) == ("PUBLISH", "utf-8")
    assert event(file.get_payload(decode=True))["uid"].startswith(f"call-{booked.pk}@")


def event(ics: bytes) -> Any:
    return Calendar.from_ical(ics).walk("VEVENT")[0]


def test_a_header_cannot_be_broken_by_what_was_typed(mailoutbox: list[Any]) -> None:
    request = HelpRequestFactory(name="Maria\r\nBcc: x@y.example")
    owed = PromiseFactory(kind="acknowledge", help_request=request)
    assert promises.keep_one(owed.pk)
    sent = message_from_bytes(mailoutbox[0].message().as_bytes())
    assert sent["Bcc"] is None


def test_what_was_typed_is_no_template(mailoutbox: list[Any]) -> None:
    typed = "{{ link }}{% now 'Y' %}{link} %(link)s ${link}"
    owed = PromiseFactory(kind="acknowledge", help_request=HelpRequestFactory(name=typed))
    assert promises.keep_one(owed.pk)
    assert f"Hello {typed}," in mailoutbox[0].body


def test_a_closed_request_hears_nothing_more(mailoutbox: list[Any]) -> None:
    owed = PromiseFactory(kind="acknowledge")
    triage.close(help_request=owed.help_request, outcome="answered")
    assert HelpRequest.objects.get().promises.filter(done_at=None).count() == 0
    assert promises.keep_one(owed.pk) is False
    assert mailoutbox == []
