"""A text without any marks, for an e-mail to oneself or a plain printer: 72 columns, sources at the end."""

import textwrap
from collections.abc import Callable, Sequence

from markdown_it.tree import SyntaxTreeNode

from content import boxes, markdown
from content.typesetting import Sheet

WIDTH = 72  # columns, as mail programs quote without breaking
NARROWEST = 20  # columns, however deep the list
ROOM = "_" * (WIDTH - 4)
BLANK = "_" * 30


def plain_text(sheet: Sheet) -> str:
    """The sheet as readers get it."""
    writer = Writer()
    body = writer.blocks(SyntaxTreeNode(markdown.parse(sheet.body)).children)
    parts = [_underlined(sheet.title, "="), _wrap(sheet.summary), body]
    if sheet.sources:
        rows = (_wrap(f"[{number}] {words} {url}", hanging=4) for number, words, url in sheet.sources)
        parts += [_underlined("Where this comes from", "-"), "\n".join(rows)]
    parts += ["-" * WIDTH, *(_wrap(fact) for fact in sheet.facts)]
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def _wrap(text: str, *, first: str = "", hanging: int = 0, width: int = WIDTH) -> str:
    return textwrap.fill(
        text,
        width,
        initial_indent=first,
        subsequent_indent=" " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _underlined(title: str, mark: str) -> str:
    return f"{_wrap(title)}\n{mark * min(len(title), WIDTH)}"


class Writer:
    """Turns nodes of the Markdown tree into lines, one method for each kind of node that needs one."""

    def __init__(self) -> None:
        self.box = ""
        self.width = WIDTH

    def blocks(self, nodes: Sequence[SyntaxTreeNode]) -> str:
        return "\n\n".join(text for node in nodes if (text := self.block(node).strip("\n")))

    def block(self, node: SyntaxTreeNode) -> str:
        writer: Callable[[SyntaxTreeNode], str] | None = getattr(self, f"write_{node.type}", None)
        return writer(node) if writer else self.blocks(node.children)

    def write_paragraph(self, node: SyntaxTreeNode) -> str:
        return "\n".join(self._wrap(line) for line in self.line(node).split("\n"))

    write_dt = write_paragraph

    def write_heading(self, node: SyntaxTreeNode) -> str:
        return _underlined(self.line(node), "-") if node.tag == "h2" else self._wrap(self.line(node))

    def write_bullet_list(self, node: SyntaxTreeNode) -> str:
        mark = "[ ] " if self.box == "checklist" else "- "
        return "\n".join(self._item(item, mark) for item in node.children)

    def write_ordered_list(self, node: SyntaxTreeNode) -> str:
        start = int(node.attrs.get("start", 1))
        gap = "\n\n" if self.box == "answers" else "\n"
        return gap.join(self._item(item, f"{number}. ") for number, item in enumerate(node.children, start))

    def _item(self, node: SyntaxTreeNode, mark: str) -> str:
        outer, self.width = self.width, max(NARROWEST, self.width - len(mark))
        text = self.blocks(node.children)
        self.width = outer
        lines = f"{mark}{textwrap.indent(text, ' ' * len(mark)).lstrip()}".rstrip()
        return f"{lines}\n\n    {ROOM}\n\n    {ROOM}" if self.box == "answers" else lines

    def write_table(self, node: SyntaxTreeNode) -> str:
        rows = [row for part in node.children for row in part.children]
        head = [self.line(cell) for cell in rows[0].children]
        return "\n\n".join(self._row(head, row) for row in rows[1:])

    def _row(self, head: list[str], row: SyntaxTreeNode) -> str:
        first, *rest = [self.line(cell) for cell in row.children]
        pairs = zip(head[1:], rest, strict=False)
        lines = (self._wrap(f"{name}: {cell or BLANK}", first="  ", hanging=4) for name, cell in pairs)
        return "\n".join([self._wrap(first or f"{head[0]}: {BLANK}"), *lines])

    def write_container_box(self, node: SyntaxTreeNode) -> str:
        name, _, argument = node.info.strip().partition(" ")
        if name == "help":
            return ""
        if name == "survival":
            return _wrap("Figures about survival are not printed. You can choose to see them on the page itself.")
        if name == "write":
            count, label = boxes.lines_to_write(argument) or (1, argument)
            return "\n\n".join([self._wrap(label), *[ROOM] * count])
        outer, self.box = self.box, name
        inside = self.blocks(node.children)
        self.box = outer
        title = argument if name in ("letter", "quote") else boxes.TITLES.get(name, "")
        return f"{self._wrap(title.upper())}\n\n{inside}" if title else inside

    def write_code_block(self, node: SyntaxTreeNode) -> str:
        return node.content

    write_fence = write_code_block

    def write_hr(self, node: SyntaxTreeNode) -> str:
        return "-" * WIDTH

    def line(self, node: SyntaxTreeNode) -> str:
        """The words of everything inside, on one line but for hard breaks."""
        return _inline(node).strip()

    def _wrap(self, text: str, *, first: str = "", hanging: int = 0) -> str:
        return _wrap(text, first=first, hanging=hanging, width=self.width)


def _inline(node: SyntaxTreeNode) -> str:
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type == "footnote_ref":
        return f"[{int(node.meta['id']) + 1}]"
    if node.type == "image":
        return f"(Drawing: {''.join(map(_inline, node.children))})"
    if node.type == "softbreak":
        return " "
    return "\n" if node.type == "hardbreak" else "".join(map(_inline, node.children))
