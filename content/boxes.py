"""The boxes of an article. Each says what it is in words; color only repeats it (`static/css/components/box.css`)."""

import re
from collections.abc import Sequence
from typing import Any

from django.utils.html import escape
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

TITLES = {"glance": "At a glance", "ask": "Ask your team", "good": "Good to know", "urgent": "Urgent"}
HELP = {
    "match": '<p><a class="button" href="/match/">Find a doctor for a second opinion</a></p>',
    "talk": '<p><a class="button button-secondary" href="/talk/">Talk to a nurse advocate, free</a></p>',
}
NAMES = {*TITLES, "help", "steps", "survival", "quote"}
FENCE = re.compile(r"^ {0,3}(:{3,})(.*)$")


def is_box(params: str, *others: Any) -> bool:
    """Whether the words behind `:::` open a box."""
    return params.split()[:1] != [] and params.split()[0] in NAMES


def check(body: str) -> None:
    """Raises ValueError with the line: an unknown box, a box in a box, one left open, one closed twice."""
    opened = 0
    for number, text in enumerate(body.splitlines(), start=1):
        fence = FENCE.match(text)
        if fence is None:
            continue
        words = fence[2].split()
        if not words and not opened:
            raise ValueError(f"Line {number} closes a box, but none is open.")
        if words and opened:
            raise ValueError(f"Line {number} opens a box inside the box of line {opened}. Close that one first.")
        if words:
            _check_words(number, words)
        opened = number if words else 0
    if opened:
        raise ValueError(f"The box of line {opened} is not closed. End it with a line of :::")


def _check_words(number: int, words: list[str]) -> None:
    name, argument = words[0], " ".join(words[1:])
    if name not in NAMES:
        raise ValueError(f"Line {number} opens the unknown box {name!r}. There are: {', '.join(sorted(NAMES))}.")
    if name == "help" and argument not in HELP:
        raise ValueError(f"Line {number}: write :::help match or :::help talk.")
    if name == "quote" and not argument:
        raise ValueError(f"Line {number}: write whose words they are, for example :::quote Maria.")


def render(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """Opening or closing tags of the box at `place`."""
    if tokens[place].nesting == 1:
        name, argument = _named(tokens[place])
        env.setdefault("boxes", []).append((name, argument))
        return _opening(name, argument)
    name, argument = env["boxes"].pop()
    if name == "survival":
        return "</details>\n"
    return f"{HELP.get(argument, '') if name == 'help' else ''}</div>\n"


def _named(token: Token) -> tuple[str, str]:
    name, _, argument = token.info.strip().partition(" ")
    return name, argument.strip()


def _opening(name: str, argument: str) -> str:
    if name == "survival":
        return "<details><summary>Show survival figures</summary>\n"
    if name == "steps":
        return '<div class="steps">\n'
    title = {"help": "We can help", "quote": f"In the words of {escape(argument)}"}.get(name) or TITLES[name]
    return f'<div class="box box-{name}"><p class="box-title">{title}</p>\n'
