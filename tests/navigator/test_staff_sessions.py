"""Passwords and sessions of staff: what is refused, and what ends a session elsewhere."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import NoReverseMatch, reverse

pytestmark = pytest.mark.django_db
PASSWORD, ANOTHER = "a long pass phrase of the tests", "Nine blue buses, réveil 🙂 at dawn"
INDEX = "/admin/"


@pytest.fixture
def nurse() -> Any:
    return get_user_model().objects.create_superuser("nora", password=PASSWORD)


def signed_in() -> Client:
    client = Client()
    answer = client.post("/admin/login/", {"username": "nora", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get(INDEX).status_code == 200
    return client


def change(client: Client, new: str, *, old: str = PASSWORD, again: str | None = None) -> Any:
    given = {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}
    return client.post(reverse("admin:password_change"), given)


@pytest.mark.parametrize(
    ("new", "more"),
    [
        ("fourteen chars", {}),  # one fewer than 15
        ("noranoranoranora", {}),  # all of it her name
        (ANOTHER, {"old": "wrong"}),
        (ANOTHER, {"old": ""}),
        (ANOTHER, {"again": ANOTHER + "x"}),
    ],
)
def test_a_password_that_is_refused_changes_nothing(nurse: Any, new: str, more: dict[str, str]) -> None:
    assert change(signed_in(), new, **more).status_code == 200
    nurse.refresh_from_db()
    assert nurse.check_password(PASSWORD)


def test_a_long_password_of_any_characters_is_taken_as_it_is(nurse: Any) -> None:
    assert change(signed_in(), ANOTHER).status_code == 302
    nurse.refresh_from_db()
    assert nurse.check_password(ANOTHER)
    assert not nurse.check_password(ANOTHER.lower())
    assert not nurse.check_password(ANOTHER[:-1])


def test_a_new_password_ends_every_other_session(nurse: Any) -> None:
    here, elsewhere = signed_in(), signed_in()
    assert change(here, ANOTHER).status_code == 302
    assert here.get(INDEX).status_code == 200
    assert elsewhere.get(INDEX).status_code == 302


@pytest.mark.parametrize("field", ["is_active", "is_staff"])
def test_who_is_staff_no_more_is_out_at_the_next_click(nurse: Any, field: str) -> None:
    client = signed_in()
    get_user_model().objects.filter(pk=nurse.pk).update(**{field: False})
    assert client.get(INDEX).status_code == 302
    assert client.post("/admin/login/", {"username": "nora", "password": PASSWORD}).status_code == 422


def test_a_session_of_somebody_else_cannot_be_planted(nurse: Any) -> None:
    """A key that was in the browser before is another one after signing in."""
    client = Client()
    client.cookies["session"] = "planted0planted0planted0planted0"
    client.post("/admin/login/", {"username": "nora", "password": PASSWORD})
    assert client.cookies["session"].value != "planted0planted0planted0planted0"
    assert client.get(INDEX).status_code == 200


def test_signing_out_ends_the_session_for_who_copied_it(nurse: Any) -> None:
    client, thief = signed_in(), Client()
    thief.cookies["session"] = client.cookies["session"].value
    assert thief.get(INDEX).status_code == 200
    client.post("/admin/logout/")
    assert thief.get(INDEX).status_code == 302


def test_a_very_long_password_is_taken_to_its_last_letter(nurse: Any) -> None:
    long = ANOTHER * 4
    assert len(long) > 128
    assert change(signed_in(), long).status_code == 302
    nurse.refresh_from_db()
    assert nurse.check_password(long)
    assert not nurse.check_password(long[:-1])


def test_password_fields_hide_what_is_typed_and_leave_managers_alone(nurse: Any) -> None:
    pages = [Client().get("/admin/login/"), signed_in().get(reverse("admin:password_change"))]
    fields = [
        field for page in pages for field in re.findall(r"<input[^>]*name=\"\w*password[^>]*>", page.content.decode())
    ]
    assert len(fields) == 4
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field)
        assert not re.search(r"maxlength|readonly|\son\w+=", field)


def test_a_lost_password_is_no_way_in(client: Client) -> None:
    """Nothing mails a new one, so nothing leads past the second factor."""
    for path in ("/admin/password_reset/", "/accounts/password_reset/", "/password_reset/"):
        assert client.get(path).status_code in (302, 404)
    assert "password_reset" not in client.get("/admin/login/").content.decode()
    with pytest.raises(NoReverseMatch):
        reverse("admin_password_reset")


def test_signing_out_is_on_every_page_of_the_desk(nurse: Any) -> None:
    client = signed_in()
    for name in ("index", "intake_helprequest_changelist", "auth_user_changelist", "password_change"):
        assert 'action="/admin/logout/"' in client.get(reverse(f"admin:{name}")).content.decode(), name


def test_the_name_of_a_session_is_long_and_random(nurse: Any) -> None:
    names = {signed_in().cookies["session"].value for _ in range(5)}
    assert len(names) == 5
    assert all(re.fullmatch(r"[a-z0-9]{32}", name) for name in names)
