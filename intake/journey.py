"""A chain of questions, one a page. What a family answers waits in its session: encrypted, on the server, for an hour.

Two tabs are two journeys. Each has a random number that stands in its addresses, beside the name of a step and nothing
else; an address without a number means the journey that was touched last. Where `Change` leads back to is kept in the
session too, and so is what was typed on a page that somebody left by "Back".
"""

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.urls import reverse

from intake.models import HelpRequest

Answers = dict[str, dict[str, Any]]

MOST = 5
LETTERS, LENGTH = "bcdfghjkmnpqrstvwxz", 8
NUMBER = f"[{LETTERS}]{{{LENGTH}}}"


@dataclass(frozen=True)
class Route:
    """The steps in order; the URL names of a step, of the page before the first and of the page after the last."""

    name: str
    steps: tuple[str, ...]
    step_url: str
    start_url: str
    end_url: str
    is_numbered: bool = False  # its addresses carry the number of the journey


def new_number() -> str:
    """A meaningless name for a journey: 19^8, about 17 thousand million of them. No vowel spells a word."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


class Journey:
    """One tab of one browser on its way along a route. At most MOST are kept; the one left longest goes first."""

    def __init__(self, session: SessionBase, route: Route, number: str = "") -> None:
        self.session = session
        self.route = route
        self.is_named = bool(number)
        self.number = number or next(reversed(self._all()), "") or new_number()
        self.held: dict[str, Any] = self._all().get(self.number, {})

    @property
    def answers(self) -> Answers:
        """Step -> its cleaned data."""
        return self.held.get("answers", {})

    def answer(self, step: str, data: dict[str, Any]) -> None:
        drafts = {name: typed for name, typed in self.drafts.items() if name != step}
        self._hold(answers={**self.answers, step: data}, drafts=drafts, taken="")

    @property
    def drafts(self) -> Answers:
        """Step -> what was typed there and not sent: right or wrong, it counts as no answer."""
        return self.held.get("drafts", {})

    def draft(self, step: str, typed: dict[str, Any]) -> None:
        self._hold(drafts={**self.drafts, step: typed})

    def initial(self, step: str) -> dict[str, Any]:
        """What stands in the form of a step when it is shown again."""
        return {**self.answers.get(step, {}), **self.drafts.get(step, {})}

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
            return self.to(self.return_to)
        position = self.route.steps.index(step) + 1
        return self.address(self.route.steps[position]) if position < len(self.route.steps) else self.end

    def before(self, step: str) -> str:
        """The address that `Back` leads to."""
        if self.return_to:
            return self.to(self.return_to)
        earlier = self.steps_before(step)
        return self.address(earlier[-1]) if earlier else reverse(self.route.start_url)

    def address(self, step: str) -> str:
        return self.to(self.route.step_url, step)

    def to(self, page: str, *args: str) -> str:
        """The address of a page (a URL name) of this journey."""
        return reverse(page, args=[self.number, *args] if self.route.is_numbered else args)

    @property
    def end(self) -> str:
        return self.to(self.route.end_url)

    @property
    def resume(self) -> str:
        """Where it was left; "" if nothing waits."""
        if not self.answers:
            return ""
        step = self.first_open(self.route.steps)
        return self.address(step) if step else self.to(self.return_to) if self.return_to else self.end

    def clear(self) -> None:
        """Forget every answer of this journey."""
        self._keep({number: held for number, held in self._all().items() if number != self.number})
        self.held = {}

    def finish(self, sent: HelpRequest) -> None:
        """It is stored: the answers leave the session, only the row's number stays for the last page."""
        self.clear()
        rows = {number: pk for number, pk in self._sent().items() if number != self.number}
        self.session[f"{self.route.name}_sent"] = dict([*rows.items(), (self.number, sent.pk)][-MOST:])

    @property
    def sent(self) -> HelpRequest | None:
        """What this journey sent, unless it was erased since; without a number, what this browser sent last."""
        rows = self._sent()
        pk = rows.get(self.number) or (None if self.is_named else next(reversed(rows.values()), None))
        sent = HelpRequest.objects.select_related("advocate").filter(pk=pk, erased_at=None) if pk else None
        return sent.first() if sent is not None else None

    @property
    def began(self) -> float | None:
        """When its first answer came, in seconds of the epoch."""
        return self.held.get("began")

    def _hold(self, **changed: Any) -> None:
        self.held = {"began": time.time(), **self.held, **changed}
        others = {number: held for number, held in self._all().items() if number != self.number}
        self._keep(dict([*others.items(), (self.number, self.held)][-MOST:]))

    def _all(self) -> dict[str, dict[str, Any]]:
        """Number -> what is held of it, the one touched last at the end."""
        held = self.session.get(self.route.name) or {}
        return {number: one for number, one in held.items() if re.fullmatch(NUMBER, number)}

    def _keep(self, journeys: dict[str, dict[str, Any]]) -> None:
        if journeys:
            self.session[self.route.name] = journeys
        else:
            self.session.pop(self.route.name, None)

    def _sent(self) -> dict[str, int]:
        rows = self.session.get(f"{self.route.name}_sent")
        return rows if isinstance(rows, dict) else {}
