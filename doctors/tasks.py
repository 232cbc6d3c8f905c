"""Celery tasks: thin."""

from celery import shared_task

from doctors import reporting


@shared_task(name="doctors.tidy")
def tidy() -> None:
    """Words of families that are no longer needed."""
    reporting.forget_words()
