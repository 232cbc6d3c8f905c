"""The house rules, read from the files themselves."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("navigator", "content", "doctors", "intake")
MAY_IMPORT = {
    "navigator": {"navigator"},
    "content": {"content", "navigator"},
    "doctors": {"doctors", "navigator"},
    "intake": {"intake", "doctors", "navigator"},
}
# Settings name the apps and urls include them: the project's own three may know everybody.
KNOWS_ALL = {"navigator/settings.py", "navigator/urls.py", "navigator/celery.py"}
VAGUE = {"utils", "util", "helpers", "services", "common", "core", "misc", "signals", "mixins"}


def sources() -> list[Path]:
    return [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, first part of the imported name), imports inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module.split(".")[0]


def test_imports_go_one_way() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sources()
        if str(path.relative_to(ROOT)) not in KNOWS_ALL
        for line, name in imports(path)
        if name in APPS and name not in MAY_IMPORT[path.relative_to(ROOT).parts[0]]
    ]
    assert wrong == []


def test_the_rule_sees_an_import_inside_a_function(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("def f():\n    from intake import models\n")
    assert list(imports(bad)) == [(2, "intake")]


def test_a_module_is_named_for_its_field() -> None:
    assert [str(p) for p in sources() if {p.stem, *p.relative_to(ROOT).parts[:-1]} & VAGUE] == []


def test_modules_stay_small() -> None:
    long = {str(p.relative_to(ROOT)): n for p in sources() if (n := len(p.read_text().splitlines())) > 400}
    assert long == {}


def test_no_signals_of_our_own() -> None:
    used = re.compile(r"(post|pre)_(save|delete|init|migrate)|m2m_changed|@receiver")
    assert [str(p.relative_to(ROOT)) for p in sources() if used.search(p.read_text())] == []


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda p: p.name)
def test_no_inline_style_or_script(path: Path) -> None:
    if "emails" in path.parts:
        return
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script, script


def test_pages_load_nothing_from_elsewhere() -> None:
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").rglob("*.css"), *(ROOT / "static").rglob("*.js")]
    loads = re.compile(r"""(?:src|srcset|action)\s*=\s*["']https?:|<link[^>]+href=["']https?:|@import|url\(""")
    assert [str(p.relative_to(ROOT)) for p in files if loads.search(p.read_text(encoding="utf-8"))] == []


def test_the_top_level_is_fixed() -> None:
    allowed = {
        "manage.py", "navigator", "content", "doctors", "intake", "templates", "static", "tests", "pyproject.toml",
        "Dockerfile", "README.md", "requirements", "benchmarks", "deploy", "compose.yaml", "Makefile", "LICENSE",
        "CHANGELOG.md", "security", "SECURITY.md",
    }  # fmt: skip
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - allowed - {"staticfiles", "htmlcov"} == set()
