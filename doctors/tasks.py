"""Celery tasks: thin."""

from celery import shared_task

from doctors import importing, reporting


@shared_task(name="doctors.tidy")
def tidy() -> None:
    """Words of families, and uploaded files, that are no longer needed."""
    reporting.forget_words()
    importing.forget_files()
