"""The settings as a deployment has them: read in a process of its own, because the suite runs under those of a test."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
READ = """
import json
from django.conf import settings
from django.contrib.auth.hashers import make_password
names = [name for name in dir(settings) if name.isupper()]
said = {name: getattr(settings, name) for name in names}
said["HASH"] = make_password("a pass phrase")
print(json.dumps(said, default=str))
"""


@pytest.fixture(scope="module")
def deployed() -> dict[str, Any]:
    command = [sys.executable, "-m", "navigator.deployment_check", "shell", "--no-imports", "-c", READ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_cookies_are_bound_to_this_host_and_no_script_reads_them(deployed: dict[str, Any]) -> None:
    for kind, same_site in (("SESSION", "Lax"), ("CSRF", "Strict")):
        assert deployed[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert deployed[f"{kind}_COOKIE_SECURE"] is True
        assert deployed[f"{kind}_COOKIE_HTTPONLY"] is True
        assert deployed[f"{kind}_COOKIE_SAMESITE"] == same_site
        assert deployed[f"{kind}_COOKIE_DOMAIN"] is None
        assert deployed[f"{kind}_COOKIE_PATH"] == "/"


def test_browsers_keep_to_https(deployed: dict[str, Any]) -> None:
    assert deployed["SECURE_SSL_REDIRECT"] is True
    assert deployed["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert deployed["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert deployed["SECURE_HSTS_PRELOAD"] is True


def test_passwords_are_long_uncommon_and_stored_slowly(deployed: dict[str, Any]) -> None:
    validators = {
        each["NAME"].rsplit(".", 1)[1]: each.get("OPTIONS", {}) for each in deployed["AUTH_PASSWORD_VALIDATORS"]
    }
    assert validators["MinimumLengthValidator"]["min_length"] >= 15
    assert {"CommonPasswordValidator", "ObviousPasswordValidator"} <= set(validators)
    assert "NumericPasswordValidator" not in validators  # no rule on kinds of characters
    name, rounds, _, _ = deployed["HASH"].split("$")
    assert name == "pbkdf2_sha256"
    assert int(rounds) >= 600_000
    assert deployed["SECOND_FACTOR"] is True


def test_hosts_are_named_and_the_clients_word_for_its_own_is_not_taken(deployed: dict[str, Any]) -> None:
    assert deployed["ALLOWED_HOSTS"] == ["guide.example"]
    assert deployed["USE_X_FORWARDED_HOST"] is False
    assert deployed["CSRF_TRUSTED_ORIGINS"] == ["https://guide.example"]


def test_bodies_have_an_end_and_no_form_takes_files(deployed: dict[str, Any]) -> None:
    assert deployed["DATA_UPLOAD_MAX_MEMORY_SIZE"] <= 256 * 1024
    assert deployed["DATA_UPLOAD_MAX_NUMBER_FIELDS"] <= 200
    assert deployed["DATA_UPLOAD_MAX_NUMBER_FILES"] == 0


def test_the_broker_carries_json_alone_and_keeps_no_result(deployed: dict[str, Any]) -> None:
    assert deployed["CELERY_ACCEPT_CONTENT"] == ["json"]
    assert deployed["CELERY_TASK_SERIALIZER"] == "json"
    assert deployed["CELERY_TASK_IGNORE_RESULT"] is True
    assert "CELERY_RESULT_BACKEND" not in deployed


def test_no_log_is_mailed_and_each_line_is_scrubbed(deployed: dict[str, Any]) -> None:
    handlers = deployed["LOGGING"]["handlers"]
    assert {each["class"] for each in handlers.values()} == {"logging.StreamHandler"}
    assert {each["formatter"] for each in handlers.values()} == {"scrubbed"}
    assert deployed["DEBUG"] is False
    assert deployed["ADMINS"] == []


def test_nothing_waits_for_ever(deployed: dict[str, Any]) -> None:
    options = deployed["DATABASES"]["default"]["OPTIONS"]
    assert options["connect_timeout"] <= 5
    assert "statement_timeout" in options["options"]
    assert deployed["EMAIL_TIMEOUT"] <= 30
    assert deployed["EMAIL_USE_TLS"] is True
    assert deployed["CELERY_BROKER_TRANSPORT_OPTIONS"]["socket_timeout"] <= 2
