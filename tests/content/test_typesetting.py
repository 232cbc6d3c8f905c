"""PDF/UA as a screen reader meets it: tags, language, title, the order of the text; and no word is a command."""

import io
from functools import cache
from itertools import pairwise
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content import library, markdown, prose, typesetting
from content.references import canonical, rows
from content.typesetting import Sheet, TypesettingError, pdf, source
from tests.content.pdfs import Document, without_citations

DRAWING = "/static/images/figures/linings.svg"
NOT_PRINTED = "Figures about survival are not printed. You can choose to see them on the page itself."


def sheet(body: str = "Text.", **changes: Any) -> Sheet:
    facts: dict[str, Any] = {"title": "Who pays?", "summary": "Many plans help.", "body": body, "sources": []}
    facts |= {"facts": ["Who we are: us."], "foot": "Us, 1-800-555-0134.", "is_tool": False}
    return Sheet(**{**facts, "site_url": "https://site.example", **changes})


def opened(body: str = "Text.", **changes: Any) -> Document:
    return Document(pdf(sheet(body, **changes)))


@cache
def shipped() -> dict[str, library.Text]:
    found = library.read(library.FOLDER)
    return {text.path: text for text in found if text.facts["kind"] in ("article", "tool")}


def shipped_sheet(text: library.Text) -> Sheet:
    known = {row["id"]: row for row in rows(canonical(text.facts["references"]))}
    cited = [known[name] for name in markdown.cited(text.body)]
    return sheet(
        text.body,
        title=text.facts["title"],
        summary=text.facts["summary"],
        sources=[(number, f"{row['title']}. {row['dated']}.", row["url"]) for number, row in enumerate(cited, 1)],
        is_tool=text.facts["kind"] == "tool",
    )


# What a checker asks first.


