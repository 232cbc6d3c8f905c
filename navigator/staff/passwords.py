"""A long password can be an obvious one: a row of digits, one letter held down, our own name.

The lists of common passwords that exist are of short ones; with 15 characters or more almost nothing of them is left.
"""

import re
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError

from navigator import identity

TOLD = "This is easy to guess. Join four or more words that have nothing to do with each other or with us."
FEWEST = 6  # different characters that must be left
WORDS = {
    "abcdefghijklm", "admin", "advocate", "cancer", "changeme", "doctor", "letmein", "login", "mesothelioma",
    "navigator", "nurse", "opinion", "passphrase", "password", "qwerty", "qwertyuiop", "second", "secret", "welcome",
    "asdfghjkl", "zxcvbnm", "iloveyou", "staff", "patient",
}  # fmt: skip
_PLAIN = str.maketrans("013457@$!", "oieastasi")  # as they are written to look clever


class ObviousPasswordValidator:
    """Refuses what has little left without runs (aaaa, 1234, dcba), words of ours and the account's own names."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        if len(set(_rest(password, _words(user)))) < FEWEST:
            raise ValidationError(TOLD, code="password_obvious")

    def get_help_text(self) -> str:
        return "Your password can't be a row of keys or digits, or made of our name or yours."


def _words(user: Any) -> set[str]:
    who = identity.current()
    own = [getattr(user, name, "") or "" for name in ("username", "first_name", "last_name", "email")]
    found = re.findall(r"[a-z]{3,}", " ".join([who.name, who.legal_name, *own]).lower())
    return WORDS | set(found)


def _rest(password: str, words: set[str]) -> str:
    """`password` without words, then without runs of four or more."""
    text = "".join(password.lower().split())
    plain, keep = text.translate(_PLAIN), [True] * len(text)
    for word in words:
        for spelled in (text, plain):
            for found in re.finditer(re.escape(word), spelled):
                keep[found.start() : found.end()] = [False] * len(word)
    return _without_runs("".join(character for character, kept in zip(text, keep, strict=True) if kept))


def _without_runs(text: str) -> str:
    steps = [ord(after) - ord(before) for before, after in pairwise(text)]
    keep, start = [True] * len(text), 0
    for place in range(1, len(steps) + 1):
        if place == len(steps) or steps[place] != steps[start]:
            if steps[start] in (-1, 0, 1) and place - start >= 3:
                keep[start : place + 1] = [False] * (place - start + 1)
            start = place
    return "".join(character for character, kept in zip(text, keep, strict=True) if kept)
