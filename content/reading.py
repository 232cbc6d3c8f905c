"""How hard a text is to read: the Flesch-Kincaid grade of plain sentences.

A screen, not a proof: it counts syllables by their vowels and knows nothing of meaning. Source of the formula: Kincaid
and others, 1975. Words that the glossary explains (`EXPLAINED`) count as two syllables at most, because a reader meets
them on every page with their meaning one tap away; every other word counts as it is spoken.
"""

import re

# Words of the field that no everyday word can replace. Each has its entry in the glossary.
_WORDS = """
    mesothelioma mesothelium pleura pleural peritoneum peritoneal pericardium asbestos medicare medicaid veteran
    oncologist pathologist radiologist pathology immunohistochemistry immunotherapy chemotherapy radiation
    palliative cytoreductive epithelioid sarcomatoid biphasic thoracoscopy laparoscopy mediastinoscopy thoracentesis
    paracentesis pleurectomy decortication pneumonectomy pleurodesis nivolumab ipilimumab pembrolizumab pemetrexed
    cisplatin carboplatin deductible coinsurance authorization
"""
EXPLAINED = frozenset(_WORDS.split())

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_END = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s|$)|\n+")
_ABBREVIATION = re.compile(
    r"\b(?:Dr|Mr|Mrs|Ms|St|vs|U\.S|e\.g|i\.e|a\.m|p\.m)\.(?=\s+\S)|\bNo\.(?=\s+\d)|(?<=\d)\.(?=\d)"
)
_VOWELS = re.compile(r"[aeiouy]+")
# A last e is heard only after a consonant with l: ta-ble and sam-ples, but rule, whole and called.
_SILENT = re.compile(
    r"(?<![aeiouy])(?<![^aeiouylr]l)e$|(?<=[^aeiouytd])(?<![^aeiouylr]l)ed$|(?<=[^aeiouycgsxzh])(?<![^aeiouylr]l)es$"
)
# Two vowels side by side that are spoken apart: ra-di-ol-o-gy, i-de-a, di-et, sci-ence, vid-e-o, be-ing; and does-n't.
_HIATUS = re.compile(
    r"(?<![ct])ia(?=l)|i[ao](?!n|l\b|ls\b|us)|ea$|(?<=id)ea|(?<=ar)ea(?=s$)|(?<=cr)ea(?=t(?!ur))|(?<=on)e[au](?=[lm]$)"
    r"|ie(?=t)|(?<=sc)ie|(?<![ct])ie(?=n[ct])|(?<![pg])eo(?!p)|ii|(?<![gq])ua(?=l|t)|(?<=[^gq])ui(?=d)|[aeouy]ing$"
    r"|(?<=[ds])nt$"
)


def sentences(text: str) -> list[str]:
    """The sentences of a text in which each heading and list item ends its line. Abbreviations end none."""
    whole = _ABBREVIATION.sub(lambda found: found[0].replace(".", "\u2024"), text)
    return [part.strip().replace("\u2024", ".") for part in _END.split(whole) if _WORD.search(part)]


def words(text: str) -> list[str]:
    """Runs of letters; a figure is no word."""
    return _WORD.findall(text)


def syllables(word: str) -> int:
    """Vowel groups, without a silent e at the end: care 1, table 2, treated 2, mesothelioma 6."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    spoken = _SILENT.sub("", letters) or letters
    return max(1, len(_VOWELS.findall(spoken)) + len(_HIATUS.findall(spoken)))


def grade(text: str, *, strict: bool = False) -> float:
    """The US school grade, one decimal; 0 for a text without words. `strict` counts every word as it is spoken."""
    found = [words(part) for part in sentences(text)]
    count = sum(map(len, found))
    if not count:
        return 0.0
    spoken = sum(syllables(word) if strict else _weight(word) for row in found for word in row)
    return round(0.39 * count / len(found) + 11.8 * spoken / count - 15.59, 1)


def _weight(word: str) -> int:
    known = word.lower() in EXPLAINED or word.lower().removesuffix("s") in EXPLAINED
    return min(2, syllables(word)) if known else syllables(word)
