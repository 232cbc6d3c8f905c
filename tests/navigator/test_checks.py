"""Each half-configured start, and the sentence it gets."""

from typing import Any

import pytest
from cryptography.fernet import Fernet

from navigator import checks, identity
from navigator.deployment_check import COMPLETE


def ids(check: Any, *, about: str = "") -> set[str]:
    """Each message has a hint; one of them names the variable `about`."""
    found = check(None)
    assert all(message.hint for message in found)
    assert not about or any(about in f"{message.msg} {message.hint}" for message in found)
    return {message.id for message in found}


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("SECRET_KEY", "", "navigator.E001"),
        ("SECRET_KEY", "short", "navigator.E001"),
        ("SECRET_KEY", "a" * 60, "navigator.E001"),
        ("FIELD_KEYS", [], "navigator.E002"),
        ("FIELD_KEYS", ["not a key"], "navigator.E003"),
        ("LOOKUP_KEY", "", "navigator.E004"),
        ("LOOKUP_KEY", "short", "navigator.E004"),
    ],
)
def test_keys(settings: Any, setting: str, value: Any, expected: str) -> None:
    assert ids(checks.keys) == set()
    setattr(settings, setting, value)
    assert expected in ids(checks.keys, about=setting)


def test_a_key_has_one_purpose(settings: Any) -> None:
    settings.LOOKUP_KEY = settings.FIELD_KEYS[0]
    assert ids(checks.keys) == {"navigator.E005"}


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("ENVIRONMENT", "staging", "navigator.E010"),
        ("SITE_TIME_ZONE", "Central", "navigator.E011"),
        ("CELERY_TASK_ALWAYS_EAGER", True, "navigator.E012"),
        ("LOG_FORMAT", "xml", "navigator.E013"),
    ],
)
def test_environment(settings: Any, setting: str, value: Any, expected: str) -> None:
    assert ids(checks.environment) == set()
    setattr(settings, setting, value)
    assert ids(checks.environment, about=setting) == {expected}


@pytest.fixture
def deployed(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Complete settings of a deployment."""
    settings.DEPLOYED = settings.SECOND_FACTOR = True
    for name in COMPLETE:
        if name.startswith("SITE_") or name == "MAIL_SENDER":
            setattr(settings, name, COMPLETE[name])
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    settings.REDIS_URL, settings.HTTPS, settings.MAIL_FOLDER, settings.READY_PAGES = "redis://x", True, "", True
    return settings


def test_a_complete_deployment_starts(deployed: Any) -> None:
    assert ids(checks.deployment) == set()


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("SITE_NAME", identity.SAMPLE.name, "navigator.E020"),
        ("SITE_PHONE", "", "navigator.E020"),
        ("MAIL_SENDER", identity.SAMPLE.sender, "navigator.E020"),
        ("SITE_FUNDING", " ", "navigator.E021"),
        ("SITE_FUNDING", identity.SAMPLE.funding, "navigator.E021"),
        ("REDIS_URL", "", "navigator.E023"),
        ("HTTPS", False, "navigator.E024"),
        ("DEBUG", True, "navigator.E025"),
        ("MAIL_FOLDER", "mail", "navigator.E026"),
        ("READY_PAGES", False, "navigator.W027"),
        ("SECOND_FACTOR", False, "navigator.E028"),
        ("METRICS_TOKEN", "short", "navigator.E029"),
    ],
)
def test_a_deployment_that_lacks_one_is_refused(deployed: Any, setting: str, value: Any, expected: str) -> None:
    setattr(deployed, setting, value)
    variable = "SITE_URL" if setting == "HTTPS" else setting
    assert ids(checks.deployment, about=variable) == {expected}


def test_sqlite_is_for_the_demo(deployed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(deployed.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert ids(checks.deployment, about="DATABASE_URL") == {"navigator.E022"}


def test_the_demo_may_be_a_sample(settings: Any) -> None:
    assert settings.DEPLOYED is False
    assert ids(checks.deployment) == set()


def test_old_keys_may_stay(settings: Any) -> None:
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert ids(checks.keys) == set()
