"""A chain of questions, one a page. What a family answers waits in its session: encrypted, on the server, for an hour.

Addresses carry the name of a step and nothing else. Where `Change` leads back to is kept in the session too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.urls import reverse

from intake.models import HelpRequest

Answers = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Route:
    """The steps in order; the URL names of a step, of the page before the first and of the page after the last."""

    name: str
    steps: tuple[str, ...]
    step_url: str
    start_url: str
    end_url: str


class Journey:
    """One browser on its way along a route."""

    def __init__(self, session: SessionBase, route: Route) -> None:
        self.session = session
        self.route = route
        self.held: dict[str, Any] = session.get(route.name) or {}

    @property
    def answers(self) -> Answers:
        """Step -> its cleaned data."""
        return self.held.get("answers", {})

    def answer(self, step: str, data: dict[str, Any]) -> None:
        self._hold(answers={**self.answers, step: data}, taken="")

    def take_back(self, step: str, *, taken: str = "") -> None:
        """Ask `step` again; `taken` names the time that somebody else has now."""
        self._hold(answers={name: data for name, data in self.answers.items() if name != step}, taken=taken)

    def first_open(self, steps: Sequence[str]) -> str | None:
        """The first of `steps` without an answer."""
        return next((step for step in steps if step not in self.answers), None)

    def steps_before(self, step: str) -> tuple[str, ...]:
        return self.route.steps[: self.route.steps.index(step)]

    def arrive(self, page: str) -> None:
        """A page with `Change` links is shown: changed answers lead back to it (a URL name)."""
        if self.held.get("return_to") != page:
            self._hold(return_to=page)

    @property
    def return_to(self) -> str:
        """The URL name that a changed answer leads back to; "" on the first way through."""
        return "" if self.first_open(self.route.steps) else self.held.get("return_to", "")

    def after(self, step: str) -> str:
        """The address that follows an answered step."""
        if self.return_to:
            return reverse(self.return_to)
        position = self.route.steps.index(step) + 1
        return self.address(self.route.steps[position]) if position < len(self.route.steps) else self.end

    def before(self, step: str) -> str:
        """The address that `Back` leads to."""
        if self.return_to:
            return reverse(self.return_to)
        earlier = self.steps_before(step)
        return self.address(earlier[-1]) if earlier else reverse(self.route.start_url)

    def address(self, step: str) -> str:
        return reverse(self.route.step_url, args=[step])

    @property
    def end(self) -> str:
        return reverse(self.route.end_url)

    def clear(self) -> None:
        """Forget every answer."""
        self.session.pop(self.route.name, None)
        self.held = {}

    def finish(self, sent: HelpRequest) -> None:
        """It is stored: the answers leave the session, only the row's number stays for the last page."""
        self.clear()
        self.session[f"{self.route.name}_sent"] = sent.pk

    @property
    def sent(self) -> HelpRequest | None:
        """What this browser sent last, unless it was erased since."""
        pk = self.session.get(f"{self.route.name}_sent")
        sent = HelpRequest.objects.select_related("advocate").filter(pk=pk, erased_at=None) if pk else None
        return sent.first() if sent is not None else None

    def _hold(self, **changed: Any) -> None:
        self.held = self.session[self.route.name] = {**self.held, **changed}
