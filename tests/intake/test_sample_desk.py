"""The sample desk: everywhere, once, and never among real families."""

from datetime import date, time

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from doctors.states import STATES
from intake.models import Advocate, DayOff, WorkingHours
from intake.sample_desk import load_sample_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def word(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DEMO_PASSWORD", "a password of the tests")
    return "a password of the tests"


def test_there_is_somebody_for_every_state_veterans_spanish_and_a_lead() -> None:
    load_sample_desk(password="a password of the tests")
    everyone = Advocate.objects.all()
    assert [each.is_sample for each in everyone] == [True] * 3
    assert {state for each in everyone for state in each.states.split()} == set(STATES)
    assert any(each.serves_veterans and "es" in each.languages.split() for each in everyone)
    assert everyone.leads().count() == 1
    for each in everyone:
        each.full_clean()
        hours = each.working_hours.values_list("weekday", "starts", "ends")
        assert list(hours) == [(day, time(8), time(18)) for day in range(5)]
        assert each.time_zone == "America/Chicago"


def test_holidays_fall_on_days_on_which_somebody_would_work() -> None:
    load_sample_desk(password="a password of the tests")
    days = set(DayOff.objects.filter(advocate=None).values_list("date", flat=True))
    assert {day.year for day in days} == {2026, 2027}
    assert {date(2026, 11, 26), date(2026, 12, 25), date(2027, 7, 5)} <= days
    assert all(day.weekday() < 5 for day in days)


def test_loading_twice_changes_nothing(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_desk")
    assert "as admin, ana, ben, carol, olga with the password of DEMO_PASSWORD" in capsys.readouterr().out
    before = list(get_user_model().objects.order_by("pk").values_list("username", "password"))
    counts = [model.objects.count() for model in (Advocate, WorkingHours, DayOff, Group)]
    call_command("load_desk")
    assert capsys.readouterr().out == ""
    assert list(get_user_model().objects.order_by("pk").values_list("username", "password")) == before
    assert [model.objects.count() for model in (Advocate, WorkingHours, DayOff, Group)] == counts


def test_everyone_can_sign_in(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_desk")
    for name in ("admin", "ana", "ben", "carol", "olga"):
        user = authenticate(username=name, password=word)
        assert user is not None
        assert user.is_staff
        assert user.is_superuser is (name == "admin")


def test_a_password_of_our_own_making_is_shown_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    call_command("load_desk")
    shown = capsys.readouterr().out.split("with password ")[1].strip()
    assert authenticate(username="ana", password=shown)
    call_command("load_desk")
    assert capsys.readouterr().out == ""


def test_what_each_group_may_do() -> None:
    call_command("load_desk", "--groups")
    advocates, leads = (Group.objects.get(name=name) for name in ("Advocates", "Leads"))
    may = set(advocates.permissions.values_list("codename", flat=True))
    assert {name for name in may if not name.startswith("view_")} == {"change_helprequest"}
    more = set(leads.permissions.values_list("codename", flat=True)) - may
    assert "change_advocate" in more
    assert {name.split("_")[1] for name in more if not name.startswith("view_")} == {
        "advocate",
        "workinghours",
        "dayoff",
        "device",
    }


def test_an_auditor_changes_nothing_and_sees_no_request() -> None:
    call_command("load_desk", "--groups")
    may = set(Group.objects.get(name="Auditors").permissions.values_list("codename", flat=True))
    assert {"view_history", "view_consent", "view_export"} <= may
    assert all(name.startswith("view_") for name in may)
    assert not {f"view_{model}" for model in ("helprequest", "message", "note", "participant", "conversation")} & may


def test_sample_people_stay_out_of_production_but_its_groups_do_not(settings: pytest.FixtureRequest) -> None:
    settings.DEPLOYED = True  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="sample people"):
        call_command("load_desk")
    call_command("load_desk", "--groups")
    assert Group.objects.count() == 3
    assert not get_user_model().objects.exists()
