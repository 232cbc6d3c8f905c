"""Celery tasks: thin. Messages carry a primary key and nothing else."""

from celery import shared_task
from django.core.management import call_command

from intake import promises


@shared_task(name="intake.keep_promise")
def keep_promise(promise_pk: int) -> None:
    """The nudge: one promise, now."""
    promises.keep_one(promise_pk)


@shared_task(name="intake.sweep")
def sweep() -> None:
    """Everything that is due. Run by beat every five seconds; harmless when run twice at once."""
    promises.sweep()


@shared_task(name="intake.tidy")
def tidy() -> None:
    """Unfinished answers of families are gone an hour after their last touch."""
    call_command("clearsessions")
