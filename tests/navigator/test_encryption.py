import re
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from intake.models import HelpRequest
from navigator.encryption import EncryptedSerializer, EncryptedTextField, UndecryptableError, lookup_hash
from tests.intake.factories import HelpRequestFactory


@given(st.text())
def test_what_goes_in_comes_out(text: str) -> None:
    field = EncryptedTextField()
    if any("\ud800" <= c <= "\udfff" for c in text):
        return
    sealed = field.get_prep_value(text)
    assert sealed != text
    assert field.from_db_value(sealed, None, None) == text


def test_null_stays_null() -> None:
    field = EncryptedTextField(null=True)
    assert field.get_prep_value(None) is None
    assert field.from_db_value(None, None, None) is None


def stored(pk: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM intake_helprequest WHERE id = %s", [pk])
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_wrong_key_is_an_error_and_never_rubbish(settings: Any) -> None:
    request = HelpRequestFactory()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(UndecryptableError, match=re.escape("HelpRequest.name")):
        HelpRequest.objects.get(pk=request.pk)


@pytest.mark.django_db
def test_keys_rotate_without_a_gap(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    request = HelpRequestFactory()
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    assert HelpRequest.objects.get(pk=request.pk).name == request.name
    call_command("rotate_keys")
    assert "intake.HelpRequest: 1 rows" in capsys.readouterr().out
    settings.FIELD_KEYS = [new]
    assert HelpRequest.objects.get(pk=request.pk).name == request.name


@pytest.mark.django_db
def test_an_encrypted_field_cannot_be_searched() -> None:
    for lookup in ("name", "name__contains", "name__in"):
        with pytest.raises(FieldError, match="encrypted"):
            list(HelpRequest.objects.filter(**{lookup: "Maria"}))
    assert not HelpRequest.objects.filter(name__isnull=False).exists()


@pytest.mark.django_db
def test_the_column_holds_no_clear_text() -> None:
    assert "Maria" not in stored(HelpRequestFactory().pk)


def test_session_contents_are_encrypted() -> None:
    sealed = EncryptedSerializer().dumps({"zip": "60614"})
    assert b"60614" not in sealed
    assert EncryptedSerializer().loads(sealed) == {"zip": "60614"}


def test_a_blind_index_ignores_case_and_spaces_and_depends_on_its_key(settings: Any) -> None:
    one = lookup_hash(" Maria@Family.example ")
    assert one == lookup_hash("maria@family.EXAMPLE")
    settings.LOOKUP_KEY = "another key of forty characters or so, ok"
    assert lookup_hash("maria@family.example") != one
