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
PRINTED = {"checklist", "answers", "write", "letter"}  # of the tools: to tick, to answer, to write on, to send
NAMES = {*TITLES, *PRINTED, "help", "steps", "survival", "quote"}
MOST_LINES = 20
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
    if name == "letter" and not argument:
        raise ValueError(f"Line {number}: name the letter, for example :::letter Letter to the records office.")
    if name == "write" and lines_to_write(argument) is None:
        raise ValueError(f"Line {number}: write how many lines and what for, for example :::write 3 My questions.")


def lines_to_write(argument: str) -> tuple[int, str] | None:
    """How many empty lines a `write` box has, and its label; None for anything else."""
    number, _, label = argument.partition(" ")
    count = int(number) if number.isdecimal() and len(number) < 4 else 0
    return (count, label.strip()) if 0 < count <= MOST_LINES and label.strip() else None


def label(name: str, argument: str) -> str:
    """The editor's own words in a box's title: of :::write 3 My questions, My questions."""
    return (lines_to_write(argument) or (1, argument))[1] if name == "write" else argument


def render(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """Opening or closing tags of the box at `place`."""
    if tokens[place].nesting == 1:
        name, argument = named(tokens[place])
        env.setdefault("boxes", []).append((name, argument))
        return _opening(name, argument)
    name, argument = env["boxes"].pop()
    if name == "survival":
        return "</details>\n"
    return f"{HELP.get(argument, '') if name == 'help' else ''}</div>\n"


def named(token: Token) -> tuple[str, str]:
    """The box's name and what follows it."""
    name, _, argument = token.info.strip().partition(" ")
    return name, argument.strip()


def _opening(name: str, argument: str) -> str:
    if name == "survival":
        return "<details><summary>Show survival figures</summary>\n"
    if name in ("steps", "checklist", "answers"):
        return f'<div class="{name}">\n'
    if name == "letter":
        return f'<div class="letter"><h2>{escape(argument)}</h2>\n'
    if name == "write":
        count, label = lines_to_write(argument) or (1, "")
        return f'<div class="write"><p>{escape(label)}</p>' + '<p class="line"></p>' * count
    title = {"help": "We can help", "quote": f"In the words of {escape(argument)}"}.get(name) or TITLES[name]
    return f'<div class="box box-{name}"><p class="box-title">{title}</p>\n'
