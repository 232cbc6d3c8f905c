"""Reads our PDFs as a screen reader does: by their tags, in the order of the tree."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject

INLINE = ("/Span", "/Strong", "/Em", "/Link", "/Code")
HEADINGS = ("/H1", "/H2", "/H3", "/H4")


@dataclass
class Tag:
    """One element: its name, its alternative text, its attributes, and what is in it: tags and words."""

    name: str
    alt: str
    attributes: dict[str, Any]
    inside: list["Tag | str"]

    def walk(self) -> Iterator["Tag"]:
        yield self
        for part in self.inside:
            if isinstance(part, Tag):
                yield from part.walk()

    def all(self, *names: str) -> list["Tag"]:
        return [tag for tag in self.walk() if tag.name in names]

    def text(self, *, without: tuple[str, ...] = ()) -> str:
        """The words inside, without those of some tags."""
        return " ".join(self._text(without).split())

    def _text(self, without: tuple[str, ...]) -> str:
        if self.name in without:
            return ""
        words = "".join(part if isinstance(part, str) else part._text(without) for part in self.inside)
        return words if self.name in INLINE else f" {words} "


class Document:
    """A PDF of ours."""

    def __init__(self, data: bytes) -> None:
        self.reader = pypdf.PdfReader(io.BytesIO(data))
        self.catalog: Any = self.reader.trailer["/Root"]
        self._words = _marked(self.reader)
        (self.tree,) = self._tags(_list(self.catalog["/StructTreeRoot"], "/K"), None)

    @property
    def xmp(self) -> str:
        return str(self.catalog["/Metadata"].get_data().decode())

    @property
    def headings(self) -> list[tuple[str, str]]:
        return [(tag.name, tag.text()) for tag in self.tree.all(*HEADINGS)]

    @property
    def text(self) -> str:
        """Everything in the order of the tree, without list marks and what is drawn."""
        return self.tree.text(without=("/Lbl", "/Figure"))

    @property
    def artifacts(self) -> str:
        """What is skipped when it is read aloud: the foot of each page."""
        return " ".join(words for (_, mark), words in self._words.items() if mark is None)

    @property
    def annotations(self) -> list[Any]:
        return [note.get_object() for page in self.reader.pages for note in page.get("/Annots", [])]

    def _tags(self, kids: Any, page: int | None) -> list[Any]:
        found: list[Any] = []
        for kid in kids:
            node = kid.get_object()
            if not isinstance(node, DictionaryObject):
                found.append(self._words.get((page, int(node)), ""))
                continue
            here = node.raw_get("/Pg").idnum if "/Pg" in node else page
            if node.get("/Type") == "/MCR":
                found.append(self._words.get((here, int(node["/MCID"])), ""))
            elif "/S" in node:
                attributes = {key: value for row in _list(node, "/A") for key, value in row.get_object().items()}
                inside = self._tags(_list(node, "/K"), here)
                found.append(Tag(str(node["/S"]), str(node.get("/Alt", "")), attributes, inside))
        return found


def _list(node: Any, key: str) -> list[Any]:
    if key not in node:
        return []
    return list(node[key]) if isinstance(node[key], ArrayObject) else [node[key]]


def _marked(reader: pypdf.PdfReader) -> dict[tuple[int | None, int | None], str]:
    """The words of each piece of marked content, by page and mark; those of artifacts under None."""
    found: dict[tuple[int | None, int | None], str] = {}
    for page in reader.pages:
        marks: list[int | None] = [None]

        def operator(name: bytes, operands: Any, *rest: Any, marks: list[int | None] = marks) -> None:
            if name in (b"BDC", b"BMC"):
                facts = operands[1] if name == b"BDC" else {}
                marks.append(int(facts["/MCID"]) if "/MCID" in facts else None)
            elif name == b"EMC":
                marks.pop()

        def words(text: str, *rest: Any, marks: list[int | None] = marks, page: Any = page) -> None:
            key = (page.indirect_reference.idnum, marks[-1])
            found[key] = found.get(key, "") + text

        page.extract_text(visitor_operand_before=operator, visitor_text=words)
    return found


def without_citations(text: str) -> str:
    return " ".join(re.sub(r"\s*\[\d+\]", "", text).split())
