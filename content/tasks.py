"""Celery tasks: thin."""

from celery import shared_task

from content import correcting, scheduling


@shared_task(name="content.publish_due")
def publish_due() -> None:
    """Texts whose day has come. Run by beat every minute; harmless when run twice at once."""
    scheduling.publish_due()


@shared_task(name="content.tidy")
def tidy() -> None:
    """Words of readers that are no longer needed."""
    correcting.forget_words()
