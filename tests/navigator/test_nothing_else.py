"""What a site gives away by accident: its own files, lists of folders, what a browser sent, what scripts keep."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.env",
        "/.secrets.baseline",
        "/compose.yaml",
        "/manage.py",
        "/navigator/settings.py",
        "/requirements/run.txt",
        "/static/",
        "/static/js/",
        "/static/js",
        "/static/../manage.py",
        "/static/%2e%2e/manage.py",
        "/static/..%2fmanage.py",
        "/static//etc/passwd",
        "/server-status",
        "/__debug__/",
    ],
)
def test_no_file_of_ours_is_served(client: Client, path: str) -> None:
    answer = client.get(path, follow=True)  # to the same with a slash
    assert answer.status_code == 404
    text = b"".join(answer).decode()
    for ours in ("SECRET_KEY", "django==", "[core]", "root:", "errors.js"):
        assert ours not in text


def test_trace_echoes_nothing(client: Client) -> None:
    answer = client.generic("TRACE", "/robots.txt", headers={"X-Mine": "echo of a cookie"})
    assert b"echo of a cookie" not in answer.content
    assert "X-Mine" not in answer.headers


def test_no_script_keeps_anything_or_writes_html() -> None:
    scripts = sorted((ROOT / "static" / "js").glob("*.js"))
    assert scripts
    wrong = re.compile(
        r"Storage\b|indexedDB|document\.cookie|innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\("
    )
    assert [path.name for path in scripts if wrong.search(path.read_text(encoding="utf-8"))] == []
