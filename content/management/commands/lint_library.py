"""`manage.py lint_library [FILE…]`: the editors' checks over starter texts, before they are loaded (`content.lint`)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from content import library
from content.lint import Draft, Report, lint
from content.references import canonical, rows


class Command(BaseCommand):
    help = "Reports the reading grade and every finding of starter texts. Fails when there is an error."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="Markdown files or folders; none: the whole library")

    def handle(self, *args: Any, **options: Any) -> None:
        named = options["files"] or [library.FOLDER]
        files = [file for path in named for file in (sorted(path.rglob("*.md")) if path.is_dir() else [path])]
        live = library.paths()
        wrong = 0
        for file in files:
            try:
                report = _report(file, live)
            except ValueError as error:
                self.stdout.write(f"{file.name}: ERROR {error}")
                wrong += 1
                continue
            wrong += len(report.errors)
            self._show(file, report)
        if wrong:
            raise CommandError(f"{wrong} errors in {len(files)} texts.")

    def _show(self, file: Path, report: Report) -> None:
        self.stdout.write(
            f"{file.name}: grade {report.grade}, worst paragraph {report.worst_grade} "
            f"({' '.join(report.worst.split()[:7])} …), {report.words} words, {report.size:,} bytes"
        )
        for finding in report.findings:
            level = "ERROR" if finding.is_error else "WARNING"
            self.stdout.write(f"  {level}{f' line {finding.line}' if finding.line else ''}: {finding.message}")


def _report(file: Path, live: frozenset[str]) -> Report:
    text = library.read_file(file)
    facts = text.facts
    references = rows(canonical(facts["references"]))
    draft = Draft(
        kind=facts["kind"],
        path=text.path,
        title=facts["title"],
        summary=facts["summary"],
        description=facts.get("description", ""),
        body=text.body,
        references=references,
    )
    return lint(draft, live=live)
