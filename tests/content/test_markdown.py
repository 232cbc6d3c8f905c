"""What Markdown becomes, and what it can never become."""

import time
from typing import Any

import pytest

from content.markdown import Rendered, render, terms_in

SOURCE = {
    "id": "acs",
    "title": "Asking <twice>",
    "publisher": "American Cancer Society",
    "url": "https://www.cancer.org/a?b=1&c=2",
    "dated": "living page",
    "retrieved": "2026-11-23",
}


def html(body: str, **options: Any) -> str:
    return render(body, [SOURCE], **options).html


@pytest.mark.parametrize(
    ("name", "title"),
    [("glance", "At a glance"), ("ask", "Ask your team"), ("good", "Good to know"), ("urgent", "Urgent")],
)
def test_box_says_in_words_what_it_is(name: str, title: str) -> None:
    assert html(f":::{name}\nText.\n:::") == (
        f'<div class="box box-{name}"><p class="box-title">{title}</p>\n<p>Text.</p>\n</div>'
    )


def test_help_box_ends_with_its_button() -> None:
    assert '<a class="button" href="/match/">Find a doctor' in html(":::help match\nText.\n:::")
    assert 'button-secondary" href="/talk/">Talk to a nurse advocate, free</a></p></div>' in html(
        ":::help talk\nA.\n:::"
    )


def test_survival_figures_are_folded() -> None:
    assert html(":::survival\nText.\n:::") == (
        "<details><summary>Show survival figures</summary>\n<p>Text.</p>\n</details>"
    )


def test_steps_and_quote() -> None:
    assert html(":::steps\n1. One.\n2. Two.\n:::").startswith('<div class="steps">\n<ol>')
    assert "In the words of &lt;b&gt;Maria" in html(":::quote <b>Maria\nText.\n:::")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (":::danger\nText.\n:::", "Line 1 opens the unknown box 'danger'"),
        (":::good\nText.", "The box of line 1 is not closed"),
        ("Text.\n\n:::", "Line 3 closes a box, but none is open"),
        (":::good\n:::ask\nText.\n:::\n:::", "Line 2 opens a box inside the box of line 1"),
        (":::help\nText.\n:::", "write :::help match or :::help talk"),
        (":::help me\nText.\n:::", "write :::help match or :::help talk"),
        (":::quote\nText.\n:::", "write whose words they are"),
        ("A fact.[^nobody]", r"\[\^nobody\]"),
        ("# Title", "Start sections with ##"),
        ("x" * 100_001, "longer than 100,000"),
    ],
)
def test_mistake_is_an_error_that_says_what_to_change(body: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        render(body, [SOURCE])


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "Text <img src=x onerror=alert(1)> text",
        "[link](javascript:alert(1))",
        "[link](JaVaScRiPt:alert(1))",
        "[link](data:text/html;base64,PHNjcmlwdD4=)",
        "[link](vbscript:x)",
        "<javascript:alert(1)>",
        '[link](/a "x\\" onclick=\\"alert(1)")',
        "![x](javascript:alert(1))",
        ':::quote "><script>alert(1)</script>\nText.\n:::',
        "## <script>alert(1)</script>",
        "| <script>alert(1)</script> |\n| --- |\n| <iframe src=//x> |",
        "<style>body{display:none}</style>",
        "> :::good\n> <svg/onload=alert(1)>\n> :::",
    ],
)
def test_hostile_text_stays_text(body: str) -> None:
    found = html(body)
    for part in ("<script", "<img", "<iframe", "<style", "<svg", 'href="javascript', 'href="data', 'href="vbscript'):
        assert part not in found.lower()
    assert 'onclick="' not in found


@pytest.mark.parametrize("piece", ["> ", "- ", "*", "[", "`", "**a ", "[^acs]", "(", "|a"])
def test_endless_nesting_is_quick(piece: str) -> None:
    started = time.monotonic()
    html(piece * 10_000)
    assert time.monotonic() - started < 20


def test_citation_leads_to_its_source_and_back() -> None:
    found = render("One.[^acs] Two.[^acs]", [SOURCE])
    assert '<sup><a href="#s1" id="c1">[1]</a></sup>' in found.html
    assert 'id="c1-2"' in found.html
    assert found.references_html == (
        '<h2 id="sources">Where this comes from</h2><ol><li id="s1">'
        '<a href="https://www.cancer.org/a?b=1&amp;c=2" rel="noreferrer">Asking &lt;twice&gt;</a>. '
        "American Cancer Society. Date: living page. Looked up on November 23, 2026. "
        '<a href="#c1" aria-label="Back to the text">↩</a> '
        '<a href="#c1-2" aria-label="Back to the text">↩</a></li></ol>'
    )


