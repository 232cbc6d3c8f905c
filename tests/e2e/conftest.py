"""A real browser against a real server: Debian's Chromium, a phone's width, and a watch over every request."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from content.models import Person
from content.roles import load_sample_newsroom

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread; Django looks for one

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


PASSWORD = "a long pass phrase of the tests"


@dataclass
class Visitor:
    """Somebody with a browser. Notes what leaves the host and what the console says."""

    page: Page
    home: str
    strangers: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    script: bool = True

    def go(self, path: str) -> None:
        answer = self.page.goto(self.home + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        self.look()

    def press(self, label: str) -> None:
        """A button or a link by its words."""
        found = self.page.get_by_role("button", name=label, exact=True)
        (found if found.count() else self.page.get_by_role("link", name=label, exact=True)).first.click()
        self.look()

    def choose(self, label: str) -> None:
        self.page.get_by_label(label, exact=True).first.check()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=False).first.fill(text)

    def look(self) -> None:
        """After each step: one h1, nothing wider than the phone, nothing left the host, nothing on the console, axe
        finds nothing (which needs script)."""
        assert self.page.locator("h1").count() == 1, self.page.url
        assert self.strangers == []
        assert self.console == []
        if self.script:
            wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, f"{self.page.url} is {wide} px too wide"
            found = Axe().run(self.page).response["violations"]
            assert found == [], f"{self.page.url}: {[(v['id'], v['nodes'][0]['html']) for v in found]}"

    def sign_in(self, name: str) -> None:
        """At the door of the desk, with the password of the tests."""
        self.page.goto(self.home + "/admin/login/")
        self.page.fill("#id_username", name)
        self.page.fill("#id_password", PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_url("**/admin/")

    def see(self, words: str) -> None:
        assert words in self.page.inner_text("main"), f"{words!r} is not on {self.page.url}"


Desk = Callable[[str], Visitor]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "No browser: install Debian's chromium, or set CHROMIUM to one."
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def site(transactional_db: None, live_server: Any, settings: Any) -> str:
    """The site with its shipped texts, directory and sample desk."""
    settings.SITE_URL = live_server.url
    settings.ENVIRONMENT = "demo"
    for command in ("load_library", "load_directory", "load_desk"):
        call_command(command, stdout=io.StringIO())
    return str(live_server.url)


def visitor(browser: Browser, home: str, **options: Any) -> tuple[Visitor, BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, **options)
    context.set_default_timeout(8000)
    page = context.new_page()
    who = Visitor(page, home, script=options.get("java_script_enabled", True))

    def note(request: Request) -> None:
        if not request.url.startswith((home, "data:")):
            who.strangers.append(request.url)

    def listen(message: ConsoleMessage) -> None:
        if "status of 422" not in message.text:  # a form with errors: Chromium notes the answer's status
            who.console.append(message.text)

    page.on("request", note)
    page.on("console", listen)
    return who, context


@pytest.fixture(params=["script", "no script"])
def family(request: Any, browser: Browser, site: str) -> Iterator[Visitor]:
    """A family on a phone, with JavaScript and without."""
    who, context = visitor(browser, site, java_script_enabled=request.param == "script")
    yield who
    context.close()


@pytest.fixture
def staff(browser: Browser, site: str) -> Iterator[Visitor]:
    who, context = visitor(browser, site)
    yield who
    context.close()


def set_password(*names: str) -> None:
    """Sample accounts have a password that nobody knows: these get that of the tests."""
    for user in get_user_model().objects.filter(username__in=names):
        user.set_password(PASSWORD)
        user.save()


@pytest.fixture
def desk(browser: Browser, site: str) -> Iterator[Desk]:
    """The sample accounts, each at a wide screen; the reviewer really exists."""
    load_sample_newsroom(password=PASSWORD)
    users = get_user_model().objects
    set_password("arthur", "edith", "rita")
    rita = users.get(username="rita")
    Person.objects.filter(user=rita).update(user=None)
    Person.objects.create(slug="rita-real", name="Rita Real", role=Person.Role.REVIEWER, user=rita)
    contexts = []

    def sit_down(name: str) -> Visitor:
        who, context = visitor(browser, site)
        contexts.append(context)
        who.page.set_viewport_size({"width": 1440, "height": 900})
        who.sign_in(name)
        return who

    yield sit_down
    for context in contexts:
        context.close()
