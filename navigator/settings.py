"""Every setting, in reading order, read from the environment. `.env.example` lists the variables; `navigator.checks`
refuses a start that lacks one and says what to do."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import environ

from navigator import identity

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

# --- What this process is -------------------------------------------------------------------------------------------
# "production" is the default, so that nothing can run half configured by accident. "demo" is `make run` and
# `make stack`: sample identity is allowed. "test" is the suite.
ENVIRONMENT = env.str("ENVIRONMENT", default="production")
DEPLOYED = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", default=False)
# A worker may wait for the broker; a web process never does (see CELERY_BROKER_TRANSPORT_OPTIONS).
PROCESS_ROLE = env.str("PROCESS_ROLE", default="web")
# "json" is one object a line, for a machine to read; "lines" is for people.
LOG_FORMAT = env.str("LOG_FORMAT", default="json" if DEPLOYED else "lines")

# --- Secrets ----------------------------------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Keys of the personal fields, newest first. Old ones stay until `manage.py rotate_keys` has run.
FIELD_KEYS: list[str] = env.list("FIELD_KEYS", default=[])
# Key of the blind indexes (finding a request by e-mail or phone). Apart, so that rotating field keys leaves it alone.
LOOKUP_KEY = env.str("LOOKUP_KEY", default="")
# Who may read /metrics; without one, nobody.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Where errors are reported, without a word of anybody (navigator.errors); without one, nowhere.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
SENTRY_RELEASE = env.str("SENTRY_RELEASE", default="")

# --- Who we are -------------------------------------------------------------------------------------------------------
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SITE_NAME = env.str("SITE_NAME", default=identity.SAMPLE.name)
SITE_LEGAL_NAME = env.str("SITE_LEGAL_NAME", default=identity.SAMPLE.legal_name)
SITE_ADDRESS = env.str("SITE_ADDRESS", default=identity.SAMPLE.address)
SITE_PHONE = env.str("SITE_PHONE", default=identity.SAMPLE.phone)
SITE_HOURS = env.str("SITE_HOURS", default=identity.SAMPLE.hours)
SITE_EMAIL = env.str("SITE_EMAIL", default=identity.SAMPLE.email)
SITE_FUNDING = env.str("SITE_FUNDING", default=identity.SAMPLE.funding)
SITE_TIME_ZONE = env.str("SITE_TIME_ZONE", default="America/Chicago")

# Whoever answers all questions within so many seconds is a machine (intake.suspecting); 0: nobody is. For drills.
FASTEST_JOURNEY = env.float("FASTEST_JOURNEY", default=5)

_site = urlsplit(SITE_URL)
HTTPS = _site.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site.hostname or "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []

# --- Apps and middleware ----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "navigator.apps.NavigatorConfig",
    "content.apps.ContentConfig",
    "doctors.apps.DoctorsConfig",
    "intake.apps.IntakeConfig",
    "crispy_forms",
    "navigator.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "navigator.access.requests",  # first, so that every line of a request has its reference
    "django.middleware.security.SecurityMiddleware",
    "navigator.security.headers",
    "navigator.security.clean_request",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "navigator.urls"
WSGI_APPLICATION = "navigator.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["navigator.templatetags.site"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "navigator.identity.site",
            ],
        },
    }
]
CRISPY_TEMPLATE_PACK = "navigator-pack"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK
CRISPY_FAIL_SILENTLY = False

# --- Database ---------------------------------------------------------------------------------------------------------
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
}
_POSTGRESQL_OPTIONS = {
    "connect_timeout": 3,
    "options": "-c statement_timeout=10000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=15000",
}


def _database() -> dict[str, Any]:
    """DATABASE_URL as Django's dictionary. A socket folder in `?host=` moves to HOST, where `dbshell` looks too."""
    url = env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / '.demo' / 'navigator.sqlite3'}")
    options = url.setdefault("OPTIONS", {})
    if url["ENGINE"].endswith("sqlite3"):
        # Tests use a file too: threads would lock the tables of a database in memory.
        return {**url, "OPTIONS": {**_SQLITE_OPTIONS, **options}, "TEST": {"NAME": f"{url['NAME']}.test"}}
    if "host" in options:
        url["HOST"] = options.pop("host")
    return {
        **url,
        "OPTIONS": {**_POSTGRESQL_OPTIONS, **options},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# No Django cache is used: public pages are ready-made in each web process (navigator.caching), and nothing personal
# is ever cached.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
READY_PAGES = env.bool("READY_PAGES", default=not DEBUG)

# --- Sessions, cookies, forms -----------------------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_SERIALIZER = "navigator.encryption.EncryptedSerializer"
SESSION_COOKIE_AGE = 60 * 60  # idle limit: answers of a family are gone after an hour
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_AGE = None  # gone with the browser
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "navigator.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 0

# --- Security headers (the rest in navigator.security) ----------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

# --- Staff ------------------------------------------------------------------------------------------------------------
LOGIN_URL = "admin:login"
AUTHENTICATION_BACKENDS = ["navigator.staff.backends.CountedBackend"]
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=DEPLOYED)  # six digits beside the password, for all staff
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "navigator.staff.passwords.ObviousPasswordValidator"},
]
if ENVIRONMENT == "test":  # the suite signs in hundreds of times
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# --- Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True

