"""The stem of an English word: Porter's algorithm, as SQLite has it built in and PostgreSQL in a newer version.

Only for counting, comparing and marking words on our side; each database stems with its own when it matches. Source:
M. F. Porter, An algorithm for suffix stripping, Program 14 (1980).
"""

import re
from functools import lru_cache

_MEASURE = re.compile(r"v+c+")
_STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "abli": "able", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al",
    "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble",
}  # fmt: skip
_STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_STEP_4 = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion",
    "al", "er", "ic", "ou",
)  # fmt: skip


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Of one word in lower case: pays, paying -> pai. Short words stay."""
    if len(word) < 3 or not word.isalpha():
        return word
    for step in (_plural, _past, _final_y, _step_2, _step_3, _step_4, _step_5):
        word = step(word)
    return word


def _shape(part: str) -> str:
    """Each letter as v or c. A y after a consonant is a vowel."""
    shape = ""
    for letter in part:
        shape += "v" if letter in "aeiou" or (letter == "y" and shape.endswith("c")) else "c"
    return shape


def _measure(part: str) -> int:
    return len(_MEASURE.findall(_shape(part)))


def _plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) else word
    for ending in ("ed", "ing"):
        part = word.removesuffix(ending)
        if part != word and "v" in _shape(part):
            return _mended(part)
    return word


def _mended(part: str) -> str:
    """What is left of a verb: hop(p), fil(e), conflat(e)."""
    if part.endswith(("at", "bl", "iz")):
        return part + "e"
    if part[-2:-1] == part[-1:] and _shape(part).endswith("c") and part[-1] not in "lsz":
        return part[:-1]
    return part + "e" if _measure(part) == 1 and _ends_short(part) else part


def _ends_short(part: str) -> bool:
    return _shape(part)[-3:] == "cvc" and part[-1] not in "wxy"


def _final_y(word: str) -> str:
    return word[:-1] + "i" if word.endswith("y") and "v" in _shape(word[:-1]) else word


def _replaced(word: str, pairs: dict[str, str]) -> str:
    for ending, replacement in pairs.items():
        if word.endswith(ending):
            part = word[: -len(ending)]
            return part + replacement if _measure(part) else word
    return word


def _step_2(word: str) -> str:
    return _replaced(word, _STEP_2)


def _step_3(word: str) -> str:
    return _replaced(word, _STEP_3)


def _step_4(word: str) -> str:
    for ending in _STEP_4:
        if word.endswith(ending):
            part = word[: -len(ending)]
            whole = _measure(part) > 1 and (ending != "ion" or part.endswith(("s", "t")))
            return part if whole else word
    return word


def _step_5(word: str) -> str:
    if word.endswith("e"):
        part = word[:-1]
        measure = _measure(part)
        if measure > 1 or (measure == 1 and not _ends_short(part)):
            word = part
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word
