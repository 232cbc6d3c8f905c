"""Long and obvious is refused; long and odd is taken, whatever it is made of."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from navigator.staff.passwords import ObviousPasswordValidator

NORA = SimpleNamespace(username="nora.lind", first_name="Nora", last_name="Lind", email="nora@quiet.example")


def is_taken(password: str, user: Any = NORA) -> bool:
    try:
        ObviousPasswordValidator().validate(password, user)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaaaaaaa",
        "1234567890123456",
        "9876543210987654",
        "abcdefghijklmnopqrstuvwxyz",
        "passwordpassword1",
        "P@ssw0rd P@ssw0rd!",
        "Welcome12345678!",
        "qwertyuiopasdfghjkl",
        "noralindnoralind",
        "Nora Lind 123456",
        "mesothelioma2345",
        "nurse navigator 1",
        "ababababababababab",
        "",
        " " * 20,
    ],
)
def test_obvious_ones_are_refused(password: str) -> None:
    assert not is_taken(password)


@pytest.mark.parametrize(
    "password",
    [
        "a long pass phrase of the tests",
        "correct horse battery staple",
        "Nine blue buses, réveil 🙂 at dawn",
        "kX9-vTr2-Qm7b-Lz4w",
        "пять синих автобусов утром",
        "nurse with eleven orange kites",
    ],
)
def test_odd_ones_are_taken(password: str) -> None:
    assert is_taken(password)


@override_settings(SITE_NAME="Willow Harbor Guide", SITE_LEGAL_NAME="Willow Harbor, Inc.")
def test_our_own_name_is_obvious() -> None:
    assert not is_taken("WillowHarbor2345")
    assert is_taken("WillowHarbor and eight grey mittens")


def test_an_account_without_names_is_judged_too() -> None:
    assert not is_taken("1234567890123456", None)
    assert is_taken("correct horse battery staple", None)


@given(st.text(max_size=300))
def test_any_text_has_an_answer(password: str) -> None:
    assert is_taken(password) in (True, False)
