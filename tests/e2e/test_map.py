"""The drawn map with eyes, with a finger, with a keyboard, with a screen reader, on paper and with forced colors."""

import io
import re
from collections.abc import Callable, Iterator
from itertools import combinations
from math import hypot
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Locator, Page

from tests.doctors.factories import CenterFactory, make
from tests.e2e.conftest import Visitor, visitor

pytestmark = pytest.mark.browser

LIST = "/find-care/centers/"
STATES = ("massachusetts", "texas", "district-of-columbia", "hawaii", "alaska", "california", "wyoming", "puerto-rico")
JOURNEYS = [f"/find-care/near/?zip={code}&radius=any" for code in ("99501", "96813", "10001", "83702")]
NEW_YORK, BOISE = JOURNEYS[2:]
NARROW, WIDE = 360, 1280
Open = Callable[..., Visitor]


@pytest.fixture
def directory(transactional_db: None, live_server: Any, settings: Any) -> str:
    """The site with its shipped directory, and one place in Alaska."""
    settings.SITE_URL = live_server.url
    call_command("load_directory", stdout=io.StringIO())
    make(CenterFactory, name="North", state="AK", city="Anchorage", zip="99501", latitude=61.22, longitude=-149.9)
    return str(live_server.url)


@pytest.fixture
def opened(browser: Browser, directory: str) -> Iterator[Open]:
    contexts = []

    def open_at(width: int = WIDE, **options: Any) -> Visitor:
        who, context = visitor(browser, directory, **options)
        contexts.append(context)
        who.page.set_viewport_size({"width": width, "height": 740})
        return who

    yield open_at
    for context in contexts:
        context.close()


def shown(page: Page) -> Locator:
    return page.locator("figure.map > svg:visible")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_each_map_is_calm(opened: Open, width: int, scheme: str) -> None:
    who = opened(width, color_scheme=scheme)
    for path in (LIST, *(f"{LIST}{state}/" for state in STATES), *JOURNEYS):
        who.go(path)
        assert shown(who.page).count() == (0 if "puerto" in path else 1), path


@pytest.mark.parametrize("width", [320, NARROW, 703, 704, 768, WIDE])
def test_every_dot_can_be_touched(opened: Open, width: int) -> None:
    """24 px, and no two of them touch."""
    who = opened(width)
    for path in (LIST, LIST + "california/", LIST + "new-york/", NEW_YORK, BOISE):
        who.go(path)
        boxes = [box for reach in shown(who.page).locator(".map-reach").all() if (box := reach.bounding_box())]
        assert boxes
        assert [box for box in boxes if min(box["width"], box["height"]) < 23.8] == [], (path, width)
        for one, other in combinations(boxes, 2):
            assert _between(one, other) > 0, (path, width)
        assert max(box["height"] for box in boxes) < 70


def _between(one: Any, other: Any) -> float:
    """What is free between two bars with round ends, as high as each other."""
    middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in (one, other)]
    straight = sum(box["width"] - box["height"] for box in (one, other)) / 2
    across = max(0, abs(middles[0][0] - middles[1][0]) - straight)
    return hypot(across, middles[0][1] - middles[1][1]) - (one["height"] + other["height"]) / 2


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_keyboard_reaches_every_dot_that_is_shown_and_no_other(opened: Open, width: int) -> None:
    who = opened(width)
    for path in (LIST, LIST + "texas/", NEW_YORK):
        who.go(path)
        assert shown(who.page).count() == 1
        dots = shown(who.page).locator("a")
        names = [dot.locator("title").text_content() for dot in dots.all()]
        assert names
        who.page.locator("figure.map .skip").focus()
        reached = []
        for _ in names:
            who.page.keyboard.press("Tab")
            focus = who.page.evaluate(FOCUS)
            reached.append(focus["name"])
            assert focus["shown"], focus
            assert focus["stroke"] != "none", focus
            assert focus["stroke"] != focus["before"], focus
            assert focus["width"] >= 3
        assert reached == names, path
        who.page.keyboard.press("Tab")
        assert not who.page.evaluate("!!document.activeElement.closest('figure.map svg')")


FOCUS = """() => {
  const link = document.activeElement, ring = link.querySelector('.map-reach'), style = getComputedStyle(ring);
  const now = {name: link.querySelector('title')?.textContent, shown: ring.getBoundingClientRect().width > 20,
               stroke: style.stroke, width: parseFloat(style.strokeWidth)};
  link.blur(); now.before = getComputedStyle(ring).stroke; link.focus();
  return now;
}"""


def test_a_dot_of_several_leads_into_the_list_and_a_dot_of_one_to_its_page(opened: Open) -> None:
    who = opened(WIDE)
    who.go(LIST)
    dot = shown(who.page).get_by_role("link", name=re.compile(r"^\d+ places near Baltimore, Maryland"))
    dot.focus()
    who.page.keyboard.press("Enter")
    assert who.page.url.endswith("#maryland")
    top = who.page.locator("#maryland").bounding_box()
    assert top
    assert -1 <= top["y"] < 100
    shown(who.page).get_by_role("link", name="University of New Mexico").click()
    assert who.page.url.endswith("/find-care/centers/unm/")


