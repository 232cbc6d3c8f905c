"""The Celery application. A worker or a beat that is half configured does not start (`navigator.start`)."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navigator.settings")

app = Celery("navigator")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def _refuse_half_configured(**kwargs: Any) -> None:
    from navigator.start import refuse_unless_ready

    refuse_unless_ready()
