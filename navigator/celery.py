"""The Celery application. A worker or a beat that is half configured does not start (`navigator.start`)."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, task_received, worker_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navigator.settings")

app = Celery("navigator")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def _refuse_half_configured(**kwargs: Any) -> None:
    from navigator import errors
    from navigator.start import refuse_unless_ready

    refuse_unless_ready()
    errors.configure()


@worker_ready.connect
def _guard_against_stalls(**kwargs: Any) -> None:
    from navigator import health
    from navigator.stalls import Guard

    guard = Guard(is_late=lambda: health.answer("promises") != "ok")
    task_received.connect(lambda **received: guard.heard(), weak=False)
    guard.start()


@setup_logging.connect
def _leave_logging_as_it_is(**kwargs: Any) -> None:
    """Somebody listens, so Celery sets nothing up: its handlers would write past `navigator.logs`."""