def test_a_number_leads_to_its_place_in_the_list(opened: Open) -> None:
    who = opened(NARROW)
    who.go(BOISE)
    for dot in shown(who.page).locator("a").all():
        first, name = re.findall(r"^(\d+): ([^;]+)", dot.locator("title").text_content() or "")[0]
        dot.click()
        assert who.page.url.endswith(f"#place-{first}")
        assert name in who.page.locator(f"#place-{first} h3").inner_text()


def test_the_map_can_be_skipped(opened: Open) -> None:
    who = opened(WIDE)
    who.go(LIST)
    skip = who.page.locator("figure.map .skip")
    skip.focus()
    box = skip.bounding_box()
    assert box
    assert box["x"] >= 0
    who.page.keyboard.press("Enter")
    who.page.keyboard.press("Tab")
    assert not who.page.evaluate("!!document.activeElement.closest('figure.map')")
    assert who.page.evaluate("!!document.activeElement.closest('.states')")


def test_a_screen_reader_is_told_one_group_of_named_links(opened: Open) -> None:
    who = opened(NARROW)
    who.go(LIST)
    tree = who.page.context.new_cdp_session(who.page).send("Accessibility.getFullAXTree")["nodes"]
    nodes = [(n.get("role", {}).get("value"), n.get("name", {}).get("value")) for n in tree if not n.get("ignored")]
    assert nodes.count(("group", "Map of the United States")) == 1
    names = [dot.locator("title").text_content() for dot in shown(who.page).locator("a").all()]
    links = [name for role, name in nodes if role == "link"]
    assert [name for name in links if name in names] == names
    assert any(re.fullmatch(r"\d+ places near New York, New York; some are in .+", name or "") for name in links)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dots_lines_and_labels_stand_out(opened: Open, scheme: str) -> None:
    """3:1 against the paper and against the states on it; labels 7:1 against their dot."""
    who = opened(WIDE, color_scheme=scheme)
    who.go(BOISE)
    paper = color(who.page, "body", "backgroundColor")
    states = mixed((0x7F, 0x8B, 0x89), paper, 0.28)
    dot = color(who.page, ".map-wide .map-label", "fill")
    way, home = color(who.page, ".map-way", "stroke"), color(who.page, ".map-home circle", "stroke")
    for ground in (paper, states):
        assert min(contrast(one, ground) for one in (dot, way, home)) >= 3
    assert contrast(color(who.page, ".map-wide text", "fill"), dot) >= 7
    who.go(LIST + "texas/")
    here = color(who.page, ".map-state", "fill")
    around = mixed(color(who.page, ".map-around", "fill"), paper, 0.25)
    ring, inside = color(who.page, ".map-center", "stroke"), color(who.page, ".map-center", "fill")
    focus = color(who.page, ".skip", "--focus")
    for ground in (here, around, paper, inside):
        assert contrast(ring, ground) >= 3
        assert contrast(focus, ground) >= 3
    assert contrast(color(who.page, ".map-state", "stroke"), paper) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colors_keep_dots_and_labels_apart(opened: Open, scheme: str) -> None:
    who = opened(WIDE, color_scheme=scheme, forced_colors="active")
    for path in (LIST, LIST + "texas/", NEW_YORK):
        who.page.goto(who.home + path)
        paper = color(who.page, "body", "backgroundColor")
        dot = color(who.page, ".map-wide .map-label", "fill")
        assert contrast(dot, paper) >= 4.5
        assert contrast(color(who.page, ".map-wide text", "fill"), dot) >= 4.5


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_on_paper_there_is_one_drawing_that_fits(opened: Open, width: int) -> None:
    who = opened(width)
    who.go(LIST)
    who.page.emulate_media(media="print")
    assert shown(who.page).count() == 1
    assert shown(who.page).get_attribute("class") == "map-wide"
    who.page.set_viewport_size({"width": 658, "height": 900})  # what 18 mm of margin leave of a sheet
    box = shown(who.page).bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 658
    assert who.page.evaluate("document.documentElement.scrollWidth") <= 658


def test_without_script_it_is_the_same_map(opened: Open) -> None:
    who = opened(NARROW, java_script_enabled=False)
    who.go(LIST)
    assert shown(who.page).count() == 1
    shown(who.page).get_by_role("link", name="Honolulu").click()
    assert who.page.url.endswith("/find-care/centers/hawaii-cancer-center/")


Color = tuple[float, float, float]
READ = "(one, name) => getComputedStyle(one)[name] ?? getComputedStyle(one).getPropertyValue(name)"


def color(page: Page, selector: str, name: str) -> Color:
    """A computed color; `name` is a property of the style, or a custom one."""
    value = str(page.locator(selector).first.evaluate(READ, name)).strip()
    if value.startswith("#"):
        return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)
    red, green, blue = re.findall(r"[\d.]+", value)[:3]
    return float(red), float(green), float(blue)


def mixed(over: Color, under: Color, opacity: float) -> Color:
    red, green, blue = (a * opacity + b * (1 - opacity) for a, b in zip(over, under, strict=True))
    return red, green, blue


def contrast(one: Color, other: Color) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(of: Color) -> float:
    red, green, blue = (v / 255 / 12.92 if v <= 10.31 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in of)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
