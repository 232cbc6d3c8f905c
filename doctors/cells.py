"""One cell of a file: from its text to a value. Each refusal is a sentence that says what to write instead.

The rules are those of the columns in the database (`doctors.models`); a blank cell means "not known".
"""

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone

from doctors.states import STATES
from navigator.security import clean_text

LONGEST = 5_000  # characters of a column that has no limit of its own: the notes
SHOWN = 40  # characters of a wrong cell that its message repeats

Reader = Callable[[str], Any]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NUMBER = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PHONE = re.compile(r"(?:\+?1)?([2-9][0-9]{9})")
_PHONE_MARKS = re.compile(r"[\s().\-\u2010-\u2015]")
_ZIP = re.compile(r"([0-9]{5})(?:-[0-9]{4})?")
_YES_NO = {"true": True, "false": False}
_CODES = {state.name.lower(): code for code, state in STATES.items()}
_SITE = re.compile(r"[^/?#]*//[^/?#]*|")  # https://www.hospital.example:8000
# What Django's own check, which is slow, takes too.
_USUAL_SITE = re.compile(r"https?://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.IGNORECASE)
_check_address = URLValidator(schemes=["http", "https"])


class CellError(ValueError):
    """A cell that cannot be taken: the message says what to write instead."""


def tidy(text: str, *, lines: bool = False) -> str:
    """The text without what nobody sees: spaces around it, invisible and direction characters. Raises CellError for
    control characters, which are a sign of a damaged file."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\r\n":
            raise CellError(f"It holds a character that nobody can see (U+{ord(character):04X}). Type the text anew.")
    return clean_text(text, lines=lines)


def shown(text: str) -> str:
    """A wrong cell as its message repeats it."""
    return f"“{text[:SHOWN]}…”" if len(text) > SHOWN else f"“{text}”"


def line_of(limit: int, *, required: bool = False) -> Reader:
    """A text of one line with at most `limit` characters."""

    def read(text: str) -> str:
        if required and not text:
            raise CellError("This cannot be blank. Write it in.")
        return _short(text, limit)

    return read


def web_address(limit: int) -> Reader:
    """An address of a page, or blank. The scheme is not upgraded: some hospitals still have http only."""

    def read(text: str) -> str:
        if not text:
            return ""
        if not text.lower().startswith(("http://", "https://")):
            raise CellError(f"Write the whole address with https:// in front; {shown(text)} has none.")
        if " " in text or not _is_site(_SITE.match(text).group()):  # type: ignore[union-attr]  # matches always
            raise CellError(f"{shown(text)} is no address of a page. Copy it from the browser.")
        return _short(text, limit)

    return read


def _is_site(start: str) -> bool:
    if _USUAL_SITE.fullmatch(start) and len(start) < 250:
        return True
    try:
        _check_address(start)
    except ValidationError:
        return False
    return True


def word_of(words: Iterable[str], *, required: bool = True) -> Reader:
    """One of a few words."""
    allowed = tuple(words)

    def read(text: str) -> str:
        word = text.lower()
        if word in allowed or (not word and not required):
            return word
        given = f"{shown(text)} is no word of this column" if text else "This cannot be blank"
        raise CellError(f"{given}. Write one of: {', '.join(allowed)}.")

    return read


def words_of(words: Iterable[str]) -> Reader:
    """Some of a few words, with semicolons between them."""
    allowed = tuple(words)

    def read(text: str) -> list[str]:
        found = [part.strip().lower() for part in text.split(";") if part.strip()]
        for word in found:
            if word not in allowed:
                raise CellError(
                    f"{shown(word)} is no word of this column. Write some of these, with semicolons between: "
                    f"{', '.join(allowed)}."
                )
            if found.count(word) > 1:
                raise CellError(f"{shown(word)} stands here twice. Write it once.")
        return found

    return read


def slug(text: str) -> str:
    if not text:
        raise CellError("Each row needs a slug: its last part of the address, for example lakeside-cancer-center.")
    if not _SLUG.fullmatch(text):
        raise CellError(f"Write small letters, digits and single hyphens, for example lakeside-2; not {shown(text)}.")
    return _short(text, 60)


def yes_no(text: str) -> bool | None:
    """True, False, or None where it is not known."""
    if text and text.lower() not in _YES_NO:
        raise CellError(f"Write true or false, or leave the cell blank where it is not known; not {shown(text)}.")
    return _YES_NO[text.lower()] if text else None


def yes_or_no(text: str) -> bool:
    """True or False: for what is always known."""
    if text.lower() not in _YES_NO:
        given = f"not {shown(text)}" if text else "this cannot be blank"
        raise CellError(f"Write true or false; {given}.")
    return _YES_NO[text.lower()]


def degrees(text: str) -> float:
    """A latitude or longitude, in degrees."""
    if not _NUMBER.fullmatch(text):
        given = f"{shown(text)} is no number" if text else "This cannot be blank"
        raise CellError(f"{given}. Write degrees with a point, for example 41.92 or -87.65.")
    return float(text)


def day(text: str) -> datetime.date | None:
    if not text:
        return None
    if not _DAY.fullmatch(text):
        raise CellError(f"Write the day as year, month, day: 2026-09-23; not {shown(text)}.")
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise CellError(f"{text} is no day of the calendar. Write year, month, day: 2026-09-23.") from None


def past_day(text: str) -> datetime.date | None:
    """A day on which somebody looked: today at the latest."""
    found = day(text)
    if found and found > timezone.localdate():
        raise CellError(f"{text} is still to come. Write the day on which somebody looked at the source.")
    return found


def phone(text: str) -> str:
    """`312-555-0142` in any usual spelling -> `+13125550142`; blank stays blank."""
    if not text:
        return ""
    found = _PHONE.fullmatch(_PHONE_MARKS.sub("", text))
    if found is None:
        raise CellError(
            f"Write a US number with its ten digits, as 312-555-0142, with no extension; not {shown(text)}."
        )
    return f"+1{found.group(1)}"


def zip_code(text: str) -> str:
    """Five digits, with or without four more."""
    found = _ZIP.fullmatch(text)
    if found:
        return found.group(1)
    if re.fullmatch(r"[0-9]{3,4}", text):
        lost = f"{shown(text)} has lost the zero in front, as happens in spreadsheets."
        raise CellError(f"{lost} Write {text:0>5}, in a column formatted as text.")
    raise CellError(f"Write the ZIP code with its five digits, for example 60614; not {shown(text)}.")


def state(text: str) -> str:
    """The two letters of a state."""
    if text.upper() in STATES:
        return text.upper()
    if text.lower() in _CODES:
        raise CellError(f"Write {_CODES[text.lower()]} for {shown(text)}.")
    raise CellError(f"Write the two letters of a state, for example IL; not {shown(text)}.")


def _short(text: str, limit: int) -> str:
    if len(text) > limit:
        raise CellError(f"This has {len(text):,} characters. Write at most {limit:,}.")
    return text