# --- Static files -----------------------------------------------------------------------------------------------------
# With STATIC_ROOT, files are collected, hashed and compressed once; without it (tests, `make run`) they are found
# where they are written.
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles") if DEPLOYED else "")
STATICFILES_DIRS = [BASE_DIR / "static"]
BUNDLE_FOLDER = BASE_DIR / ".demo" / "bundles"  # where joined style sheets lie when they are not collected
STATICFILES_FINDERS = [
    "navigator.stylesheets.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
}
WHITENOISE_USE_FINDERS = not STATIC_ROOT
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- E-mail -----------------------------------------------------------------------------------------------------------
# MAIL_FOLDER writes each mail into a file instead of sending it (the demo, the stack, the tests).
MAIL_FOLDER = env.str("MAIL_FOLDER", default="")
MAIL_SENDER = env.str("MAIL_SENDER", default=identity.SAMPLE.sender)
_email = env.email_url("EMAIL_URL", default="smtp://localhost:25")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend" if MAIL_FOLDER else _email["EMAIL_BACKEND"]
EMAIL_FILE_PATH = MAIL_FOLDER or None
EMAIL_HOST = _email.get("EMAIL_HOST") or ""
EMAIL_PORT = _email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(_email.get("EMAIL_USE_TLS", False))
EMAIL_USE_SSL = bool(_email.get("EMAIL_USE_SSL", False))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = MAIL_SENDER

# --- Celery: the runner of promises, never their memory ---------------------------------------------------------------
# Redis when REDIS_URL is given; otherwise a folder that a real worker reads (the demo). No result backend at all: with
# one, a silent broker blocks the page that publishes.
REDIS_URL = env.str("REDIS_URL", default="")
BROKER_FOLDER = env.str("BROKER_FOLDER", default=str(BASE_DIR / ".demo" / "broker"))


def _redis_broker(url: str) -> str:
    """Celery spells a Unix socket `redis+socket:///path?virtual_host=0`; redis-py spells it `unix:///path?db=0`."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    return f"redis+socket://{parts.path}?virtual_host={parse_qs(parts.query).get('db', ['0'])[0]}"


_redis_options = {"visibility_timeout": 300, "socket_keepalive": True, "health_check_interval": 10}
if REDIS_URL:
    CELERY_BROKER_URL = _redis_broker(REDIS_URL)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
        # The same short time-out on a worker leaves it alive and deaf after a five-second stall.
        {**_redis_options, "socket_timeout": 30, "socket_connect_timeout": 2}
        if PROCESS_ROLE == "worker"
        # Only these bound a publish to a broker that accepts and never answers.
        else {
            **_redis_options,
            "socket_timeout": 1.0,
            "socket_connect_timeout": 0.5,
            "max_retries": 0,
            "interval_start": 0,
            "interval_step": 0,
            "interval_max": 0,
        }
    )
else:
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": f"{BROKER_FOLDER}/messages",
        "data_folder_out": f"{BROKER_FOLDER}/messages",
        "control_folder": f"{BROKER_FOLDER}/control",
    }
CELERY_TASK_ALWAYS_EAGER = env.bool("CELERY_TASK_ALWAYS_EAGER", default=False)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_POOL_ACQUIRE_TIMEOUT = 1.0
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 20, 30
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TASK_SEND_SENT_EVENT = False
# Intervals only: local-time crontabs skip runs when the clocks change.
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "intake.sweep", "schedule": timedelta(seconds=5), "options": {"expires": 300}},
    "publish": {"task": "content.publish_due", "schedule": timedelta(minutes=1), "options": {"expires": 50}},
    "tidy-content": {"task": "content.tidy", "schedule": timedelta(hours=6), "options": {"expires": 3000}},
    "tidy-doctors": {"task": "doctors.tidy", "schedule": timedelta(hours=6), "options": {"expires": 3000}},
    "digests": {"task": "intake.send_digests", "schedule": timedelta(minutes=5), "options": {"expires": 250}},
    "hourly": {"task": "intake.hourly", "schedule": timedelta(hours=1), "options": {"expires": 3000}},
    "tidy": {"task": "intake.tidy", "schedule": timedelta(hours=1), "options": {"expires": 3000}},
}

# --- Logs: no handler mails anything, and every line is scrubbed ------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "scrubbed": {
            "()": "navigator.logs.ScrubbedFormatter",
            "fmt": "{levelname} {name} {request_id} {message}",
            "style": "{",
            "as_json": LOG_FORMAT == "json",
            "role": PROCESS_ROLE,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "scrubbed"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # What it warns of, with the path, is the status of an access line.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False},  # has a handler of its own
        "content": {"level": "INFO"},
        "intake": {"level": "INFO"},
        "navigator": {"level": "INFO"},
    },
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "navigator.logs.NothingPersonal"
SILENCED_SYSTEM_CHECKS: list[str] = []
