"""The project: settings, and the parts that every app stands on. It imports no app."""

from navigator.celery import app as celery_app

__all__ = ["celery_app"]
