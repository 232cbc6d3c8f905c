"""`manage.py rotate_keys`: writes every encrypted field again with the newest key, so that older ones can go."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models, transaction

from navigator.encryption import sealed

BATCH = 200


class Command(BaseCommand):
    help = "Encrypt every personal field anew with the first key of FIELD_KEYS. Can be stopped and run again."

    def handle(self, *args: Any, **options: Any) -> None:
        for model in apps.get_models():
            if names := sealed(model):
                self.stdout.write(f"{model._meta.label}: {rewrite(model, names)} rows")


def rewrite(model: type[models.Model], names: tuple[str, ...]) -> int:
    """Read and save `names` of every row, in batches that lock what they rewrite. How many rows."""
    rows, last = 0, 0
    while True:
        with transaction.atomic():
            batch = list(model._default_manager.select_for_update().filter(pk__gt=last).order_by("pk")[:BATCH])
            for row in batch:
                row.save(update_fields=names)
        if not batch:
            return rows
        rows, last = rows + len(batch), batch[-1].pk
