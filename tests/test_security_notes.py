"""SECURITY.md is true: each file and test it names is there, and each id of the standard has one row."""

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTES = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
FOLDERS = "navigator|content|doctors|intake|templates|static|tests|requirements|security"
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
NO_PROOF = re.compile(r"(Not applicable|Not met|Not proved here|Outside)\b")

# Ids of level 2 that the table goes through; the first two parts, then the last of each.
IDS = """
1.1:1-2 1.2:1-4,10 1.3:3,5,7,11 2.1:1-3 2.2:1-3 2.3:1-4 2.4:1 3.2:1-2 3.3:1-4 3.4:1-6 3.5:1-3 3.7:2 4.1:1,3 4.2:1
6.1:1 6.2:1-12 6.3:1-4 6.4:1-4 6.5:1-5 7.1:1-2 7.2:1-4 7.3:1-2 7.4:1-5 7.5:1 8.1:1-2 8.2:1-3 8.3:1 9.1:1 9.2:1-2
11.1:1-2 11.2:1-3 11.3:1-3 11.4:2 11.5:1 12.1:1 12.2:1 12.3:1 13.1:1 13.2:1-5 13.3:1-2 13.4:1-5 14.1:1-2 14.2:1-4
14.3:1-3 15.1:1-3 15.2:1-3 15.3:1-7 16.1:1 16.2:1-5 16.3:1-4 16.4:1-3 16.5:1-3
"""


def ids() -> list[str]:
    """IDS written out."""
    found = []
    for part in IDS.split():
        section, numbers = part.split(":")
        for piece in numbers.split(","):
            first, _, last = piece.partition("-")
            found += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def rows() -> list[list[str]]:
    """The cells of the table of the standard."""
    lines = [line for line in NOTES.splitlines() if re.match(r"\| \d+\.\d+\.\d+ \|", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@lru_cache
def functions_of(path: str) -> set[str]:
    """Names of the test functions of a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_file_it_names_exists() -> None:
    named = set(re.findall(rf"`((?:{FOLDERS})/[\w./\-]*)", NOTES))
    named |= set(re.findall(r"`(\.?[\w\-]+\.(?:yaml|toml|md|example|baseline)|\.dockerignore|Dockerfile)`", NOTES))
    assert len(named) > 60
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_test_it_names_exists() -> None:
    named = NAMED_TEST.findall(NOTES)
    assert len(named) > 100
    assert [(path, name) for path, name in named if not (ROOT / path).exists() or name not in functions_of(path)] == []


def test_a_test_is_named_with_its_function_or_speaks_of_a_file() -> None:
    """`path::name` that the pattern does not read would be checked by nobody."""
    assert NOTES.count("::") == len(NAMED_TEST.findall(NOTES))


def test_each_id_has_one_row_in_order() -> None:
    assert [row[0] for row in rows()] == ids()


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_row_says_what_keeps_it_and_names_a_proof_or_says_that_there_is_none(row: list[str]) -> None:
    assert len(row) == 4
    _, asks, kept, proof = row
    assert asks
    assert kept
    if not NAMED_TEST.search(proof):
        assert proof.startswith("none") or (proof == "" and NO_PROOF.match(kept))


def test_the_readme_leads_here() -> None:
    assert "(SECURITY.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
