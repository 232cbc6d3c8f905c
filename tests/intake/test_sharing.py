"""One place, one time, one yes; and a no that counts at once."""

import hashlib
import json
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from intake import consent, erasing, promises, sharing, triage
from intake.models import Consent, HelpRequest, Sharing
from intake.sharing import SharingError
from navigator.encryption import lookup_hash
from tests.intake.factories import AdvocateFactory, HelpRequestFactory

pytestmark = pytest.mark.django_db
PLACE = "Lakeside Hospital"


@pytest.fixture
def nurse() -> Any:
    return AdvocateFactory().user


@pytest.fixture
def row() -> HelpRequest:
    return HelpRequestFactory()


@pytest.fixture
def asked(row: HelpRequest, nurse: Any) -> Sharing:
    return sharing.ask(help_request=row, receiver=PLACE, what=["told", "contact"], by=nurse)


def agree(asked: Sharing) -> None:
    sharing.agree(sharing=asked, words=sharing.words_of(asked), how="page")
    asked.refresh_from_db()


def test_the_words_name_one_place_and_what_is_told(asked: Sharing) -> None:
    said = sharing.words_of(asked)
    assert PLACE in said
    assert "my name and how to reach me; what I have been told" in said
    assert "how I pay" not in said
    assert asked.codes == ["contact", "told"]


def test_a_yes_is_kept_with_its_exact_words_and_allows_one_telling(asked: Sharing, nurse: Any) -> None:
    agree(asked)
    row = Consent.objects.get()
    assert (row.purpose, row.sharing) == ("sharing", asked)
    exact = row.words.replace(consent.PLACE, PLACE)
    assert exact == sharing.words_of(asked)
    assert row.version == lookup_hash(exact)
    assert row.version != hashlib.sha256(exact.encode()).hexdigest(), "a list of places would tell which"
    assert PLACE not in row.words, "the ledger outlives the answers, and tells of no place"
    assert asked.may_share
    sharing.mark_shared(sharing=asked, by=nurse)
    asked.refresh_from_db()
    assert asked.shared_at
    with pytest.raises(SharingError, match="already"):
        sharing.mark_shared(sharing=asked, by=nurse)


@pytest.mark.parametrize("said", ["nothing", "no", "back"])
def test_without_a_yes_nothing_is_told(said: str, asked: Sharing, nurse: Any) -> None:
    if said == "no":
        sharing.decline(sharing=asked, how="page")
    elif said == "back":
        agree(asked)
        for _ in range(2):
            sharing.end(sharing=asked, how="letter", by=nurse)
    with pytest.raises(SharingError, match="Tell the place nothing"):
        sharing.mark_shared(sharing=asked, by=nurse)
    acts = {"nothing": [], "no": ["withdrawn"], "back": ["given", "withdrawn"]}[said]
    assert list(Consent.objects.values_list("act", flat=True)) == acts


def test_a_yes_is_to_the_words_of_this_question_and_no_others(asked: Sharing) -> None:
    with pytest.raises(SharingError, match="changed"):
        sharing.agree(sharing=asked, words="I agree to everything.", how="page")
    assert not Consent.objects.exists()


def test_what_was_not_answered_is_not_asked_again(asked: Sharing, row: HelpRequest) -> None:
    erasing.withdraw(help_request=row)
    asked.refresh_from_db()
    assert (asked.agreed, bool(asked.answered_at)) == (False, True)


def test_each_question_is_answered_once(asked: Sharing) -> None:
    sharing.decline(sharing=asked, how="page")
    for answer in (lambda: agree(asked), lambda: sharing.decline(sharing=asked, how="page")):
        with pytest.raises(SharingError, match="answered already"):
            answer()
    with pytest.raises(SharingError, match="no agreement"):
        sharing.end(sharing=asked, how="page")


@pytest.mark.parametrize(
    ("receiver", "what"),
    [("", ["told"]), (" \u200b", ["told"]), ("x" * 121, ["told"]), (PLACE, []), (PLACE, ["told", "income"])],
)
def test_a_question_names_one_place_and_what(receiver: str, what: list[str], row: HelpRequest, nurse: Any) -> None:
    with pytest.raises(SharingError):
        sharing.ask(help_request=row, receiver=receiver, what=what, by=nurse)
    assert not Sharing.objects.exists()


def test_the_same_question_does_not_stand_twice(asked: Sharing, row: HelpRequest, nurse: Any) -> None:
    with pytest.raises(SharingError, match="waits"):
        sharing.ask(help_request=row, receiver=PLACE, what=["told"], by=nurse)
    sharing.decline(sharing=asked, how="page")
    assert sharing.ask(help_request=row, receiver=PLACE, what=["told"], by=nurse)


def test_a_yes_to_one_place_is_none_to_another(asked: Sharing, row: HelpRequest, nurse: Any) -> None:
    other = sharing.ask(help_request=row, receiver="Riverside Hospital", what=["told"], by=nurse)
    agree(asked)
    with pytest.raises(SharingError, match="nothing"):
        sharing.mark_shared(sharing=other, by=nurse)
    assert not consent.stands(row, sharing=other)


def test_the_mail_names_no_place(asked: Sharing, mailoutbox: list[Any]) -> None:
    promises.sweep()
    assert len(mailoutbox) == 1
    assert "Lakeside" not in mailoutbox[0].subject + mailoutbox[0].body
    with connection.cursor() as cursor:
        cursor.execute("SELECT receiver, what FROM intake_sharing")
        assert "Lakeside" not in json.dumps(cursor.fetchall())


def test_taking_everything_back_takes_back_each_yes(asked: Sharing, row: HelpRequest, nurse: Any) -> None:
    agree(asked)
    erasing.withdraw(help_request=row)
    asked.refresh_from_db()
    assert asked.ended_at
    assert not consent.stands(row, sharing=asked)
    with pytest.raises(SharingError, match="closed"):
        sharing.mark_shared(sharing=asked, by=nurse)
    erasing.erase(help_request=row)
    asked.refresh_from_db()
    assert (asked.receiver, asked.what) == (None, None)


def test_a_yes_can_be_taken_back_of_a_closed_request(asked: Sharing, row: HelpRequest) -> None:
    agree(asked)
    triage.close(help_request=row, outcome="helped")
    sharing.end(sharing=asked, how="page")
    asked.refresh_from_db()
    assert asked.ended_at
    for late in (sharing.agree, sharing.decline):
        with pytest.raises(SharingError, match="closed"):
            late(sharing=asked, how="page", **({"words": sharing.words_of(asked)} if late is sharing.agree else {}))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_told_and_taken_back_at_once_is_never_told_after(asked: Sharing, nurse: Any, attempt: int) -> None:
    agree(asked)
    ready, told = Barrier(2), []

    def end() -> None:
        ready.wait()
        sharing.end(sharing=asked, how="page")
        connection.close()

    def tell() -> None:
        ready.wait()
        try:
            sharing.mark_shared(sharing=asked, by=nurse)
            told.append(True)
        except SharingError:
            pass
        connection.close()

    threads = [Thread(target=act) for act in (end, tell)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    asked.refresh_from_db()
    assert asked.ended_at
    assert bool(told) is bool(asked.shared_at)
    assert not asked.shared_at or asked.shared_at <= asked.ended_at
