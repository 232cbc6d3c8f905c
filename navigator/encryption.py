"""Text encrypted at rest, and the blind index that finds it again.

Keys come from the environment: FIELD_KEYS (Fernet keys, newest first; every old key stays until `manage.py rotate_keys`
has run) and LOOKUP_KEY. A value that no key opens is an error, never rubbish on the screen.
"""

import hashlib
import hmac
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.core.signals import setting_changed
from django.db import models


class UndecryptableError(Exception):
    """No key in FIELD_KEYS opens this value. Names the field, never the value."""


@lru_cache(maxsize=1)
def box() -> MultiFernet:
    """The keys as one lock: encrypts with the first, opens with any."""
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def _forget_box(*, setting: str, **kwargs: Any) -> None:
    if setting == "FIELD_KEYS":
        box.cache_clear()


setting_changed.connect(_forget_box)  # tests change keys


class EncryptedTextField(models.TextField):
    """A TextField whose column holds Fernet tokens. Can be read and written, not searched: only `isnull` looks up."""

    def get_prep_value(self, value: Any) -> str | None:
        text = super().get_prep_value(value)
        return text if text is None else box().encrypt(text.encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Raises UndecryptableError."""
        if value is None:
            return None
        try:
            return box().decrypt(value.encode()).decode()
        except InvalidToken as error:
            raise UndecryptableError(f"{self.model.__name__}.{self.name}: no key in FIELD_KEYS opens it") from error

    def get_lookup(self, lookup_name: str) -> Any:
        """Raises FieldError for anything but `isnull`."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: only isnull can be looked up")
        return super().get_lookup(lookup_name)


def sealed(model: type[models.Model]) -> tuple[str, ...]:
    """Names of the encrypted fields of `model`. With them deferred nothing is opened that nobody looks at, and one lost
    key does not close the desk, or keep what should be gone."""
    return tuple(field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField))


class EncryptedSerializer:
    """Session contents, encrypted. What no key opens counts as an empty session (Django's own rule for bad data)."""

    def dumps(self, obj: Any) -> bytes:
        return box().encrypt(json.dumps(obj, separators=(",", ":")).encode())

    def loads(self, data: bytes) -> Any:
        return json.loads(box().decrypt(data))


def lookup_hash(text: str) -> str:
    """A blind index: equal texts (case and spaces aside) give equal hashes; without LOOKUP_KEY it says nothing.

    32 hex characters of HMAC-SHA-256.
    """
    normal = " ".join(text.split()).casefold()
    return hmac.new(settings.LOOKUP_KEY.encode(), normal.encode(), hashlib.sha256).hexdigest()[:32]
