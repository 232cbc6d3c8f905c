"""The README is true: it names what is there, and what it names is there."""

import re
from pathlib import Path

from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
APPS = ("navigator", "content", "doctors", "intake")


def test_it_names_every_target() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(targets) > 6
    assert [target for target in targets if target != "help" and f"make {target}" not in README] == []


def test_it_names_every_command_of_ours() -> None:
    ours = [name for name, app in get_commands().items() if app in APPS]
    assert len(ours) >= 5
    assert [name for name in ours if f"`manage.py {name}" not in README] == []


def test_every_path_it_names_exists() -> None:
    named = re.findall(
        r"`((?:navigator|content|doctors|intake|templates|static|tests|requirements|security)/[\w./\-]*)", README
    )
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_test_it_names_exists() -> None:
    for path, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", README):
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), name
