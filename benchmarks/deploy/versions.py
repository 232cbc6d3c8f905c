"""Two versions of the site side by side: what is here, and the same with a new column and a mark on each page."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MARK = "This is the version after."
MIGRATION = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("intake", "{after}")]
    operations = [
        {operation},
        migrations.CreateModel("Rehearsal", [("id", models.BigAutoField(primary_key=True))]),
    ]
"""
ADDS = 'migrations.AddField("helprequest", "rehearsed", models.CharField(max_length=9, db_default="yes"))'
TAKES_AWAY = 'migrations.RemoveField("helprequest", "tries")'


@dataclass(frozen=True)
class Version:
    """A folder with the code."""

    name: str
    folder: Path


@contextmanager
def two(folder: Path, *, before: str = "", careless: bool = False) -> Iterator[tuple[Version, Version]]:
    """What is here, or the commit `before`; and what is here with a migration and a mark. `careless`: the migration
    takes a column away. Raises RuntimeError for a commit that git does not have. Nothing of them is left."""
    old, new = Version("before", folder / "before"), Version("after", folder / "after")
    try:
        if before:
            _git("worktree", "add", "--quiet", "--detach", str(old.folder), before)
        else:
            _copy(old.folder)
        _copy(new.folder)
        _change(new.folder, TAKES_AWAY if careless else ADDS)
        yield old, new
    finally:
        if before and old.folder.exists():
            _git("worktree", "remove", "--force", str(old.folder))


def _copy(to: Path) -> None:
    shutil.copytree(ROOT, to, ignore=shutil.ignore_patterns(".*", "__pycache__", "staticfiles", "htmlcov"))


def _change(folder: Path, operation: str) -> None:
    migrations = folder / "intake" / "migrations"
    after = sorted(path.stem for path in migrations.glob("0*.py"))[-1]
    (migrations / "9999_rehearsal.py").write_text(MIGRATION.format(after=after, operation=operation))
    page, sheet = folder / "templates" / "base.html", folder / "static" / "css" / "base.css"
    text = page.read_text()
    assert "</body>" in text
    page.write_text(text.replace("</body>", f"<p>{MARK}</p>\n</body>"))
    sheet.write_text(sheet.read_text() + "\n.after { color: inherit; }\n")  # so that its address is another


def _git(*command: str) -> None:
    done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    if done.returncode:
        raise RuntimeError(f"git {command[0]} {command[1]}: {done.stderr.strip()}")
