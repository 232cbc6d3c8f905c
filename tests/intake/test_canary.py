"""What a family tells is looked for in every place where it must not be in clear."""

import base64
import json
import logging
import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection

from intake import tasks
from navigator.logs import ScrubbedFormatter
from tests.intake.factories import UserFactory
from tests.intake.story import CANARY, VALUES, the_whole_story


def dump() -> str:
    """Every row of every table, as the database itself writes it out."""
    if connection.vendor == "sqlite":
        return "\n".join(line for line in connection.connection.iterdump() if line.startswith("INSERT"))
    program = shutil.which("pg_dump")
    if program:
        where = urlsplit(os.environ["DATABASE_URL"])
        name = settings.DATABASES["default"]["NAME"]
        address = where._replace(path=f"/{name}").geturl()
        done = subprocess.run([program, "--data-only", address], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return "\n".join(line for line in done.stdout.splitlines() if not line.startswith("COPY "))  # column names
    with connection.cursor() as cursor:
        text = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            text.append(f"{table} {cursor.fetchall()}")
    return "\n".join(text)


@pytest.mark.django_db(transaction=True)
def test_no_dump_of_the_database_tells() -> None:
    row = the_whole_story()
    text = dump()
    assert row.reference in text, "the dump has the request"
    assert CANARY.findall(text) == []
    user = UserFactory(username="planted", first_name=VALUES["name"])
    assert CANARY.findall(dump()) == [VALUES["name"]], "what is in clear is found"
    assert user.pk


@pytest.mark.django_db
def test_no_log_line_tells(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(ScrubbedFormatter("%(levelname)s %(name)s %(message)s"))
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("django.db.backends").setLevel(logging.INFO)
        the_whole_story()
        assert CANARY.findall(caplog.text) == []
        logging.getLogger("intake").error("planted %s", VALUES["name"])
    assert CANARY.findall(caplog.text) == [VALUES["name"]], "what is in clear is found"


def in_the_broker(broker: Any) -> str:
    """Every value of every key, and what is inside the messages (Celery writes their arguments in base64)."""
    return "\n".join(_opened(value) for key in broker.scan_iter() for value in _values(broker, key))


def _values(broker: Any, key: bytes) -> Iterator[bytes]:
    match broker.type(key):
        case b"string":
            yield broker.get(key)
        case b"list":
            yield from broker.lrange(key, 0, -1)
        case b"set":
            yield from broker.smembers(key)
        case b"zset":
            yield from broker.zrange(key, 0, -1)
        case b"hash":
            yield from (value for pair in broker.hgetall(key).items() for value in pair)
        case other:
            pytest.fail(f"A kind of key that nobody looks into: {other!r}")


def _opened(value: bytes) -> str:
    text = value.decode(errors="replace")
    try:
        found = json.loads(text)
    except ValueError:
        return text
    message = found[0] if isinstance(found, list) and found else found  # unacknowledged ones are in a list
    body = message.get("body", "") if isinstance(message, dict) else ""
    return text + base64.b64decode(body).decode(errors="replace")


@pytest.mark.django_db
def test_no_message_of_the_broker_tells() -> None:
    row = the_whole_story()
    broker = redis.Redis.from_url(os.environ["REDIS_URL"])
    before = in_the_broker(broker).count("intake.keep_promise")
    for promise in row.promises.all():
        tasks.keep_promise.apply_async((promise.pk,), queue="looked-at")
    held = in_the_broker(broker)
    tasks.keep_promise.apply_async((VALUES["name"],), queue="looked-at")
    planted = in_the_broker(broker)
    broker.delete("looked-at")
    assert held.count("intake.keep_promise") >= before + row.promises.count()
    assert CANARY.findall(held) == []
    assert set(CANARY.findall(planted)) == {VALUES["name"]}, "what is in clear is found"


def said_in(mail: EmailMessage) -> str:
    """Everything that leaves with a mail, its recipients aside: headers, text, page, attachments."""
    message = mail.message()
    del message["To"]
    parts = [part for part in message.walk() if not part.is_multipart()]
    bodies = [part.get_payload(decode=True).decode(errors="replace") for part in parts]  # type: ignore[union-attr]
    return "\n".join([str(list(part.items())) for part in message.walk()] + bodies)


@pytest.mark.django_db
def test_a_mail_has_a_name_in_its_greeting_and_nothing_else(mailoutbox: list[Any]) -> None:
    the_whole_story()
    assert len({mail.subject for mail in mailoutbox}) >= 6
    assert any(mail.attachments for mail in mailoutbox)
    to_them = {VALUES["email"], VALUES["other email"]}
    for mail in mailoutbox:
        assert not mail.cc + mail.bcc
        text = said_in(mail)
        assert mail.body.split(",")[0] in text
        if set(mail.to) <= to_them:
            for name in (VALUES["name"], VALUES["other"]):
                text = text.replace(f"Hello {name},", "", 2)  # as text and as a page
            if mail.subject == "May we write to you?":
                text = text.replace(VALUES["name"], "", 2)  # who named them
        assert CANARY.findall(text) == [], mail.subject
    before = CANARY.findall(said_in(mailoutbox[0]))
    mailoutbox[0].attach("a.txt", VALUES["name"].encode(), "text/plain")
    assert CANARY.findall(said_in(mailoutbox[0])) == [*before, VALUES["name"]], "what is in clear is found"
