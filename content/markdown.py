"""Articles are Markdown: rendered once, when they are saved, into the HTML that is signed and served.

CommonMark with tables, definition lists, footnotes and boxes, without raw HTML. A footnote `[^id]` points to an entry
of the reference list. Boxes (`content.boxes`) are written `:::name` … `:::`. What comes out passes an explicit list of
allowed tags (nh3), so a mistake here cannot become a script there.

A word to explain is a link to `term:slug`: it becomes a button that opens the glossary's meaning in place, without
script (HTML's popover). A drawing is an image of `/static/images/figures/`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import nh3
from django.conf import settings
from django.utils.html import escape
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from content import boxes
from content.references import line

LONGEST = 100_000  # characters of one text
CONTENTS_FROM = 4  # a list of contents stands on pages with so many sections
RESERVED = {"main", "sources", "questions", "people", "help-title"}  # ids that page templates use

TEXT_TAGS = {"a", "blockquote", "br", "button", "code", "em", "hr", "img", "p", "pre", "span", "strong", "sup"}
BLOCK_TAGS = {"details", "div", "h2", "h3", "h4", "nav", "summary"}
LIST_TAGS = {"dd", "dl", "dt", "li", "ol", "ul"}
TABLE_TAGS = {"table", "tbody", "td", "th", "thead", "tr"}
TAGS = TEXT_TAGS | BLOCK_TAGS | LIST_TAGS | TABLE_TAGS
ATTRIBUTES = {
    "a": {"href", "rel", "id", "class", "aria-label"},
    "button": {"type", "class", "popovertarget"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "img": {"src", "alt", "width", "height", "loading"},
    "nav": {"class", "aria-label"},
    "p": {"class"},
    "span": {"class"},
    "li": {"id"},
    "ol": {"start"},
    "th": {"scope"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
}
SCHEMES = {"https", "http", "mailto", "tel"}
TERM = "term:"
FIGURES = "/static/images/figures/"
_TERM_BUTTON = re.compile(r'popovertarget="term-([a-z0-9-]+)"')
_VIEW_BOX = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


@dataclass(frozen=True)
class Rendered:
    """The text, its list of sources (empty without a citation), and its sections as (id, title)."""

    html: str
    references_html: str
    contents: tuple[tuple[str, str], ...]


def render(body: str, references: Sequence[dict[str, str]], *, prefix: str = "") -> Rendered:
    """Raises ValueError that says what to change: an unknown footnote or box, a box left open, a first-level heading.

    `prefix` starts every id, so that several texts (FAQ answers) can stand on one page.
    """
    if len(body) > LONGEST:
        raise ValueError(f"The text is longer than {LONGEST:,} characters.")
    boxes.check(body)
    known = {entry["id"]: entry for entry in references}
    env: dict[str, Any] = {"prefix": prefix}
    tokens = parse(body, env)
    notes = env.get("footnotes", {}).get("list", {})
    for note in notes.values():
        if note["label"] not in known:
            raise ValueError(f"The text cites [^{note['label']}], which is not in its references.")
    contents = _sections(tokens, prefix)
    if len(contents) >= CONTENTS_FROM:
        _insert_contents(tokens, contents)
    html = _markdown.renderer.render(tokens, _markdown.options, env)
    sources = [(number + 1, note["count"], known[note["label"]]) for number, note in notes.items()]
    return Rendered(_clean(html), _clean(_sources(sources, prefix)), contents)


def parse(body: str, env: dict[str, Any] | None = None) -> list[Token]:
    """The text as tokens, its terms as `term_open` … `term_close` with the slug in `meta`. Raises nothing."""
    tokens = _markdown.parse(body, {} if env is None else env)
    for token in tokens:
        if token.children:
            _mark_terms(token.children)
            token.children = _keep_brackets(token.children)
    return tokens


def _mark_terms(children: list[Token]) -> None:
    """A link's end does not say what it ends, so both ends of a term are renamed."""
    inside = False
    for child in children:
        if child.type == "link_open" and str(child.attrGet("href")).startswith(TERM):
            child.type, inside = "term_open", True
            child.meta = {"term": str(child.attrGet("href")).removeprefix(TERM)}
        elif child.type == "link_close" and inside:
            child.type, inside = "term_close", False


def _keep_brackets(children: list[Token]) -> list[Token]:
    """A button may be torn from the bracket before it at the end of a line; both brackets and it become one `whole`."""
    kept: list[Token] = []
    for place, child in enumerate(children):
        kept.append(child)
        before = kept[-2] if len(kept) > 1 else None
        if child.type == "term_open" and before and before.type == "text" and before.content.endswith("("):
            end = next(n for n in range(place, len(children)) if children[n].type == "term_close")
            after = children[end + 1] if end + 1 < len(children) else None
            if after and after.type == "text" and after.content.startswith(")"):
                before.content = before.content[:-1]
                kept[-1:] = [Token("whole_open", "", 1), _said("("), child]
                after.content = after.content[1:]
                children[end].meta = {"brackets": True}
        if child.type == "term_close" and child.meta.get("brackets"):
            kept += [_said(")"), Token("whole_close", "", -1)]
    return kept


def _said(words: str) -> Token:
    return Token("text", "", 0, content=words)


def cited(body: str) -> list[str]:
    """The ids of the sources that a text cites, each once, in the order of their numbers."""
    env: dict[str, Any] = {}
    parse(body, env)
    return [str(note["label"]) for note in env.get("footnotes", {}).get("list", {}).values()]


