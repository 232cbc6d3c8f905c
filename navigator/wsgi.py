"""The web process: checks itself, then serves ready-made public pages in front of Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navigator.settings")

django_application = get_wsgi_application()

from django.conf import settings  # noqa: E402

from navigator import errors, metrics  # noqa: E402
from navigator.caching import Application, ReadyPages  # noqa: E402
from navigator.start import refuse_unless_ready  # noqa: E402

refuse_unless_ready()
errors.configure()

application: Application = django_application
if settings.READY_PAGES:
    application = layer = ReadyPages(django_application)
    metrics.ready_pages(layer)
