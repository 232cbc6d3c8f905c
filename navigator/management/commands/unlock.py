"""`manage.py unlock NAME`: let a member of staff try to sign in again, when no lead can."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from navigator.models import StaffEvent
from navigator.staff import guessing


class Command(BaseCommand):
    help = "Forget the tries that were counted against an account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        user = get_user_model()._default_manager.filter(username=options["name"]).first()
        if user is None:
            raise CommandError("There is no such account.")
        guessing.unlock(options["name"])
        guessing.unlock(f"second factor of {user.pk}")
        StaffEvent.objects.create(what=StaffEvent.What.UNLOCKED, user=user)
        self.stdout.write(f"{user} may try again.")
