"""A text as a tagged PDF (PDF/UA-1) for people who print, or who read with a screen reader.

The Markdown becomes Typst markup in which every word is a string literal, so that nothing an editor types is ever read
as a command. Left out on paper: invitations to our own services, and figures about survival, which a reader chooses to
see on the page.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import typst
from django.conf import settings
from markdown_it.tree import SyntaxTreeNode

from content import boxes, markdown

VERSION = "1"  # raise it when the pages should look different: stored PDFs are then made anew
LARGE = {"checklist", "answers", "write", "letter"}  # boxes of a sheet that is filled in by hand
ROOM = {"answers": "#v(2pt);#rect(width: 100%, height: 2.1cm, stroke: 0.6pt + luma(90));#v(8pt);"}

PREAMBLE = """
#set page(paper: "us-letter", margin: (x: 22mm, top: 18mm, bottom: 20mm), footer: context [
  #set text(size: 9pt)
  #foot #h(1fr) #counter(page).display("1 of 1", both: true)
])
#set text(font: "Libertinus Serif", lang: "en", region: "us", size: size, hyphenate: false)
#set par(leading: 0.72em, spacing: 1.1em)
#set list(spacing: 0.75em)
#set enum(spacing: 0.75em)
#set table(stroke: 0.6pt + luma(90), inset: 7pt)
#show heading: set block(above: 1.5em, below: 0.7em, sticky: true)
#show heading.where(level: 1): set text(size: 1.35em)
#show link: underline
#let tick = box(width: 0.95em, height: 0.95em, stroke: 0.9pt + black, baseline: 0.12em)
#let note(title, body) = block(width: 100%, stroke: (left: 2.5pt + luma(60)), inset: (left: 10pt, y: 4pt), above: 1.3em,
  below: 1.3em, [#block(sticky: true, strong(title)) #body])
#let lines(count) = for _ in range(count) { block(above: 1.9em, line(length: 100%, stroke: 0.6pt + luma(90))) }
"""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class TypesettingError(Exception):
    """The text could not be set; the message is Typst's own."""


@dataclass(frozen=True)
class Sheet:
    """What stands on the paper: the text, its sources as (number, words, address), and lines about it and about us."""

    title: str
    summary: str
    body: str
    sources: Sequence[tuple[int, str, str]]
    facts: Sequence[str]
    foot: str
    is_tool: bool
    site_url: str


def pdf(sheet: Sheet) -> bytes:
    """The sheet as PDF/UA-1; the same bytes for the same sheet. Raises TypesettingError."""
    return _compile(source(sheet))


@lru_cache(maxsize=256)
def _compile(markup: str) -> bytes:
    try:
        return typst.compile(  # type: ignore[call-overload]  # its stub wants a root of the input's own type
            markup.encode(),
            root=str(settings.BASE_DIR / "static" / "images" / "figures"),
            format="pdf",
            pdf_standards="ua-1",
            ignore_system_fonts=True,
            timestamp=0,
        )
    except typst.TypstError as error:
        raise TypesettingError(str(error)) from error


def source(sheet: Sheet) -> str:
    """The Typst markup of a sheet."""
    tree = SyntaxTreeNode(markdown.parse(sheet.body))
    parts = [
        f"#set document(title: {_literal(sheet.title)}, date: none)\n",
        f"#let size = {'13pt' if sheet.is_tool else '12pt'}\n#let foot = {_literal(sheet.foot)}\n",
        PREAMBLE,
        f"#heading(level: 1, {_literal(sheet.title)})\n\n",
        f"#text(size: 1.1em, {_literal(sheet.summary)})\n\n",
        Setter(site_url=sheet.site_url).blocks(tree.children),
        _sources(sheet.sources),
        "#line(length: 100%, stroke: 0.6pt + luma(90))\n\n#set text(size: 0.85em)\n",
        *(f"{_word(fact)}\n\n" for fact in sheet.facts),
    ]
    return "".join(parts)


def _sources(sources: Sequence[tuple[int, str, str]]) -> str:
    if not sources:
        return ""
    items = ", ".join(f"[{_word(words)} #link({_literal(url)});]" for _, words, url in sources)
    return f'#heading(level: 2, "Where this comes from")\n\n#text(size: 0.85em, enum(numbering: "[1]", {items}))\n\n'


def _literal(text: str) -> str:
    """A Typst string: JSON's quotes and backslashes, Unicode as it is."""
    return _quoted(" ".join(text.split()) if text.strip() else text)


def _word(text: str) -> str:
    """Text in markup; the semicolon ends the expression, whatever follows."""
    return f"#{_quoted(text)};"


def _quoted(text: str) -> str:
    """JSON's quotes are Typst's, but its escapes of control characters are not: nobody can see those, so they go."""
    return json.dumps(_CONTROL.sub("", text), ensure_ascii=False)


class Setter:
    """Turns nodes of the Markdown tree into markup, one method for each kind of node."""

    def __init__(self, *, site_url: str) -> None:
        self.site_url = site_url
        self.box = ""
        self.level = 1
        self.notes: dict[str, int] = {}

    def blocks(self, nodes: Sequence[SyntaxTreeNode]) -> str:
        return "".join(self.block(node) for node in nodes)

    def block(self, node: SyntaxTreeNode) -> str:
        setter: Callable[[SyntaxTreeNode], str] | None = getattr(self, f"set_{node.type}", None)
        return setter(node) if setter else self.blocks(node.children)

    def set_paragraph(self, node: SyntaxTreeNode) -> str:
        return self.blocks(node.children) + "\n\n"

    def set_heading(self, node: SyntaxTreeNode) -> str:
        """Never a level that skips one: PDF/UA forbids it."""
        self.level = min(int(node.tag[1]), self.level + 1)
        return f"#heading(level: {self.level})[{self.blocks(node.children)}]\n\n"

    def set_bullet_list(self, node: SyntaxTreeNode) -> str:
        marker = "marker: tick, " if self.box == "checklist" else ""
        return f"#list({marker}{self._items(node)})\n\n"

    def set_ordered_list(self, node: SyntaxTreeNode) -> str:
        return f"#enum(start: {int(node.attrs.get('start', 1))}, {self._items(node)})\n\n"

    def _items(self, node: SyntaxTreeNode) -> str:
        """With room for an answer, which stands on the page of its question."""
        items = [self.blocks(item.children).strip() for item in node.children]
        if room := ROOM.get(self.box, ""):
            items = [f"#block(breakable: false)[{item}{room}];" for item in items]
        return "".join(f"[{item}], " for item in items)

    def set_blockquote(self, node: SyntaxTreeNode) -> str:
        return f"#quote(block: true)[{self.blocks(node.children)}]\n\n"

    def set_code_block(self, node: SyntaxTreeNode) -> str:
        return f"#raw(block: true, {_quoted(node.content)})\n\n"

    set_fence = set_code_block

    def set_hr(self, node: SyntaxTreeNode) -> str:
        return "#line(length: 100%)\n\n"

    def set_dl(self, node: SyntaxTreeNode) -> str:
        parts = [f"*{self.blocks(n.children)}* " if n.type == "dt" else self.blocks(n.children) for n in node.children]
        return "".join(parts) + "\n\n"

    def set_table(self, node: SyntaxTreeNode) -> str:
        rows = [row for part in node.children for row in part.children]
        cells = [[self._cell(cell) for cell in row.children] for row in rows]
        head, *rest = cells
        columns = f"({', '.join(['1fr'] * len(head))},)"
        body = ", ".join(cell for row in rest for cell in row)
        return f"#table(columns: {columns}, table.header({', '.join(f'strong({cell})' for cell in head)}), {body})\n\n"

    def _cell(self, node: SyntaxTreeNode) -> str:
        """An empty cell leaves room to write."""
        return f"[{self.blocks(node.children) or '#v(2.2em);'}]"

    def set_container_box(self, node: SyntaxTreeNode) -> str:
        name, _, argument = node.info.strip().partition(" ")
        if name in ("help", "survival"):
            return self._left_out(name)
        if name == "write":
            count, label = boxes.lines_to_write(argument) or (1, argument)
            return f"#block(breakable: false)[{_word(label)} #lines({count});]\n\n"
        outer, self.box = self.box, name
        inside = self.blocks(node.children)
        self.box = outer
        if name == "letter":
            return f"#pagebreak(weak: true)\n{self._title(argument)}{inside}"
        if name in ("steps", "checklist", "answers"):
            return inside
        title = boxes.TITLES.get(name) or f"In the words of {argument}"
        return f"#note({_literal(title)}, [{inside}])\n\n"

    def _left_out(self, name: str) -> str:
        if name == "help":
            return ""
        return _word("Figures about survival are not printed. You can choose to see them on the page itself.") + "\n\n"

    def _title(self, words: str) -> str:
        self.level = min(3, self.level + 1)
        return f"#heading(level: {self.level}, {_literal(words)})\n\n"

    # What stands inside a line.

    def set_text(self, node: SyntaxTreeNode) -> str:
        return _word(node.content) if node.content else ""

    def set_code_inline(self, node: SyntaxTreeNode) -> str:
        return f"#raw({_literal(node.content)});"

    def set_softbreak(self, node: SyntaxTreeNode) -> str:
        return " "

    def set_hardbreak(self, node: SyntaxTreeNode) -> str:
        return "#linebreak();"

    def set_strong(self, node: SyntaxTreeNode) -> str:
        return f"#strong[{self.blocks(node.children)}];"

    def set_em(self, node: SyntaxTreeNode) -> str:
        return f"#emph[{self.blocks(node.children)}];"

    def set_link(self, node: SyntaxTreeNode) -> str:
        """A link within the page has no meaning on paper; one within the site gets its whole address."""
        address = str(node.attrs.get("href", ""))
        inside = self.blocks(node.children)
        if not address or address.startswith("#"):
            return inside
        whole = self.site_url + address if address.startswith("/") else address
        return f"#link({_literal(whole)})[{inside}];"

    def set_image(self, node: SyntaxTreeNode) -> str:
        name = str(node.attrs.get("src", "")).removeprefix(markdown.FIGURES)
        words = _literal((markdown.told(node.token) if node.token else "") or "Drawing")
        return f"#align(center, image({_literal(name)}, width: 75%, alt: {words}));"

    def set_footnote_ref(self, node: SyntaxTreeNode) -> str:
        number = int(node.meta["id"]) + 1
        return f"#super({_literal(f'[{number}]')});"

    def set_footnote_block(self, node: SyntaxTreeNode) -> str:
        return ""
