"""`manage.py reconcile`: does the database say what always holds?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from intake import reconciling


class Command(BaseCommand):
    help = "Look for rows that must not be (intake/reconciling.py names the rules). Ends with 1 if there are any."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = reconciling.reconcile()
        says = {rule.name: rule.says for rule in reconciling.rules()}
        for name, sentence in says.items():
            self.stdout.write(f"{wrong.get(name, 0):>7}  {name}: {sentence}")
        if wrong:
            raise CommandError("These must be 0: " + ", ".join(wrong))
