"""System checks: a half-configured start stops here, and each message says what to do.

Errors stop every start of web, worker and beat (`navigator.start`) and `manage.py check`.
"""

from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from navigator import identity

KEY_HINT = (
    "Make one with: python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())' "
    "and keep it where the database's backups are not."
)


@register(Tags.security)
def keys(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """SECRET_KEY, FIELD_KEYS and LOOKUP_KEY are there and usable, whatever the environment."""
    found: list[CheckMessage] = []
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's own word for an empty one
        secret = ""
    if len(secret) < 50 or len(set(secret)) < 5:
        found.append(
            Error(
                "SECRET_KEY is missing or weak.",
                hint="Set it to 50 or more random characters: "
                "python -c 'import secrets; print(secrets.token_urlsafe(64))'",
                id="navigator.E001",
            )
        )
    if not settings.FIELD_KEYS:
        found.append(
            Error("FIELD_KEYS is missing: personal fields cannot be encrypted.", hint=KEY_HINT, id="navigator.E002")
        )
    for number, key in enumerate(settings.FIELD_KEYS, start=1):
        try:
            Fernet(key)
        except ValueError:
            found.append(Error(f"Key {number} of FIELD_KEYS is not a Fernet key.", hint=KEY_HINT, id="navigator.E003"))
    if len(settings.LOOKUP_KEY) < 32:
        found.append(
            Error(
                "LOOKUP_KEY is missing or shorter than 32 characters.",
                hint="Set LOOKUP_KEY to a random text of its own, and never change it: the blind indexes depend on it.",
                id="navigator.E004",
            )
        )
    if settings.LOOKUP_KEY and settings.LOOKUP_KEY in (secret, *settings.FIELD_KEYS):
        found.append(Error("LOOKUP_KEY repeats another key.", hint="Give it a value of its own.", id="navigator.E005"))
    return found


@register()
def environment(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """ENVIRONMENT and LOG_FORMAT are words we know, the time zone exists, and tasks run in a worker."""
    found: list[CheckMessage] = []
    if settings.ENVIRONMENT not in ("production", "demo", "test"):
        found.append(
            Error(
                f"ENVIRONMENT is {settings.ENVIRONMENT!r}.",
                hint="Set it to production (the default), demo or test.",
                id="navigator.E010",
            )
        )
    try:
        ZoneInfo(settings.SITE_TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        found.append(
            Error(
                f"SITE_TIME_ZONE is {settings.SITE_TIME_ZONE!r}, which is no IANA time zone.",
                hint="For example America/Chicago.",
                id="navigator.E011",
            )
        )
    if settings.CELERY_TASK_ALWAYS_EAGER:
        found.append(
            Error(
                "CELERY_TASK_ALWAYS_EAGER is on: tasks would run inside the page that a family waits for.",
                hint="Unset CELERY_TASK_ALWAYS_EAGER and start a worker.",
                id="navigator.E012",
            )
        )
    if settings.LOG_FORMAT not in ("json", "lines"):
        found.append(
            Error(
                f"LOG_FORMAT is {settings.LOG_FORMAT!r}.",
                hint="Unset LOG_FORMAT, or set it to json (one object a line) or lines.",
                id="navigator.E013",
            )
        )
    return found


@register()
def reports(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """If errors are to be reported, they can be: an address with a key, https, and the package."""
    if not settings.SENTRY_DSN:
        return []
    found: list[CheckMessage] = []
    address = urlsplit(settings.SENTRY_DSN)
    number = address.path.rpartition("/")[2]
    if not (address.scheme == "https" and address.username and address.hostname and number.isdecimal()):
        found.append(
            Error(
                "SENTRY_DSN is not an address of a project of Sentry.",
                hint="Set SENTRY_DSN=https://key@host/number, as Sentry shows it, or unset it.",
                id="navigator.E030",
            )
        )
    if find_spec("sentry_sdk") is None:
        found.append(
            Error(
                "SENTRY_DSN is set and the package sentry-sdk is not installed.",
                hint="Install requirements/sentry.txt (the image: --build-arg LOCK=sentry), or unset SENTRY_DSN.",
                id="navigator.E031",
            )
        )
    return found


@register()
def deployment(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """In production: no sample identity, a funding statement, PostgreSQL, Redis, https, no DEBUG, real mail."""
    if not settings.DEPLOYED:
        return []
    found: list[CheckMessage] = []
    who = identity.current()
    names = {
        "name": "SITE_NAME",
        "legal_name": "SITE_LEGAL_NAME",
        "address": "SITE_ADDRESS",
        "phone": "SITE_PHONE",
        "email": "SITE_EMAIL",
        "sender": "MAIL_SENDER",
    }
    for field, variable in names.items():
        if getattr(who, field) in ("", getattr(identity.SAMPLE, field)):
            found.append(
                Error(
                    f"{variable} is empty or still the sample value.",
                    hint=f"Set {variable} to what is true of your organization.",
                    id="navigator.E020",
                )
            )
    if who.funding.strip() in ("", identity.SAMPLE.funding):
        found.append(
            Error(
                "SITE_FUNDING is empty or still the sample value.",
                hint="Say in one or two sentences who pays for this site. Every page, mail and print-out shows it.",
                id="navigator.E021",
            )
        )
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        found.append(
            Error(
                "The database is not PostgreSQL.",
                hint="Set DATABASE_URL=postgresql://user:password@host/name (SQLite is for the demo).",
                id="navigator.E022",
            )
        )
    if not settings.REDIS_URL:
        found.append(
            Error("REDIS_URL is missing.", hint="Set REDIS_URL=redis://:password@host:6379/0.", id="navigator.E023")
        )
    if not settings.HTTPS:
        found.append(
            Error(
                "SITE_URL is not an https address.",
                hint="Set SITE_URL=https://your.domain; the proxy in front must set X-Forwarded-Proto.",
                id="navigator.E024",
            )
        )
    if settings.DEBUG:
        found.append(Error("DEBUG is on.", hint="Unset DEBUG.", id="navigator.E025"))
    if settings.MAIL_FOLDER:
        found.append(
            Error(
                "MAIL_FOLDER is set: mail would be written to a folder and reach nobody.",
                hint="Unset MAIL_FOLDER and set EMAIL_URL=smtp+tls://user:password@host:587.",
                id="navigator.E026",
            )
        )
    if not settings.SECOND_FACTOR:
        found.append(
            Error(
                "SECOND_FACTOR is off: a stolen password would open every family's request.",
                hint="Unset SECOND_FACTOR. Staff set up an app on their phone when they next sign in.",
                id="navigator.E028",
            )
        )
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < 32:
        found.append(
            Error(
                "METRICS_TOKEN is shorter than 32 characters.",
                hint="Unset METRICS_TOKEN, or make one: python -c 'import secrets; print(secrets.token_urlsafe(40))'",
                id="navigator.E029",
            )
        )
    if not settings.READY_PAGES:
        found.append(Warning("READY_PAGES is off: public pages are slow.", hint="Unset it.", id="navigator.W027"))
    return found