def terms_in(html: str) -> list[str]:
    """The slugs of the glossary terms that a rendered text explains, each once, in order."""
    return list(dict.fromkeys(_TERM_BUTTON.findall(html)))


def told(image: Token) -> str:
    """The words of a picture, without their marks."""
    return _words(image)


def figure_size(src: str) -> tuple[int, int] | None:
    """Width and height in px of a drawing of ours, from its viewBox; None if there is no such drawing."""
    name = src.removeprefix(FIGURES)
    file = settings.BASE_DIR / "static" / "images" / "figures" / name
    if not src.startswith(FIGURES) or not re.fullmatch(r"[a-z0-9-]+\.svg", name) or not file.is_file():
        return None
    found = _VIEW_BOX.search(file.read_text(encoding="utf-8"))
    return (int(found[1]), int(found[2])) if found else None


def _clean(html: str) -> str:
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None).strip()


def _sections(tokens: list[Token], prefix: str) -> tuple[tuple[str, str], ...]:
    """Prefixes the headings' ids on the way."""
    found = []
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        if opening.tag == "h1":
            raise ValueError(f"The heading {inline.content!r} is of the first level. Start sections with ##.")
        if opening.tag in ("h2", "h3"):
            opening.attrSet("id", prefix + str(opening.attrGet("id")))
        if opening.tag == "h2":
            found.append((str(opening.attrGet("id")), _words(inline)))
    return tuple(found)


def _words(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [] if child.type in ("text", "code_inline"))


def _insert_contents(tokens: list[Token], contents: tuple[tuple[str, str], ...]) -> None:
    """Before the first section, which is after the box At a glance."""
    first = next(place for place, token in enumerate(tokens) if token.tag == "h2")
    links = "".join(f'<li><a href="#{name}">{escape(title)}</a></li>' for name, title in contents)
    html = (
        f'<nav class="contents" aria-label="On this page"><p><strong>On this page</strong></p><ul>{links}</ul></nav>\n'
    )
    tokens.insert(first, Token("html_block", "", 0, content=html))


def _sources(sources: list[tuple[int, int, dict[str, str]]], prefix: str) -> str:
    """The list at the end: each source once, with a way back to every place that cites it."""
    if not sources:
        return ""
    title = "<p><strong>Where this comes from</strong></p>" if prefix else '<h2 id="sources">Where this comes from</h2>'
    rows = []
    for number, count, entry in sources:
        places = (_citation(prefix, number, place) for place in range(count))
        backs = "".join(f' <a href="#{place}" aria-label="Back to the text">↩</a>' for place in places)
        rows.append(f'<li id="{prefix}s{number}">{line(entry)}{backs}</li>')
    return f"{title}<ol>{''.join(rows)}</ol>"


def _citation(prefix: str, number: int, place: int) -> str:
    """The id of one citation in the text."""
    return f"{prefix}c{number}" + (f"-{place + 1}" if place else "")


def _slug(title: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "section"
    taken = slug in RESERVED or re.fullmatch(r"[sc]\d+(-\d+)?", slug)
    return f"{slug}-section" if taken else slug


def _footnote_ref(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    number, prefix = tokens[place].meta["id"] + 1, env["prefix"]
    own = _citation(prefix, number, tokens[place].meta["subId"])
    return f'<sup><a href="#{prefix}s{number}" id="{own}">[{number}]</a></sup>'


def _link_open(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    if re.match(r"(?i)(https?:)?//", str(tokens[place].attrGet("href"))):
        tokens[place].attrSet("rel", "noreferrer")
    return self.renderToken(tokens, place, options, env)


def _term_open(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return f'<button type="button" class="term" popovertarget="term-{escape(tokens[place].meta["term"])}">'


def _term_close(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return "</button>"


def _whole_open(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return '<span class="whole">'


def _whole_close(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return "</span>"


def _image(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """A drawing of ours with its size, so that nothing jumps. Raises ValueError for any other picture."""
    src = str(tokens[place].attrGet("src"))
    size = figure_size(src)
    if size is None:
        raise ValueError(f"There is no drawing {src!r}. Drawings are files under {FIGURES}, for example linings.svg.")
    alt = escape(told(tokens[place]))
    return f'<img src="{src}" alt="{alt}" width="{size[0]}" height="{size[1]}" loading="lazy">'


def _table_open(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """In a box that scrolls, which the keyboard can reach, named after its section."""
    headings = [inline for opening, inline in pairwise(tokens[:place]) if opening.type == "heading_open"]
    label = escape(f"Table: {_words(headings[-1])}") if headings else "Table"
    return f'<div class="table" tabindex="0" role="region" aria-label="{label}"><table>\n'


def _table_close(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


def _th_open(self: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return '<th scope="col">'


def _build() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    markdown.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True).disable("footnote_def")
    markdown.use(deflist_plugin)
    markdown.use(anchors_plugin, min_level=2, max_level=3, slug_func=_slug)
    markdown.use(container_plugin, "box", validate=boxes.is_box, render=boxes.render)
    for name, rule in {
        "footnote_ref": _footnote_ref,
        "link_open": _link_open,
        "term_open": _term_open,
        "term_close": _term_close,
        "whole_open": _whole_open,
        "whole_close": _whole_close,
        "image": _image,
        "table_open": _table_open,
        "table_close": _table_close,
        "th_open": _th_open,
    }.items():
        markdown.add_render_rule(name, rule)
    return markdown


_markdown = _build()
