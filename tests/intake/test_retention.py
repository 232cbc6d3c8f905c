"""Everything has its end, and nothing goes before it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, models
from django.utils import timezone

from intake import consent, erasing, merging, notes, people, planning, promises, retention, sharing, tasks, triage
from intake.models import (
    Consent,
    Digest,
    Export,
    HelpRequest,
    History,
    Hold,
    LinkAsk,
    Message,
    Participant,
    Reconciliation,
    RetentionRun,
    Sharing,
)
from navigator.encryption import EncryptedTextField, UndecryptableError
from navigator.models import SignInTries, Tally
from tests.intake.factories import AdvocateFactory, HelpRequestFactory, UserFactory

pytestmark = pytest.mark.django_db
# The database's own clock decides whether a ledger lets go of a line, and it does not travel: what is old is written in
# the past, and the night is now.
NOW = timezone.now()
Ask = Callable[..., HelpRequest]
LOOKED_AT = ("intake", "navigator", "sessions", "admin", "auth", "contenttypes")


def tables() -> list[type[models.Model]]:
    return [model for app in LOOKED_AT for model in apps.get_app_config(app).get_models()]


def ago(delta: timedelta) -> Any:
    return time_machine.travel(NOW - delta, tick=False)


@pytest.fixture
def ana() -> Any:
    return AdvocateFactory(capacity=500)


def whole(ask: Ask, ana: Any, **contact: Any) -> HelpRequest:
    """A request with a line in every table, closed."""
    row = ask(phone="+13125550142", access_needs="Large print", **contact)
    triage.take(help_request=row, by=ana.user)
    father = {"name": "Jo", "email": "jo@family.example", "reach_by": "email"}
    jo = people.add(help_request=row, role="patient", contact=father)
    people.join(participant=jo, words="yes", how="page")
    for verb in (notes.for_staff, notes.to_family):
        verb(help_request=row, body="A note", by=ana.user)
    planning.add_item(help_request=row, kind="place", text="Called", by=ana.user)
    asked = sharing.ask(help_request=row, receiver="A hospital", what=["told"], by=ana.user)
    sharing.agree(sharing=asked, words=sharing.words_of(asked), how="page")
    triage.set_next_step(help_request=row, step="Call", on=date(2030, 1, 7), by=ana.user)
    triage.do_step(help_request=row, code="referral", on=date(2020, 1, 7), by=ana.user)
    promises.keep_one(row.promises.get(kind="acknowledge").pk)
    triage.close(help_request=row, outcome="helped")
    row.refresh_from_db()
    return row


def test_the_table_has_every_column_of_every_table_and_no_other() -> None:
    """A new column fails here until somebody says how long it stays."""
    found = {model._meta.label: {field.name for field in model._meta.concrete_fields} for model in tables()}
    said = {
        label: [name for names in rules.values() for name in names.split()] for label, rules in retention.TABLE.items()
    }
    assert {label: sorted(names) for label, names in said.items()} == {
        label: sorted(names) for label, names in found.items()
    }


def test_each_end_that_the_table_names_is_a_rule() -> None:
    ends = {end for rules in retention.TABLE.values() for end in rules}
    names = {rule.name for rule in retention.RULES}
    assert ends <= names | {"stub", "ledger", retention.FOREVER}
    assert {"spam", "closed requests", "stubs and their ledger"} <= names
    assert len(names) == len(retention.RULES)


def test_no_column_that_is_encrypted_outlives_the_stub() -> None:
    for model in apps.get_app_config("intake").get_models():
        sealed = {field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)}
        assert sealed <= set(retention.TABLE[model._meta.label].get("stub", "").split()), model


def test_what_the_table_calls_emptied_is_emptied(ask: Ask, ana: Any) -> None:
    row = whole(ask, ana)
    before = {label: _values(label, row) for label in _with_stub()}
    assert all(before.values())
    erasing.reduce(help_request=row, what=History.What.REDUCED)
    for label in _with_stub():
        model = apps.get_model(label)
        for kept, now in zip(before[label], _values(label, row), strict=True):
            for name, value in now.items():
                field = model._meta.get_field(name)
                if name == "link_id":
                    assert value != kept[name], "the old link opens nothing"
                elif name in ("time_zone", "best_time", "for_whom"):
                    assert value in ("UTC", "any", "unsaid")
                else:
                    assert value in (None, "", False), (label, name, field)


def _with_stub() -> list[str]:
    return [label for label, rules in retention.TABLE.items() if "stub" in rules]


def _values(label: str, row: HelpRequest) -> list[dict[str, Any]]:
    names = retention.TABLE[label]["stub"].split()
    path = "pk" if label == "intake.HelpRequest" else "help_request__pk"
    return list(apps.get_model(label)._default_manager.filter(**{path: row.pk}).order_by("pk").values(*names))


@pytest.fixture
def past(ask: Ask, ana: Any) -> dict[str, Any]:
    """Of each rule one that is due and one that is not quite."""
    made: dict[str, Any] = {}
    for name, age in (("old", timedelta(days=366)), ("young", timedelta(days=364))):
        with ago(age):
            made[f"{name} closed"] = whole(ask, ana, email=f"{name}@family.example")
    for name, age in (("old", timedelta(days=31)), ("young", timedelta(days=29))):
        with ago(age):
            made[f"{name} spam"] = spam = ask(email=f"{name}spam@family.example")
            triage.mark_spam(help_request=spam, by=None)
            row = ask(email=f"{name}named@family.example")
            contact = {"name": "Jo", "email": f"{name}jo@family.example", "reach_by": "email"}
            made[f"{name} invited"] = people.add(help_request=row, role="patient", contact=contact)
    for name, age in (("old", timedelta(hours=25)), ("young", timedelta(hours=23))):
        with ago(age):
            made[f"{name} asked"] = LinkAsk.objects.create(email_hash=name)
            made[f"{name} count"] = Tally.objects.create(name=name, ends_at=timezone.now())
    slot = datetime(2030, 1, 7, 16, tzinfo=UTC)
    for name, until in (("old", NOW - timedelta(seconds=9)), ("young", NOW + timedelta(hours=1))):
        slot += timedelta(hours=1)
        made[f"{name} hold"] = Hold.objects.create(advocate=ana, starts_at=slot, holder=name, until=until)
        session = SessionStore()
        session["match"] = {}
        session.save()
        Session.objects.filter(pk=session.session_key).update(expire_date=until)
        made[f"{name} session"] = Session.objects.get(pk=session.session_key)
    for name, age in (("old", timedelta(days=91)), ("young", timedelta(days=89))):
        made[f"{name} look"] = look = Reconciliation.objects.create()
        Reconciliation.objects.filter(pk=look.pk).update(at=NOW - age)
        made[f"{name} tries"] = SignInTries.objects.create(account=name, since=NOW - age)
        made[f"{name} digest"] = Digest.objects.create(advocate=ana, day=(NOW - age).date(), due_at=NOW, sent_at=NOW)
    for name, age in (("old", timedelta(days=366)), ("young", timedelta(days=364))):
        with ago(age):
            made[f"{name} night"] = RetentionRun.objects.create()
            entry = LogEntry.objects.create(user=UserFactory(), action_flag=2, object_repr="Ana")
            made[f"{name} log"] = entry
    for name, age in (("old", timedelta(days=5 * 365 + 3)), ("young", timedelta(days=5 * 365 - 3))):
        with ago(age):
            made[f"{name} export"] = Export.objects.create(by=UserFactory(), reason="audit", columns="kind", rows=1)
            stub = HelpRequestFactory(status="closed", outcome="helped", closed_at=timezone.now())
            consent.give(help_request=stub, words="yes", how="page")
            erasing.reduce(help_request=stub, what=History.What.REDUCED)
            made[f"{name} stub"] = stub
    return made


def test_what_is_due_goes_and_what_is_not_stays(past: dict[str, Any]) -> None:
    counts = retention.run(now=NOW)
    assert counts == dict.fromkeys((rule.name for rule in retention.RULES), 1)
    for name in ("closed", "spam"):
        for age in ("old", "young"):
            past[f"{age} {name}"].refresh_from_db()
        assert past[f"old {name}"].erased_at
        assert past[f"young {name}"].erased_at is None
    assert past["old closed"].outcome == "helped"
    assert past["old closed"].history.last().what == "reduced"
    assert Participant.objects.get(pk=past["old invited"].pk).left_at
    assert Participant.objects.get(pk=past["young invited"].pk).name == "Jo"
    for name in ("asked", "hold", "session", "digest", "tries", "look", "night", "log", "export", "stub"):
        model = type(past[f"old {name}"])
        assert not model._default_manager.filter(pk=past[f"old {name}"].pk).exists(), name
        assert model._default_manager.filter(pk=past[f"young {name}"].pk).exists(), name


def test_a_rehearsal_says_the_same_and_changes_nothing(past: dict[str, Any], capsys: Any) -> None:
    before = _everything()
    rehearsed = retention.run(dry_run=True, now=NOW)
    assert _everything() == before
    assert RetentionRun.objects.filter(is_rehearsal=True).get().counts == rehearsed
    assert retention.run(now=NOW) == rehearsed
    assert set(retention.run(now=NOW).values()) == {0}, "twice is once"
    call_command("retain", "--dry-run")
    assert "0  closed requests: A closed request is reduced" in capsys.readouterr().out


def _everything() -> dict[str, list[Any]]:
    kept = [model for model in tables() if model is not RetentionRun]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in kept}


def test_a_stub_goes_with_all_that_hangs_on_it(ask: Ask, ana: Any) -> None:
    with ago(timedelta(days=5 * 365 + 9)):
        first, second = whole(ask, ana), ask()
        third = ask()
        merging.merge(help_request=second, into=third, by=None)
        triage.close(help_request=third, outcome="helped")
        for row in (first, second, third):
            erasing.reduce(help_request=row, what=History.What.REDUCED)
    assert Sharing.objects.count() == 1
    for _ in range(2):  # what leads on goes a night before where it leads
        assert (
            retention.run(dry_run=True, now=NOW)["stubs and their ledger"]
            == (retention.run(now=NOW)["stubs and their ledger"])
        )
    for model in (HelpRequest, Consent, History, Sharing, Message, Participant):
        assert not model._default_manager.exists(), model


def test_one_that_cannot_be_let_go_of_holds_up_no_other(
    ask: Ask, ana: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    with ago(timedelta(days=400)):
        rows = [whole(ask, ana, email=f"{number}@family.example") for number in range(3)]
    reduce = erasing.reduce

    def broken(*, help_request: HelpRequest, what: Any) -> None:
        if help_request.pk == rows[1].pk:
            raise RuntimeError("maria@family.example")
        reduce(help_request=help_request, what=what)

    monkeypatch.setattr(erasing, "reduce", broken)
    assert retention.run(now=NOW)["closed requests"] == 2
    assert f"Row {rows[1].pk} could not be let go of: RuntimeError" in caplog.text
    assert "maria" not in caplog.text
    monkeypatch.setattr(retention, "BATCH", 1)
    monkeypatch.setattr(erasing, "reduce", reduce)
    assert retention.run(now=NOW)["closed requests"] == 1


def test_who_speaks_in_the_middle_of_the_night_is_heard(past: dict[str, Any]) -> None:
    """Listed as due, and then they agree, or keep their time, or come back: nothing of theirs goes."""
    jo = past["old invited"]
    listed = {
        "unanswered invitations": [jo.pk],
        "kept times": [past["old hold"].pk],
        "unfinished answers": [past["old session"].pk],
        "closed requests": [past["old closed"].pk],
    }
    people.join(participant=jo, words="yes", how="page")
    Hold.objects.filter(pk=past["old hold"].pk).update(until=NOW + timedelta(hours=1))
    Session.objects.filter(pk=past["old session"].pk).update(expire_date=NOW + timedelta(hours=1))
    triage.reopen(help_request=past["old closed"], by=None)
    for rule in retention.RULES:
        if rule.name in listed:
            assert rule.let_go(rule.rows(NOW).filter(pk__in=listed[rule.name])) == 0, rule.name
    jo.refresh_from_db()
    assert jo.is_in
    assert list(Consent.objects.filter(participant=jo).values_list("act", flat=True)) == ["given"]
    assert HelpRequest.objects.get(pk=past["old closed"].pk).erased_at is None
    for name in ("hold", "session"):
        assert type(past[f"old {name}"])._default_manager.filter(pk=past[f"old {name}"].pk).exists(), name


def test_what_cannot_be_read_is_let_go_of_too(ask: Ask, ana: Any) -> None:
    """A lost key must not keep what should be gone: nothing has to be opened to be emptied."""
    with ago(timedelta(days=400)):
        row = whole(ask, ana)
    spoil(row)
    rehearsed = retention.run(dry_run=True, now=NOW)
    assert retention.run(now=NOW) == rehearsed
    assert all(value in (None, "") for value in sealed_of(row))


def test_a_family_deletes_what_cannot_be_read(ask: Ask, ana: Any) -> None:
    row = whole(ask, ana)
    spoil(row)
    erasing.erase(help_request=HelpRequest(pk=row.pk))
    assert all(value in (None, "") for value in sealed_of(row))


def _sealed() -> list[tuple[str, str, str]]:
    """Table, column, and the column that names the request, of everything of a family that is encrypted."""
    return [
        (model._meta.db_table, field.column, "id" if model is HelpRequest else "help_request_id")
        for model in apps.get_app_config("intake").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    ]


def spoil(row: HelpRequest) -> None:
    """As if its key were lost."""
    with connection.cursor() as cursor:
        for table, column, name in _sealed():
            cursor.execute(f"UPDATE {table} SET {column} = 'no key opens this' WHERE {name} = %s", [row.pk])  # noqa: S608
    with pytest.raises(UndecryptableError):
        HelpRequest.objects.get(pk=row.pk)


def sealed_of(row: HelpRequest) -> list[Any]:
    found: list[Any] = []
    with connection.cursor() as cursor:
        for table, column, name in _sealed():
            cursor.execute(f"SELECT {column} FROM {table} WHERE {name} = %s", [row.pk])  # noqa: S608
            found += [value for (value,) in cursor.fetchall()]
    return found


def test_a_night_comes_about_once_a_day_however_often_it_is_asked(clock_of_nights: Any) -> None:
    """A beat that was started anew asks at once: what ran is written down in the database, not in its file."""
    ran = []
    for hours in (0, 1, 19, 21, 22, 43):
        clock_of_nights.move_to(NOW + timedelta(hours=hours))
        before = RetentionRun.objects.filter(is_rehearsal=False).count()
        retention.run(dry_run=True)
        tasks.hourly()
        ran.append(RetentionRun.objects.filter(is_rehearsal=False).count() - before)
    assert ran == [1, 0, 0, 1, 0, 1]


@pytest.fixture
def clock_of_nights() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_every_task_of_the_beat_survives_a_beat_that_is_started_anew() -> None:
    """Its file is gone with its container: a task that waits a whole day from the start would never run."""
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        if entry["task"].startswith("intake."):
            assert entry["schedule"] <= timedelta(hours=1), name


def test_the_night_runs_by_itself(past: dict[str, Any]) -> None:
    tasks.hourly()
    past["old closed"].refresh_from_db()
    assert past["old closed"].erased_at
    assert RetentionRun.objects.filter(is_rehearsal=False, ended_at__isnull=False).exists()


def test_an_open_request_stays_however_old(ask: Ask) -> None:
    with ago(timedelta(days=3000)):
        row = ask()
    retention.run(now=NOW)
    row.refresh_from_db()
    assert row.name == "Maria Sample"