def test_sources_never_cited_are_not_listed() -> None:
    assert render("Text.", [SOURCE]).references_html == ""


def test_text_cannot_define_its_own_source() -> None:
    assert "elsewhere" not in render("One.[^acs]\n\n[^acs]: https://elsewhere.example", [SOURCE]).references_html


def test_prefix_starts_every_id() -> None:
    found = render("## Why?\n\nOne.[^acs]", [SOURCE], prefix="q-")
    assert found.html == '<h2 id="q-why">Why?</h2>\n<p>One.<sup><a href="#q-s1" id="q-c1">[1]</a></sup></p>'
    assert 'id="q-s1"' in found.references_html
    assert "<h2" not in found.references_html


def test_other_sites_get_no_referrer() -> None:
    assert html("[a](https://other.example)") == '<p><a href="https://other.example" rel="noreferrer">a</a></p>'
    assert 'rel="noreferrer"' in html("[a](//other.example)")
    assert html("[a](/match/)") == '<p><a href="/match/">a</a></p>'


def test_table_scrolls_and_is_named_after_its_section() -> None:
    table = "| A | B |\n| :-- | --: |\n| 1 | 2 |"
    found = html(f"## What it costs\n\n{table}")
    assert '<div class="table" tabindex="0" role="region" aria-label="Table: What it costs"><table>' in found
    assert '<th scope="col">A</th>' in found
    assert "style=" not in found
    assert 'aria-label="Table"' in html(table)


def test_definition_list() -> None:
    assert html("Pleura\n: The lining of the lung.") == "<dl>\n<dt>Pleura</dt>\n<dd>The lining of the lung.</dd>\n</dl>"


def test_contents_stand_before_the_first_of_four_sections() -> None:
    body = ":::glance\nText.\n:::\n\n" + "\n\n".join(f"## Part {name} & more\n\nText." for name in "ABCD")
    found = render(body, [])
    assert found.contents[0] == ("part-a-more", "Part A & more")
    assert found.html.index("box-glance") < found.html.index("<nav") < found.html.index("<h2")
    assert '<li><a href="#part-a-more">Part A &amp; more</a></li>' in found.html
    assert "<nav" not in html("## A\n\n## B\n\n## C")


def test_ids_of_headings_do_not_meet_those_of_the_page() -> None:
    found: Rendered = render("## Sources\n\n## C1\n\n## Twice\n\n### Twice\n\n## ?!", [])
    assert [name for name, _ in found.contents] == ["sources-section", "c1-section", "twice", "section"]
    assert 'id="twice-1"' in found.html


@pytest.mark.parametrize(
    "src",
    ["https://elsewhere.example/pixel.gif", "/static/images/figures/none.svg", "/static/images/figures/../icon.svg"],
)
def test_only_a_drawing_of_ours_is_a_picture(src: str) -> None:
    with pytest.raises(ValueError, match="There is no drawing"):
        html(f"![x]({src})")


def test_drawing_has_its_words_and_its_size() -> None:
    found = html("![Where the *linings* lie](/static/images/figures/linings.svg)")
    assert 'alt="Where the linings lie" width="600" height="420" loading="lazy"' in found


def test_word_to_explain_is_a_button_that_keeps_its_brackets() -> None:
    found = html("The lining ([pleura](term:pleura)), and [x](term:a-b).")
    button = '<button type="button" class="term" popovertarget="term-pleura">pleura</button>'
    assert f'<span class="whole">({button})</span>, and' in found
    assert terms_in(found) == ["pleura", "a-b"]


def test_sheets_to_fill_in() -> None:
    assert html(":::checklist\n- Reports\n:::").startswith('<div class="checklist">')
    assert html(":::answers\n6. Why?\n:::").startswith('<div class="answers">\n<ol start="6">')
    assert html(":::write 2 My questions\n:::").count('<p class="line"></p>') == 2
    assert "<h2>To the lab</h2>" in html(":::letter To the lab\nDear all\n:::")


@pytest.mark.parametrize("box", ["letter", "write", "write x y", "write 0 y", "write 99 y", "write 3"])
def test_sheet_that_lacks_its_words_is_refused(box: str) -> None:
    with pytest.raises(ValueError, match="Line 1"):
        html(f":::{box}\n:::")
