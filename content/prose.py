"""The words of a Markdown text, block by block: what is read, searched, compared and checked, without its marks."""

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from content import boxes, markdown

OPENINGS = {"bullet_list_open", "ordered_list_open", "table_open"}
CLOSINGS = {"bullet_list_close", "ordered_list_close", "table_close"}
LABELED = {"letter", "quote", "write"}  # boxes with words of the editor in their title


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, a list item or a row of a table, and what stands in it.

    `group` is the same for the items of one list and the rows of one table. `line` counts from 1. `text` has no
    citation marks; the cells of a row are parted by line breaks.
    """

    kind: str  # heading, text, item, row
    text: str
    line: int
    group: int
    box: str = ""
    level: int = 0
    cites: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    images: tuple[tuple[str, str], ...] = ()


def blocks(body: str) -> list[Block]:
    """Every block in reading order. Raises nothing: what cannot be rendered is still text."""
    return list(_walk(markdown.parse(body)))


def plain(body: str) -> str:
    """All words, a block a line: for search and for grades."""
    return "\n".join(block.text for block in blocks(body) if block.text)


def _walk(tokens: list[Token]) -> Iterator[Block]:
    box, group, depth = "", 0, 0
    row: list[Token] = []
    before = None
    for token in tokens:
        if token.type == "container_box_open":
            box, label = boxes.named(token)
            if box in LABELED:
                group += depth == 0
                yield Block("text", boxes.label(box, label), _line(token.map), group, box)
        elif token.type == "container_box_close":
            box = ""
        elif token.type in OPENINGS:
            group += depth == 0
            depth += 1
        elif token.type in CLOSINGS:
            depth -= 1
        elif token.type in ("code_block", "fence"):  # four spaces too many, and still read by everybody
            group += depth == 0
            yield Block("text", " ".join(token.content.split()), _line(token.map), group, box)
        elif token.type == "tr_close":
            yield _block("row", row, row[0].map, group, box)
            row = []
        elif token.type == "inline" and before is not None:
            if before.type in ("td_open", "th_open"):
                row.append(token)
            else:
                group += depth == 0
                kind = "heading" if before.type == "heading_open" else "item" if depth else "text"
                level = int(before.tag[1]) if kind == "heading" else 0
                yield _block(kind, [token], token.map, group, box, level)
        before = token


def _block(kind: str, inlines: list[Token], lines: list[int] | None, group: int, box: str, level: int = 0) -> Block:
    children = [child for inline in inlines for child in inline.children or []]
    links = [str(child.attrGet("href")) for child in children if child.type == "link_open"]
    images = [(str(child.attrGet("src")), markdown.told(child)) for child in children if child.type == "image"]
    return Block(
        kind=kind,
        text="\n".join(words for inline in inlines if (words := _words(inline))),
        line=_line(lines),
        group=group,
        box=box,
        level=level,
        cites=tuple(str(child.meta["label"]) for child in children if child.type == "footnote_ref"),
        links=tuple(links),
        terms=tuple(str(child.meta["term"]) for child in children if child.type == "term_open"),
        images=tuple(images),
    )


def _line(lines: list[int] | None) -> int:
    return lines[0] + 1 if lines else 0


def _words(inline: Token) -> str:
    """What is read aloud; a line break is a space."""
    parts = []
    for child in inline.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return " ".join("".join(parts).split())
