"""`manage.py make_downloads`: the PDF of each live text that has none, or whose sheet names another identity (who we
are, who pays), another address or an older typesetting. A deployment runs it after migrating."""

from typing import Any

from django.core.management.base import BaseCommand

from content.printouts import remake
from navigator.caching import forget_public_pages


class Command(BaseCommand):
    help = "Makes missing and outdated PDF files of live texts. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        made = list(remake())
        for path in made:
            self.stdout.write(f"{path}: made")
        if made:
            forget_public_pages()
