"""`python -m navigator.deployment_check <arguments>`: a management command under complete deployment settings.

For `make check`: nothing is contacted, the values are made up, and DEBUG is off as it would be.
"""

import os
import secrets
import sys

from cryptography.fernet import Fernet
from django.core.management import execute_from_command_line

COMPLETE = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "FIELD_KEYS": Fernet.generate_key().decode(),
    "LOOKUP_KEY": secrets.token_urlsafe(40),
    "SITE_URL": "https://guide.example",
    "SITE_NAME": "A guide",
    "SITE_LEGAL_NAME": "A Guide, Inc.",
    "SITE_ADDRESS": "1 Main Street, Springfield, IL 62701",
    "SITE_PHONE": "1-800-555-0199",
    "SITE_EMAIL": "hello@guide.example",
    "SITE_FUNDING": "Donations of families pay for this site.",
    "MAIL_SENDER": "A guide <hello@guide.example>",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
    "DATABASE_URL": "postgresql://navigator:password@127.0.0.1:1/navigator",
    "REDIS_URL": "redis://:password@127.0.0.1:1/0",
}
LEFT_OUT = (
    "DEBUG",
    "MAIL_FOLDER",
    "CELERY_TASK_ALWAYS_EAGER",
    "READY_PAGES",
    "SECOND_FACTOR",
    "ALLOWED_HOSTS",
    "STATIC_ROOT",
    "LOG_FORMAT",
    "METRICS_TOKEN",
    "SENTRY_DSN",
)

if __name__ == "__main__":
    os.environ.update(COMPLETE)
    for name in LEFT_OUT:
        os.environ.pop(name, None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "navigator.settings"
    execute_from_command_line(["manage.py", *sys.argv[1:]])
