"""What a family tells us stays with us: not in a log, an address, the broker, a mail or a clear column."""

import base64
import json
import logging
import os
import re
from typing import Any

import pytest
import redis
from django.apps import apps
from django.db import connection
from django.test import Client

from intake import promises, tasks
from intake.models import HelpRequest
from intake.sample_desk import load_sample_desk
from navigator.logs import ScrubbedFormatter

pytestmark = pytest.mark.django_db
NAME, EMAIL, PHONE = "Canary Q. Family", "canary@quiet.example", "312-555-0177"
TOLD = {
    "who": {"for_whom": "someone"},
    "told": {"disease": "peritoneal"},
    "where": {"zip": "59935"},
    "travel": {"travel": "any"},
    "help": {"wants": ["surgery", "trials"]},
    "cover": {"cover": "medicaid"},
    "served": {"served": "yes"},
}
CONTACT = {
    "name": NAME,
    "reach_by": "email",
    "email": EMAIL,
    "phone": PHONE,
    "may_leave_message": "no",
    "agrees": "on",
}
TIMES = {"best_time": "evening", "time_zone": "America/Denver", "language": "en"}
SECRETS = re.compile(r"Canary|quiet\.example|555-?0177|5550177|peritoneal|59935|medicaid", re.IGNORECASE)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')


def send(client: Client, path: str, data: dict[str, Any], asked: list[str]) -> None:
    """Fill in one page as a browser does; note every address that it leads through."""
    hidden = dict(HIDDEN.findall(client.get(path).content.decode()))
    answer = client.post(path, {**hidden, **data}, follow=True)
    asked += [path, *(url for url, _ in answer.redirect_chain)]


@pytest.fixture
def asked(client: Client) -> list[str]:
    """The whole way; the addresses on it."""
    load_sample_desk(password="a password of the tests")
    addresses: list[str] = []
    for step, data in TOLD.items():
        send(client, f"/match/{step}/", data, addresses)
    send(client, "/match/results/", {"after_list": "help"}, addresses)
    send(client, "/match/contact/", CONTACT, addresses)
    send(client, "/match/times/", TIMES, addresses)
    assert not SECRETS.search(waiting_session()), "answers that wait are encrypted"
    send(client, "/match/check/", {}, addresses)
    assert HelpRequest.objects.get().name == NAME
    return addresses


def waiting_session() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM django_session")
        return str(cursor.fetchall())


def test_no_address_tells(asked: list[str]) -> None:
    assert not [address for address in asked if SECRETS.search(address)]
    assert not [address for address in asked if "?" in address]


def test_no_log_line_tells(caplog: pytest.LogCaptureFixture, client: Client, request: pytest.FixtureRequest) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("django.db.backends").setLevel(logging.INFO)
        request.getfixturevalue("asked")
        promises.sweep()
    assert not [record.getMessage() for record in caplog.records if SECRETS.search(record.getMessage())]


FINDER = (
    "/find-care/near/?zip=59935&kind=peritoneal&radius=any",
    "/find-care/near/?zip=59935-0001&has=hipec&way=video",
    "/find-care/near/?zip=59935&radius=peritoneal",
    "/find-care/compare/?program=none&zip=59935",
    "/find-care/call-sheet/?center=none&zip=59935",
    "/find-care/by-name/?name=Canary",
    "/find-care/near?zip=59935",
    "/find-care/nowhere/?zip=59935",
)


@pytest.mark.parametrize("breaks", [False, True])
def test_no_log_line_tells_what_was_looked_for(
    caplog: pytest.LogCaptureFixture, client: Client, monkeypatch: pytest.MonkeyPatch, breaks: bool
) -> None:
    """As it is written to the log, with the pages working and with each of them failing."""
    if breaks:
        for name in ("doctors.matching.rank_or_widen", "doctors.choosing.read", "navigator.search.asking.find"):
            monkeypatch.setattr(name, lambda *args, **kwargs: 1 // 0)
    client.raise_request_exception = False
    caplog.handler.setFormatter(ScrubbedFormatter("%(levelname)s %(name)s %(message)s"))
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("django.db.backends").setLevel(logging.INFO)
        answers = [client.get(path, headers={"referer": "https://testserver" + path}) for path in FINDER]
    assert (500 in {answer.status_code for answer in answers}) is breaks
    assert ("ERROR" in caplog.text) is breaks
    assert not SECRETS.search(caplog.text)


def test_no_message_in_the_broker_tells(asked: list[str]) -> None:
    broker = redis.Redis.from_url(os.environ["REDIS_URL"])
    tasks.keep_promise.apply_async((HelpRequest.objects.get().promises.first().pk,), queue="looked-at")
    (message,) = broker.lrange("looked-at", 0, -1)
    broker.delete("looked-at")
    assert json.loads(message)["headers"]["argsrepr"].strip("(,)").isdigit()
    assert not SECRETS.search(message.decode() + base64.b64decode(json.loads(message)["body"]).decode())
    for key in broker.scan_iter():
        held = broker.dump(key) or b""
        assert not SECRETS.search(held.decode(errors="replace")), key


def test_no_mail_tells_more_than_a_name_to_its_owner(asked: list[str], mailoutbox: list[Any]) -> None:
    promises.sweep()
    assert len(mailoutbox) == 2
    for mail in mailoutbox:
        to_family = mail.to == [EMAIL]
        text = mail.subject + mail.from_email + mail.body.replace(f"Hello {NAME}," if to_family else "", "")
        assert not SECRETS.search(text), text


def test_no_column_of_the_database_tells(asked: list[str]) -> None:
    promises.sweep()
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.app_label in ("content", "doctors"):
                continue  # our own texts and places: public
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608
            held = SECRETS.findall(str(cursor.fetchall()))
            assert held == [], model


def test_the_answers_leave_the_session_when_they_are_sent(asked: list[str], client: Client) -> None:
    assert "answers" not in json.dumps(dict(client.session))


def test_personal_pages_are_stored_nowhere(asked: list[str], client: Client) -> None:
    for path in ("/match/who/", "/match/done/", "/talk/who/"):
        answer = client.get(path)
        assert "no-store" in answer["Cache-Control"], path
        assert answer["X-Robots-Tag"] == "noindex", path
