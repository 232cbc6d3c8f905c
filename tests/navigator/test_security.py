import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from navigator.security import clean_text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/robots.txt", "/health/live", "/no-such-page-at-all/", "/admin/login/"])
def test_every_answer_carries_the_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    for name in ("Server", "X-Powered-By", "Access-Control-Allow-Origin"):
        assert name not in headers


def test_what_says_nothing_about_caching_is_not_stored(client: Client) -> None:
    assert client.get("/no-such-page/")["Cache-Control"] == "no-store"
    assert "no-store" in client.get("/admin/login/")["Cache-Control"]
    assert client.get("/admin/login/")["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("path", ["/a%00b/", "/?q=%00", "/admin/login/?next=%00"])
def test_a_nul_is_refused_before_any_query(client: Client, path: str) -> None:
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("length", ["x", "-1", "7, 7", "+7", "1e3", "\u0667", "9" * 19])
def test_a_length_that_is_no_number_is_refused(client: Client, length: str) -> None:
    answer = client.post("/find-care/report/program/none/", "a=b", content_type="text/plain", CONTENT_LENGTH=length)
    assert answer.status_code == 400


@pytest.mark.parametrize("cookie", ["csrftoken=no-token", "session=short"])
def test_what_sets_or_takes_away_a_cookie_is_kept_by_nobody(client: Client, cookie: str) -> None:
    """A public page answers a cookie that is no token with a new one: a shared cache would give it to everybody."""
    assert "public" in client.get("/robots.txt")["Cache-Control"]
    client.cookies.load(cookie)
    answer = client.get("/robots.txt")
    assert answer.cookies
    assert answer["Cache-Control"] == "no-store"


def test_another_host_is_refused(client: Client) -> None:
    assert client.get("/robots.txt", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Maria \u00a0 Sample ", "Maria Sample"),
        ("Ma\u200bria\ufeff", "Maria"),
        ("\u202egnirts", "gnirts"),
        ("a\x00b\x07\x1b", "ab"),
        ("one\r\ntwo", "one two"),
        ("e\u0301", "\u00e9"),
        ("e\u200b\u0301", "\u00e9"),
        ("e\x07\u0301", "\u00e9"),
        ("\u061cnirts\u206f", "nirts"),
        ("Ma\U000e0041\U000e007fria", "Maria"),
        ("\u3164 \u115f\u2800\uffa0", ""),
        ("\u200b \u200d", ""),
        ("\ud83dx", "x"),
        ("Łukasz 🙂", "Łukasz 🙂"),
    ],
)
def test_clean_text(typed: str, stored: str) -> None:
    assert clean_text(typed) == stored


def test_lines_can_stay() -> None:
    assert clean_text(" one \r\n two\rthree ", lines=True) == "one\ntwo\nthree"


@given(st.text())
def test_clean_text_is_clean_at_once(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert "\n" not in once
    once.encode()
