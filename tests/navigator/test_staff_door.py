"""The door of the staff desk: a password alone opens nothing, guessing ends soon, a desk that nobody touches closes."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from urllib.parse import urlencode

import pyotp
import pytest
import time_machine
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import Permission
from django.core import checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.utils import DatabaseError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from navigator.models import BackupCode, Device, SignInTries, StaffEvent
from navigator.staff import guessing, presence, second_factor

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)
PASSWORD = "a long pass phrase of the tests"
LOGIN, INDEX = "/admin/login/", "/admin/"
CODE, SET_UP = "/admin/second-factor/", "/admin/second-factor/set-up/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def nurse() -> Any:
    return get_user_model().objects.create_superuser("nora", password=PASSWORD)


@pytest.fixture
def strict(settings: Any) -> None:
    settings.SECOND_FACTOR = True


def sign_in(client: Client, name: str = "nora", password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": password}, **more)


def enrolled(user: Any) -> str:
    """The key of a device that is set up."""
    key = second_factor.new_key()
    assert second_factor.enroll(user=user, key=key, code=pyotp.TOTP(key).at(NOW - timedelta(seconds=30)))
    return key


def now_code(key: str) -> str:
    return pyotp.TOTP(key).at(timezone.now())


def events(*what: str) -> list[str]:
    return [row.what for row in StaffEvent.objects.order_by("pk") if not what or row.what in what]


@pytest.mark.usefixtures("strict")
def test_a_password_alone_opens_no_page(client: Client, nurse: Any) -> None:
    assert sign_in(client)["Location"].startswith(CODE)
    for path in (INDEX, reverse("admin:intake_helprequest_changelist"), reverse("admin:password_change")):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith(LOGIN)
    assert client.get(CODE)["Location"].startswith(SET_UP)


@pytest.mark.usefixtures("strict")
def test_setting_up_by_the_drawing_and_the_first_code(client: Client, nurse: Any) -> None:
    sign_in(client)
    page = client.get(SET_UP)
    text = page.content.decode()
    assert text.count("<h1") == 1
    assert "<svg" in text
    assert "style=" not in text.split('<div id="content"')[1]
    assert "data:" not in text.split('<div id="content"')[1]
    key = re.search(r"<code>([A-Z2-7 ]+)</code>", text)[1].replace(" ", "")  # type: ignore[index]
    wrong = client.post(SET_UP, {"code": "000000"})
    assert wrong.status_code == 422
    assert "does not open" in wrong.content.decode()
    done = client.post(SET_UP, {"code": now_code(key)})
    codes = re.findall(r"<li><code>(.*?)</code>", done.content.decode())
    assert len(set(codes)) == 10
    assert client.get(INDEX).status_code == 200
    assert client.get(SET_UP)["Location"] == INDEX
    assert Device.objects.get().key == key
    assert events() == ["signed_in", "wrong_code", "enrolled"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM navigator_device")
        assert key not in cursor.fetchone()[0]
        cursor.execute("SELECT digest FROM navigator_backupcode")
        assert not [code for code in codes if code in str(cursor.fetchall())]


@pytest.mark.usefixtures("strict")
def test_the_code_of_the_app_opens_once(client: Client, nurse: Any, clock: Any) -> None:
    key = enrolled(nurse)
    for browser, status in ((client, 302), (Client(), 422)):
        sign_in(browser)
        assert browser.post(CODE, {"code": now_code(key)}).status_code == status
    assert client.get(INDEX).status_code == 200
    clock.shift(timedelta(seconds=30))
    third = Client()
    sign_in(third)
    spaced = f" {now_code(key)[:3]} {now_code(key)[3:]} "
    assert third.post(CODE, {"code": spaced}).status_code == 302


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(("off", "opens"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_phones_clock_may_be_half_a_minute_off(client: Client, nurse: Any, clock: Any, off: int, opens: bool) -> None:
    key = enrolled(nurse)
    clock.shift(timedelta(minutes=5))
    sign_in(client)
    code = pyotp.TOTP(key).at(NOW + timedelta(minutes=5, seconds=off))
    assert (client.post(CODE, {"code": code}).status_code == 302) is opens


@pytest.mark.usefixtures("strict")
def test_a_code_on_paper_opens_once(client: Client, nurse: Any) -> None:
    key = second_factor.new_key()
    codes = second_factor.enroll(user=nurse, key=key, code=pyotp.TOTP(key).at(NOW))
    assert codes
    for browser, typed, status in ((client, codes[0].upper().replace("-", " "), 302), (Client(), codes[0], 422)):
        sign_in(browser)
        assert browser.post(CODE, {"code": typed}).status_code == status
    assert BackupCode.objects.count() == 9


@pytest.mark.usefixtures("strict")
def test_somebody_elses_code_opens_nothing(client: Client, nurse: Any) -> None:
    other = get_user_model().objects.create_superuser("olga", password=PASSWORD)
    enrolled(nurse)
    key = second_factor.new_key()
    codes = second_factor.enroll(user=other, key=key, code=pyotp.TOTP(key).at(NOW)) or []
    sign_in(client)
    for code in (codes[0], now_code(key)):
        assert client.post(CODE, {"code": code}).status_code == 422


@pytest.mark.usefixtures("strict")
def test_each_factor_gives_a_fresh_session_and_leads_back(client: Client, nurse: Any) -> None:
    key = enrolled(nurse)
    wanted = reverse("admin:intake_helprequest_changelist")
    first = client.post(f"{LOGIN}?next={wanted}", {"username": "nora", "password": PASSWORD, "next": wanted})
    before = client.session.session_key
    second = client.post(first["Location"], {"code": now_code(key)})
    assert second["Location"] == wanted
    assert client.session.session_key != before
    other = Client()
    sign_in(other)
    for stranger in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        assert other.get(CODE, {"next": stranger}).status_code == 200
        other.post(f"{CODE}?next={stranger}", {"code": "0"})
    assert "evil" not in other.get(f"{SET_UP}?next=//evil.example")["Location"]


@pytest.mark.parametrize("wanted", ["home", "admin:logout", "x:hx(1)", "my/find/", "?a", "\\x", "%2f%2fevil.example"])
def test_what_is_no_whole_path_leads_to_the_first_page(client: Client, nurse: Any, wanted: str) -> None:
    """Neither the name of one of our pages nor anything that would be looked up as one."""
    data = {"username": "nora", "password": PASSWORD}
    assert client.post(f"{LOGIN}?{urlencode({'next': wanted})}", data)["Location"] == INDEX


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("junk", ["", "x" * 10_000, "🙂", "\u202e1", "1\r\n2", "' OR 1=1", "000000"])
def test_no_junk_opens_it(client: Client, nurse: Any, junk: str) -> None:
    enrolled(nurse)
    sign_in(client)
    answer = client.post(CODE, {"code": junk})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize("data", [{}, {"username": "x" * 10_000}, {"username": "a\u202e", "password": "🙂"}])
def test_no_junk_breaks_the_first_door(client: Client, data: dict[str, str]) -> None:
    assert client.post(LOGIN, data).status_code == 422


def test_without_the_setting_the_password_is_enough(client: Client, nurse: Any) -> None:
    assert sign_in(client)["Location"] == INDEX
    assert client.get(INDEX).status_code == 200
    assert client.get(CODE)["Location"] == INDEX


def test_guessing_ends_after_five_tries_and_the_words_are_the_same_for_nobody(client: Client, nurse: Any) -> None:
    said = {}
    for name in ("nora", "nobody"):
        browser = Client(REMOTE_ADDR="8.8.4.1" if name == "nora" else "8.8.4.2")
        texts = [_errors(sign_in(browser, name, "wrong")) for _ in range(7)]
        assert texts[0] == texts[4] != texts[5] == texts[6]
        said[name] = texts
        assert _errors(sign_in(browser, name)) == texts[6], "the right password does not help now"
    assert said["nora"] == said["nobody"]
    elsewhere = Client(REMOTE_ADDR="8.8.4.3")
    assert sign_in(elsewhere)["Location"] == INDEX, "not locked for everybody by anybody"


def _errors(answer: Any) -> str:
    return "".join(re.findall(r'<p class="errornote">(.*?)</p>', answer.content.decode(), re.DOTALL)).strip()


def test_after_a_while_one_may_try_again(client: Client, nurse: Any, clock: Any) -> None:
    for _ in range(6):
        sign_in(client, password="wrong")
    clock.shift(timedelta(minutes=14))
    assert sign_in(client).status_code == 422
    clock.shift(timedelta(minutes=2))
    assert sign_in(client)["Location"] == INDEX
    assert not SignInTries.objects.exclude(account="").exists()


def test_a_network_that_guesses_many_names_is_stopped(nurse: Any) -> None:
    guesser = Client(REMOTE_ADDR="8.8.4.4")
    for number in range(20):
        sign_in(guesser, f"name{number}", "wrong")
    assert "too many tries" in _errors(sign_in(guesser))


def test_behind_a_proxy_each_client_is_a_network_of_its_own(nurse: Any) -> None:
    """The proxy's own address is nobody's; what it wrote last counts, and what a client says before that does not."""
    for number in range(25):
        sign_in(Client(REMOTE_ADDR="10.0.0.1"), f"name{number}", "wrong")
    assert sign_in(Client(REMOTE_ADDR="10.0.0.1"))["Location"] == INDEX, "a proxy that does not say stops nobody"
    for number in range(20):
        behind = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=f"9.9.9.{number}, 8.8.4.5")
        sign_in(behind, f"name{number}", "wrong")
    stopped = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="9.9.9.9, 8.8.4.5")
    assert "too many tries" in _errors(sign_in(stopped))
    other = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="8.8.4.5, 8.8.4.6")
    assert sign_in(other)["Location"] == INDEX


def test_a_hundred_tries_from_anywhere_lock_an_account_until_somebody_unlocks_it(nurse: Any) -> None:
    for number in range(100):
        sign_in(Client(REMOTE_ADDR=f"8.8.8.{number}"), password="wrong")
    fresh = Client(REMOTE_ADDR="8.8.4.9")
    assert "too many tries" in _errors(sign_in(fresh))
    call_command("unlock", "nora", verbosity=0)
    assert sign_in(fresh)["Location"] == INDEX
    with pytest.raises(CommandError, match="no such account"):
        call_command("unlock", "nobody")
    assert events("unlocked") == ["unlocked"]


@pytest.mark.usefixtures("strict")
def test_guessing_codes_ends_too(client: Client, nurse: Any) -> None:
    key = enrolled(nurse)
    sign_in(client)
    for _ in range(5):
        assert "does not open" in client.post(CODE, {"code": "000000"}).content.decode()
    assert "too many tries" in client.post(CODE, {"code": now_code(key)}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_fifty_guesses_at_once_five_are_looked_at(nurse: Any) -> None:
    ready, let = Barrier(10), []
    request = RequestFactory().post(LOGIN)

    def guess() -> None:
        ready.wait()
        try:
            for _ in range(5):
                let.append(guessing.take("nora", request))
        finally:
            connection.close()

    threads = [Thread(target=guess) for _ in range(10)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert (len(let), sum(let)) == (50, 5)


def test_nothing_counted_names_anybody(client: Client, nurse: Any) -> None:
    sign_in(client, password="wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM navigator_signintries")
        held = str(cursor.fetchall())
    assert "nora" not in held
    assert "127.0.0.1" not in held


def test_a_shell_counts_nothing(nurse: Any) -> None:
    for _ in range(9):
        assert authenticate(username="nora", password="wrong") is None
    assert authenticate(username="nora", password=PASSWORD) == nurse
    assert not SignInTries.objects.exists()


def test_a_desk_that_nobody_touches_closes_and_leads_back(client: Client, nurse: Any, clock: Any) -> None:
    sign_in(client)
    for _ in range(3):
        clock.shift(timedelta(minutes=29))
        assert client.get(INDEX).status_code == 200
    clock.shift(timedelta(minutes=31))
    away = client.get(INDEX)
    assert away["Location"] == f"{LOGIN}?next={INDEX}"
    text = client.get(away["Location"]).content.decode()
    assert "nobody was there for a while" in text
    assert text.count("<h1") == 1
    assert events("left_alone") == ["left_alone"]
    assert client.get(INDEX).status_code == 302


def test_every_desk_closes_after_twelve_hours(client: Client, nurse: Any, clock: Any) -> None:
    sign_in(client)
    for _ in range(presence.LONGEST // (20 * 60)):
        clock.shift(timedelta(minutes=20))
        assert client.get(INDEX).status_code == 200
    clock.shift(timedelta(minutes=20))
    assert client.get(INDEX).status_code == 302


@pytest.mark.usefixtures("strict")
def test_the_second_factor_is_not_asked_of_who_was_away_without_the_password(
    client: Client, nurse: Any, clock: Any
) -> None:
    key = enrolled(nurse)
    sign_in(client)
    clock.shift(timedelta(hours=13))
    assert client.post(CODE, {"code": now_code(key)})["Location"].startswith(LOGIN)


def test_signing_out_clears_the_browser(client: Client, nurse: Any) -> None:
    sign_in(client)
    client.get("/admin/logout/")
    assert events() == ["signed_in"], "a link signs nobody out"
    answer = client.post("/admin/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert client.get(INDEX).status_code == 302
    assert events() == ["signed_in", "signed_out"]


def test_what_happened_is_written_once(client: Client, nurse: Any) -> None:
    sign_in(client, "nobody", "wrong")
    sign_in(client, password="wrong")
    assert [(row.what, row.user) for row in StaffEvent.objects.order_by("pk")] == [("failed", None), ("failed", nurse)]
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("UPDATE navigator_staffevent SET what = 'signed_in'")


@pytest.fixture
def lead() -> Any:
    user = get_user_model().objects.create_user("lea", password=PASSWORD, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_device", "delete_device"]))
    return user


def act(client: Client, action: str, *devices: Device) -> str:
    data = {"action": action, "_selected_action": [device.pk for device in devices]}
    answer = client.post(reverse("admin:navigator_device_changelist"), data, follow=True)
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_lead_takes_away_anothers_second_factor_and_never_their_own(client: Client, nurse: Any, lead: Any) -> None:
    for user in (nurse, lead):
        enrolled(user)
    client.force_login(lead)
    text = act(client, "take_away", *Device.objects.all())
    assert "nora: sets up another" in text
    assert "Ask another lead" in text
    assert [device.user for device in Device.objects.all()] == [lead]
    row = StaffEvent.objects.get(what="reset")
    assert (row.user, row.by) == (nurse, lead)


def test_who_may_only_look_takes_nothing_away(client: Client, nurse: Any, lead: Any) -> None:
    enrolled(nurse)
    lead.user_permissions.set(Permission.objects.filter(codename="view_device"))
    client.force_login(lead)
    act(client, "take_away", Device.objects.get())
    assert Device.objects.count() == 1
    assert client.get(reverse("admin:navigator_staffevent_changelist")).status_code == 403


def test_a_lead_lets_somebody_try_again(client: Client, nurse: Any, lead: Any) -> None:
    enrolled(nurse)
    guesser = Client()
    for _ in range(6):
        sign_in(guesser, password="wrong")
    client.force_login(lead)
    assert "nora may try again" in act(client, "let_try_again", Device.objects.get())
    assert sign_in(guesser)["Location"] == INDEX


def test_keys_are_rotated_with_everything_else(nurse: Any, settings: Any, capsys: Any) -> None:
    key = enrolled(nurse)
    settings.FIELD_KEYS = ["Kx1q3mZ0m4m9x3b5yH0x1nZ2c5v8b1n4q7w0e3r6t9A=", *settings.FIELD_KEYS]
    call_command("rotate_keys")
    assert "navigator.Device: 1 rows" in capsys.readouterr().out
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert Device.objects.get().key == key


def test_production_refuses_to_start_without_it(settings: Any) -> None:
    settings.DEPLOYED, settings.SECOND_FACTOR = True, False
    assert "navigator.E028" in {message.id for message in checks.run_checks()}
    settings.SECOND_FACTOR = True
    assert "navigator.E028" not in {message.id for message in checks.run_checks()}