def test_says_what_it_is() -> None:
    document = opened(title="Who “pays” & why?")
    assert document.catalog["/MarkInfo"]["/Marked"].value is True
    assert document.catalog["/Lang"] == "en-US"
    assert document.catalog["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert document.reader.metadata.title == "Who “pays” & why?"
    assert "<pdfuaid:part>1</pdfuaid:part>" in document.xmp
    assert "Who “pays” &amp; why?</rdf:li>" in document.xmp
    assert "<dc:language><rdf:Bag><rdf:li>en-US</rdf:li>" in document.xmp


def test_pages_are_letter_and_read_in_the_order_of_the_tags() -> None:
    document = opened("A [b](/costs/) c.\n\n" * 200)
    assert len(document.reader.pages) > 2
    for page in document.reader.pages:
        assert [round(float(side)) for side in page.mediabox[2:]] == [612, 792]
        assert page["/Tabs"] == "/S"


def test_every_font_is_inside() -> None:
    document = opened("A **b** *c* `d` α ✓")
    for page in document.reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(inner)
            assert "/ToUnicode" in font.get_object()


def test_foot_of_a_page_is_not_read_aloud() -> None:
    document = opened("A b c.\n\n" * 100)
    count = len(document.reader.pages)
    assert document.artifacts.count("Us, 1-800-555-0134.") == count
    assert f"{count} of {count}" in document.artifacts
    assert "1-800-555-0134" not in document.text


# Tags.


def test_headings_go_down_one_at_a_time() -> None:
    document = opened("## A\n\n### B\n\n##### C\n\n## D\n\n#### E")
    assert document.headings == [
        ("/H1", "Who pays?"), ("/H2", "A"), ("/H3", "B"), ("/H4", "C"), ("/H2", "D"), ("/H3", "E"),
    ]  # fmt: skip


def test_lists_are_lists() -> None:
    (outer, inner) = opened("1. one\n2. two\n   - inner\n3. three").tree.all("/L")
    assert next(item.text(without=("/L",)) for item in outer.inside if not isinstance(item, str)) == "1. one"
    assert outer.attributes["/ListNumbering"] == "/Decimal"
    assert [tag.text() for tag in inner.all("/LBody")] == ["inner"]


def test_list_goes_on_where_it_starts() -> None:
    labels = [tag.text() for tag in opened("6. six\n7. seven").tree.all("/Lbl")]
    assert labels == ["6.", "7."]


def test_table_has_headers() -> None:
    document = opened("| Plan | Pays |\n| - | - |\n| One | [all](/costs/) |\n| Two | |")
    heads = document.tree.all("/TH")
    assert [(tag.text(), tag.attributes["/Scope"]) for tag in heads] == [("Plan", "/Column"), ("Pays", "/Column")]
    assert [tag.text() for tag in document.tree.all("/TD")] == ["One", "all", "Two", ""]
    assert len(document.tree.all("/TR")) == 3


def test_drawing_is_told_in_words() -> None:
    (figure,) = opened(f'Before.\n\n![Where the "lining" lies \\#1]({DRAWING})\n\nAfter.').tree.all("/Figure")
    assert figure.alt == 'Where the "lining" lies #1'
    assert "/BBox" in figure.attributes


def test_links_say_where_they_go() -> None:
    document = opened(
        "[a](/costs/) [b](https://x.example/?a=1&b=2) [c](mailto:a@b.example) [d](#here) [e]() [f](tel:+18)"
    )
    goals = [note["/A"]["/URI"] for note in document.annotations]
    assert goals == ["https://site.example/costs/", "https://x.example/?a=1&b=2", "mailto:a@b.example", "tel:+18"]
    told = [note["/Contents"] for note in document.annotations]
    assert told == [*goals[:2], "Email a@b.example", "Telephone +18"]
    assert [tag.text() for tag in document.tree.all("/Link")] == ["a", "b", "c", "f"]
    assert "a b c d e f" in document.text


def test_emphasis_quotations_and_code() -> None:
    document = opened("A **b** *c* `d`.\n\n> quoted\n\nTerm\n: Meaning\n\n---\n\n    four spaces")
    for name, words in (("/Strong", "b"), ("/Em", "c"), ("/BlockQuote", "quoted")):
        assert document.tree.all(name)[0].text() == words
    assert [tag.text() for tag in document.tree.all("/Code")] == ["d", "four spaces"]
    assert "quoted Term Meaning four spaces" in document.text


def test_sources_stand_at_the_end_under_their_numbers() -> None:
    listed = [(1, "One. 2024.", "https://one.example"), (2, "Two. 2025.", "https://two.example")]
    document = opened("A.[^x] B.[^y] C.[^x]", sources=listed)
    assert "A.[1] B.[2] C.[1] Where this comes from" in document.text
    *_, last = document.tree.all("/L")
    assert [tag.text() for tag in last.all("/Lbl")] == ["[1]", "[2]"]
    assert [tag.text() for tag in last.all("/LBody")] == [
        "One. 2024. https://one.example", "Two. 2025. https://two.example",
    ]  # fmt: skip
    assert document.headings[-1] == ("/H2", "Where this comes from")


# Boxes.


def test_box_says_in_words_what_it_is() -> None:
    document = opened(":::glance\n- one\n:::\n\n:::urgent\nCall.\n:::\n\n:::quote Maria\nIt helped.\n:::")
    for words in ("At a glance one", "Urgent Call.", "In the words of Maria It helped."):
        assert words in document.text
    assert document.tree.all("/Strong")[0].text() == "At a glance"


def test_invitations_and_figures_about_survival_are_left_out() -> None:
    document = opened("A.\n\n:::help talk\nTalk to us.\n:::\n\n:::survival\n18 months\n\n- 20 %\n:::\n\nB.")
    assert f"A. {NOT_PRINTED} B." in document.text
    for words in ("Talk to", "18 months", "20 %"):
        assert words not in document.text


def test_sheet_to_fill_in() -> None:
    body = ":::checklist\n- tick me\n:::\n\n:::answers\n6. asked?\n7. again?\n:::\n\n:::write 3 My own words\n:::\n\n"
    document = opened(body + ":::letter To the office\nDear all,\n\n- one\n:::\n\n## After", is_tool=True)
    assert "tick me asked? again? My own words" in document.text
    assert [tag.text() for tag in document.tree.all("/Lbl")][1:3] == ["6.", "7."]
    assert document.headings[1:] == [("/H2", "To the office"), ("/H2", "After")]
    letter = next(page.extract_text() for page in document.reader.pages if "Dear all" in page.extract_text())
    assert letter.strip().startswith("To the office")


def test_room_to_write_is_drawn_and_not_read_aloud() -> None:
    empty = opened(":::write 1 Mine\n:::")
    full = opened(":::write 20 Mine\n:::")
    assert full.text == empty.text
    assert len(opened(":::write 20 Mine\n:::\n\n" * 3).reader.pages) > 1


# Order.


def printed(body: str) -> list[str]:
    """The words of the source that stand on paper, a block or a cell each."""
    found = [block for block in prose.blocks(body) if block.box not in ("help", "survival")]
    return [line for block in found for line in block.text.split("\n") if line]


@pytest.mark.parametrize("path", sorted(shipped()))
def test_shipped_text_is_read_in_the_order_of_its_source(path: str) -> None:
    text = shipped()[path]
    document = Document(pdf(shipped_sheet(text)))
    read, place = without_citations(document.text), 0
    for words in (text.facts["title"], text.facts["summary"], *printed(text.body), "Who we are: us."):
        found = read.find(" ".join(words.split()), place)
        assert found >= 0, words
        place = found + len(words)
    assert document.headings[0] == ("/H1", text.facts["title"])
    blocks = prose.blocks(text.body)
    expected = [block.text for block in blocks if block.kind == "heading" and block.box not in ("help", "survival")]
    assert set(expected) <= {words for _, words in document.headings}
    levels = [int(name[2:]) for name, _ in document.headings]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    figures = [alt for block in blocks for _, alt in block.images]
    assert [figure.alt for figure in document.tree.all("/Figure")] == figures
    assert bool(document.tree.all("/TH")) == any(block.kind == "row" for block in blocks)
    assert "<pdfuaid:part>1</pdfuaid:part>" in document.xmp


def test_shipped_texts_hold_everything_that_is_tested_here() -> None:
    bodies = "".join(text.body for text in shipped().values())
    for part in (":::checklist", ":::answers", ":::letter", ":::survival", ":::help", "![", "| ---", "1. "):
        assert part in bodies


# No word is a command.

TYPST = [
    "#import \"@preview/cetz:0.2.2\"", "#eval(\"1\")", "#read(\"/etc/passwd\")", "#include \"x.typ\"", "#sys.version",
    "#{ panic() }", "#[x]", "#let a = 1", "#set text(red)", "#show: none", "$x$", "$ sum_(i=0)^n $", "@ref", "<label>",
    "= Heading", "== Heading", "+ item", "/ term: x", "// comment", "/* comment */", "a ~ b", "--", "---", "...",
    "\"quoted\"", "'single'", "]", "[", "}", "{", "#\"", "\";#panic();\"", "])#panic()", "\\u{41}", "a;b", "#", "##x",
    "https://x.example/#a", "100 % _under_score", "a\u2028b",
]  # fmt: skip


def escaped(words: str) -> str:
    """Markdown that means exactly these words."""
    return "".join(f"\\{sign}" if sign in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" else sign for sign in words)


@pytest.mark.parametrize("words", TYPST)
def test_typst_in_a_text_stays_text(words: str) -> None:
    plain = " ".join(words.split())
    table = f"| {escaped(words)} | b |\n| - | - |\n| {escaped(words)} | c |"
    body = f"{escaped(words)}\n\n- {escaped(words)}\n\n## {escaped(words)}\n\n**{escaped(words)}**\n\n{table}"
    document = opened(
        body, title=words, summary=words, facts=[words], foot=words, sources=[(1, words, "https://x.org")]
    )
    assert document.reader.metadata.title == plain
    assert document.headings[:2] == [("/H1", plain), ("/H2", plain)]
    assert document.text.count(plain) >= 10
    assert plain in document.artifacts
    assert "root:" not in document.text


@pytest.mark.parametrize("words", TYPST)
def test_typst_in_a_box_or_a_link_stays_text(words: str) -> None:
    label = words.replace("\u2028", " ")
    body = f":::quote {label}\nText.\n:::\n\n:::write 2 {label}\n:::\n\n:::letter {label}\nText.\n:::\n\n"
    body += f'`` {label} ``\n\n[{escaped(label)}](</x/"#panic()\\\\>)\n\n![{escaped(label)}]({DRAWING})'
    document = opened(body)
    assert f"In the words of {label}" in document.text
    assert document.tree.all("/Figure")[0].alt == label


@settings(deadline=None, max_examples=40)
@given(st.text(alphabet="ab #*_`$@<>=+/~-\"'[]{}()\\;:.1\n\t\x00\x07\x0c\x1b\x9f", max_size=60))
def test_any_text_is_set_or_refused_in_words(body: str) -> None:
    try:
        document = opened(body)
    except TypesettingError as error:
        assert str(error).startswith(("PDF/UA-1 error: heading title is empty", "file not found", "URL"))  # noqa: PT017
    else:
        assert document.text.startswith("Who pays?")


@pytest.mark.parametrize("sign", ["\x07", "\x08", "\x0c", "\x1b", "\x7f", "\x9f"])
def test_control_characters_are_left_out(sign: str) -> None:
    document = opened(f"a{sign}b", title=f"c{sign}d", facts=[f"e{sign}f"])
    read = document.text.replace(" ", "")
    for words in ("ab", "cd", "ef"):
        assert words in read
    assert "u00" not in read


@pytest.mark.parametrize(
    "words",
    ["¿Habla español?", "Nguyễn Thị Ánh", "α β µ", "≤ ≥ ± × ½ ² °", "“a” ‘b’ … – —", "→ ✓ ☐", "Привет", "it’s fine"],
)
def test_letters_that_texts_may_need(words: str) -> None:
    assert words in opened(words).text


@pytest.mark.parametrize(
    ("body", "words"),
    [("😀", "could not be displayed"), ("中文", "could not be displayed"), ("##\n\nText", "heading title is empty"),
     ("![x](/static/images/figures/none.svg)", "file not found"),
     ("![x](/static/images/figures/../../css/base.css)", "escape the project root"),
     ("![x](https://elsewhere.example/x.png)", "not found")],
)  # fmt: skip
def test_what_cannot_be_set_is_refused_in_words(body: str, words: str) -> None:
    with pytest.raises(TypesettingError, match=words):
        pdf(sheet(body))


# The same again.


def test_same_text_gives_the_same_bytes() -> None:
    text = shipped_sheet(shipped()["second-opinion"])
    first = pdf(text)
    typesetting._compile.cache_clear()
    assert pdf(text) == first


def test_size_of_a_text_to_take_home() -> None:
    assert len(pdf(shipped_sheet(shipped()["second-opinion"]))) < 250_000


def test_larger_letters_on_a_tool() -> None:
    assert "#let size = 13pt" in source(sheet(is_tool=True))
    assert "#let size = 12pt" in source(sheet(is_tool=False))
    assert pypdf.PdfReader(io.BytesIO(pdf(sheet(is_tool=True)))).pages
