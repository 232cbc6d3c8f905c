"""The look keeps its promises: small, readable, complete, and free of anything the content policy would refuse."""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.template import engines
from django.template.loader import get_template
from django.test import Client, RequestFactory
from tinyhtml5 import parse

from navigator import views
from navigator.gallery import GalleryForm
from navigator.stylesheets import BUNDLES, joined

TEMPLATES = Path(settings.BASE_DIR) / "templates"
STATIC = Path(settings.BASE_DIR) / "static"
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "emails" not in path.parts)
SHEETS = sorted((STATIC / "css").rglob("*.css"))
COMPONENTS = sorted(path.relative_to(TEMPLATES).as_posix() for path in (TEMPLATES / "components").rglob("*.html"))

STATES = [
    "box-glance",
    "box-ask",
    "box-good",
    "box-urgent",
    "box-help",
    "box-quote",
    "alert-info",
    "alert-warning",
    "alert-success",
    "button-secondary",
    "button-quiet",
    "tag-good",
    "tag-unknown",
    "tag-sample",
    "field-error",
    "error-summary",
    "answers",
    "panel",
    "times",
]

# What may stand in front of what: (color, its ground, least contrast). WCAG 2.2: 1.4.6 for text, 1.4.11 for the rest.
GROUNDS = ("paper", "surface", "sand", "calm", "good", "warm")
PAIRS = [
    *[("ink", ground, 7.0) for ground in GROUNDS],
    *[("soft", ground, 7.0) for ground in ("paper", "surface", "sand")],
    *[("link", ground, 7.0) for ground in GROUNDS],
    *[("visited", ground, 7.0) for ground in GROUNDS],
    ("on-fill", "fill", 7.0),
    ("on-fill", "fill-hover", 7.0),
    *[("error", ground, 7.0) for ground in ("paper", "surface")],
    *[("focus", ground, 3.0) for ground in GROUNDS],
    *[(edge, ground, 3.0) for edge in ("edge", "fill", "error") for ground in ("paper", "surface", "sand")],
    ("fill", "calm", 3.0),
    ("warm-edge", "warm", 3.0),
    ("good-edge", "good", 3.0),
    ("paper", "focus", 4.5),  # the sign in the urgent box
]


def tokens(scheme: str) -> dict[str, str]:
    """Custom properties that hold a color, as the scheme leaves them."""
    css = (STATIC / "css/tokens.css").read_text()
    found: dict[str, str] = {}
    for dark in (False, True) if scheme == "dark" else (False,):
        pattern = (
            r"@media \(prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}" if dark else r"(?:^|\n):root \{([^}]*)\}"
        )
        for block in re.findall(pattern, css):
            found.update(re.findall(r"--([\w-]+): *(#[0-9a-f]{6})\b", block))
    return found


def luminance(color: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture
def gallery(client: Client, db: None) -> HttpResponse:
    client.force_login(User.objects.create_user("staff", is_staff=True))
    return client.get("/gallery/")


@pytest.mark.parametrize(("bundle", "limit"), [("css/site.css", 4600), ("css/tasks.css", 2000)])
def test_a_bundle_stays_small(bundle: str, limit: int) -> None:
    assert len(brotli.compress(joined(bundle).encode())) <= limit


def test_the_frame_of_a_page_stays_small() -> None:
    page = engines["django"].get_template("base.html").render({}, RequestFactory().get("/"))
    assert len(brotli.compress(page.encode())) <= 1800


def test_every_sheet_is_in_a_bundle() -> None:
    parts = [part for bundle in BUNDLES.values() for part in bundle]
    alone = ["css/admin-desk.css", "css/admin-directory.css", "css/admin.css"]  # pages of the admin link them
    assert sorted([*parts, *alone]) == [sheet.relative_to(STATIC).as_posix() for sheet in SHEETS]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("color", "ground", "least"), PAIRS)
def test_contrast(scheme: str, color: str, ground: str, least: float) -> None:
    palette = tokens(scheme)
    assert contrast(palette[color], palette[ground]) >= least


def test_dark_changes_every_color() -> None:
    light, dark = tokens("light"), tokens("dark")
    assert [name for name in light if light[name] == dark[name]] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_fetches_nothing(sheet: Path) -> None:
    assert not re.search(r"url\(|@import|image-set\(", sheet.read_text())


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_a_template_has_nothing_inline(page: Path) -> None:
    text = page.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_what_a_template_includes_exists(page: Path) -> None:
    for name in re.findall(r"{% (?:include|extends) [\"']([^\"']+)[\"']", page.read_text()):
        get_template(name)


def test_the_gallery_is_for_staff(client: Client, db: None) -> None:
    assert client.get("/gallery/").status_code == 302


def test_the_gallery_shows_every_component(gallery: HttpResponse) -> None:
    shown = {template.name for template in gallery.templates}  # type: ignore[attr-defined]
    assert [name for name in COMPONENTS if name not in shown] == []


def test_the_gallery_shows_every_state(gallery: HttpResponse) -> None:
    html = gallery.content.decode()
    assert [name for name in STATES if name not in html] == []


def test_every_reference_in_the_gallery_has_its_target(gallery: HttpResponse) -> None:
    root = parse(gallery.content.decode(), namespace_html_elements=False)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    wanted = [link[1:] for element in root.iter("a") if (link := element.get("href", "")).startswith("#")]
    for attribute in ("for", "aria-describedby", "aria-labelledby"):
        wanted += [name for element in root.iter() for name in element.get(attribute, "").split()]
    assert [name for name in wanted if name not in ids] == []


def test_a_form_says_optional_and_leaves_checking_to_us(gallery: HttpResponse) -> None:
    html = gallery.content.decode()
    assert "(optional)" in html
    assert " novalidate" in html
    assert not re.search(r"<(?:input|select|textarea)[^>]*\srequired", html)


def test_hint_and_error_come_before_the_control(gallery: HttpResponse) -> None:
    html = gallery.content.decode()
    hint, error, control = (html.index(f'id="id_wrong-zip{end}"') for end in ("_helptext", "_error", ""))
    assert hint < error < control


def test_a_hint_is_a_text() -> None:
    form = GalleryForm(prefix="x")
    form.fields["zip"].help_text = "Now: <b>\"'&. Leave this empty."
    html = engines["django"].from_string("{% load crispy_forms_tags %}{% crispy form %}").render({"form": form})
    assert "Now: &lt;b&gt;&quot;&#x27;&amp;. Leave this empty." in html
    assert "<b>" not in html


@pytest.mark.parametrize(("name", "heading"), [("zip", "<h1"), ("who", '<legend class="question"><h1>')])
def test_a_question_can_be_the_heading_of_the_page(name: str, heading: str) -> None:
    form = GalleryForm(prefix="x")
    form.helper.heading_field = name
    html = engines["django"].from_string("{% load crispy_forms_tags %}{% crispy form %}").render({"form": form})
    assert html.count("<h1") == 1
    assert html.index(heading) < html.index(str(form.fields[name].label))


def test_a_missing_page_says_where_to_go(client: Client, db: None) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()


@pytest.mark.parametrize(
    ("view", "status"), [(views.server_error, 500), (views.bad_request, 400), (views.csrf_failure, 403)]
)
def test_an_error_page_needs_no_database(view: object, status: int) -> None:
    """No `db` fixture: a query would fail."""
    request = RequestFactory().get("/")
    answer = view(request, Exception()) if view is views.bad_request else view(request)  # type: ignore[operator]
    assert answer.status_code == status
    assert settings.SITE_PHONE in answer.content.decode()
