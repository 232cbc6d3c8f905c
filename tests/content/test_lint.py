"""Every rule of the editors' check: a text that breaks it, and texts that only look as if they did."""

import datetime
import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from content import library
from content.lint import HEAVIEST, Draft, Report, draft_of, lint
from tests.content.factories import CLEAN, RevisionFactory
from tests.content.test_markdown import SOURCE

DRAWING = "/static/images/figures/linings.svg"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(datetime.datetime(2026, 11, 25, 18, tzinfo=datetime.UTC)):
        yield


def look(end: str = "", **changes: Any) -> Report:
    """At an article that is clean but for what stands at its `end`."""
    facts: dict[str, Any] = {"kind": "article", "path": "me", "title": "Who pays?", "summary": "Many plans help."}
    facts |= {"description": "What plans pay.", "body": f"{CLEAN}\n\n{end}", "references": []}
    return lint(Draft(**(facts | changes)), live={"costs", "glossary/pleura"})


def errors(end: str = "", **changes: Any) -> list[str]:
    return [finding.message for finding in look(end, **changes).errors]


def warnings(end: str = "", **changes: Any) -> list[str]:
    return [finding.message for finding in look(end, **changes).warnings]


def test_good_text_has_no_finding() -> None:
    assert look().findings == ()


def test_errors_come_first_and_name_their_line() -> None:
    found = look("Ask as soon as possible.\n\nThis is a miracle.\n\n[x](/no/)").findings
    assert [(finding.is_error, finding.line) for finding in found] == [(True, 9), (True, 11), (False, 7)]


# What must be there.


def test_summary_is_the_answer() -> None:
    assert errors(summary=" ") == ["The summary is missing: one sentence that answers the title."]
    long = "We help you to ask. " * 7
    assert warnings(summary=long) == ["The summary has more than 30 words."]
    assert warnings(summary=long, kind="term", body="Text.") == []


def test_text_is_not_empty() -> None:
    assert errors(body=" \n", kind="faq") == ["The text is empty."]


def test_article_starts_with_its_points() -> None:
    assert errors(body="Ask your plan first.") == [
        "The box At a glance is missing: start the text with :::glance and three to five points."
    ]
    for kind in ("faq", "term", "tool", "page"):
        assert errors(body="Ask your plan first.", kind=kind) == []


def test_description_is_for_pages_of_their_own() -> None:
    words = "The description for search engines is missing."
    assert warnings(description="") == warnings(description="", kind="page") == [words]
    assert warnings(description="", kind="faq") == warnings(description="", kind="term") == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (":::odd\nText.\n:::", "opens the unknown box 'odd'"),
        (":::good\nText.", "is not closed"),
        ("Text.\n\n:::", "closes a box, but none is open"),
        ("# Title", "Start sections with ##"),
        ("Fact.[^who]", "cites [^who], which is not in its references"),
        ("![x](https://elsewhere.example/x.png)", "There is no drawing"),
    ],
)
def test_text_that_cannot_be_rendered_is_an_error(body: str, words: str) -> None:
    assert any(words in message for message in errors(body))


# Headings.


def test_headings_skip_no_level() -> None:
    assert errors("## A\n\n#### B") == ["The heading “B” skips a level: use ###."]
    assert errors("### A") == ["The heading “A” skips a level: use ##."]
    assert errors("## A\n\n### B\n\n#### C\n\n## D\n\n### E") == []


def test_heading_has_words() -> None:
    assert "A heading has no words." in errors("##\n\nText.")


# How hard it reads.

HARD = "Administrative documentation requirements necessitate comprehensive consideration. "
FAIR = "Your doctor and your hospital can tell you which papers they need to send. "


def test_text_over_the_limit_is_an_error() -> None:
    found = errors(HARD * 3, kind="faq")
    assert any(message.startswith("The text reads at grade") and "the limit is 8" in message for message in found)


def test_text_a_little_hard_is_a_warning() -> None:
    body = "A hospital can ask a reviewer to read your documents with another doctor. "
    report = look(body=body * 2, kind="faq", summary="Yes, they can.")
    assert 7 < report.grade <= 8
    assert [finding.message for finding in report.warnings] == [
        f"The text reads at grade {report.grade}; aim for 7 or less."
    ]


def test_one_hard_paragraph_is_an_error_in_an_easy_text() -> None:
    easy = "Ask us. We help. It is free. " * 4
    report = look(body=f"{CLEAN} {easy}\n\n{HARD * 4}" + f"\n\n{easy}" * 20)
    assert report.grade < 7
    assert report.worst == (HARD * 4).strip()
    start = " ".join(report.worst.split()[:12])
    assert [finding.message for finding in report.errors] == [
        f"A paragraph reads at grade {report.worst_grade}, over 10: “{start} …”"
    ]


def test_few_words_are_graded_with_what_follows() -> None:
    assert errors("Immunohistochemistry laboratories.\n\n" + "Ask us. We help. It is free. " * 5, kind="faq") == []


def test_headings_are_no_paragraph() -> None:
    assert look("## Administrative documentation requirements necessitate consideration").worst != HARD


def test_words_that_the_glossary_explains_do_not_make_a_paragraph_hard() -> None:
    assert look("Mesothelioma is rare. " * 10).worst_grade < 3


@pytest.mark.parametrize(("count", "found"), [(25, 0), (26, 1)])
def test_sentence_over_25_words_is_a_warning(count: int, found: int) -> None:
    assert len(warnings("so " * (count - 1) + "on.")) == found
    assert len(warnings("- " + "so " * (count - 1) + "on\n- and so on")) == found


def test_article_fits_into_one_round_trip() -> None:
    words = "\n\n".join(hashlib.sha256(str(number).encode()).hexdigest() for number in range(200))
    body = f"{CLEAN}\n\n{words}"
    assert any(f"over {HEAVIEST:,}" in message for message in warnings(body=body))
    assert not any(f"over {HEAVIEST:,}" in message for message in warnings(body=body, kind="tool"))


# Figures.


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("It costs 200 dollars.", "200"),
        ("About 22.6 % changed.", "22.6"),
        ("It was so in 2019.", "2019"),
        ("Plans pay 1,200 to 3,400.", "1,200"),
        ("Call within 10 days (or 14).", "10"),
        ("One in 5 people.", "5"),
        ("Ask for 30 days.", "30"),
        ("You have 911 days.", None),  # a false friend that we live with
        ("- Wait 3 weeks", "3"),
        ("| A | B |\n| - | - |\n| fee | $50 |", "$50"),
    ],
)
def test_figure_has_its_source_beside_it(text: str, figure: str | None) -> None:
    assert errors(text) == ([f"The figure {figure} has no source beside it."] if figure else [])


@pytest.mark.parametrize(
    "text",
    ["It costs 200 dollars.[^acs]", "- 3 weeks[^acs]", "| A | B |\n| - | - |\n| 5 | 6[^acs] |"],
)
def test_figure_with_a_source_is_fine(text: str) -> None:
    assert errors(text, references=[SOURCE]) == []


def test_source_of_another_paragraph_does_not_count() -> None:
    assert errors("It is so.[^acs]\n\nIt costs 200.", references=[SOURCE]) == [
        "The figure 200 has no source beside it."
    ]


@pytest.mark.parametrize(
    "text",
    ["Call 1-800-555-0134.", "Call 800-555-0134 now.", "Call (800) 555-0134 or (800)555-0134.", "Call 911.",
     "Text or call 988, 24/7.", "BAP1 and PD-L1, CDKN2A, MTAP and p16.", "Stage 4 is late.",
     "Stages 1 to 3, or stage 3A.",
     "T1N0M0 and IMvigor-010.", "A phase 3 trial.", "Phases 1 and 2.", "Step 2 and steps 3 to 5.", "Parts 1 and 2.",
     "Fill in form 21-4138 and VA Form 21-526EZ.", "The 9th edition.", "Title 45, section 164.", "Question 6.",
     "Our talk takes 30 minutes.", "A 30-minute talk.", "Vitamin B12, COVID-19, SSA-1696.", "One in two."],
)  # fmt: skip
def test_names_with_digits_are_no_figures(text: str) -> None:
    assert errors(text) == []


def test_our_own_figures_need_no_source_but_a_look() -> None:
    for kind in ("page", "tool"):
        assert errors("We call within 2 days.", kind=kind) == []
        assert warnings("We call within 2 days.", kind=kind) == ["The figure 2 has no source beside it."]


def test_figures_in_headings_and_letters_state_nothing() -> None:
    assert errors("## What does 22.6 % mean?") == []
    assert errors(":::letter To the office\nMy birth date is 01/02/1950. I need it within 30 days.\n:::") == []


# Survival.


@pytest.mark.parametrize(
    "text",
    ["Median survival was 18 months.[^acs]", "Half were alive after 2 years.[^acs]", "They lived for 12 months.[^acs]",
     "Half of the people lived 18 months.[^acs]", "Life expectancy is 1 to 2 years.[^acs]",
     "10 % survive 5 years.[^acs]",
     "People live longer: 18.1 months.[^acs]", "Half died within 9 months.[^acs]",
     "5-year survival is 12 percent.[^acs]",
     "- survival: 18 months[^acs]", "About 1 out of 8 survived.[^acs]", "People live up to 14 months.[^acs]",
     "| Cell type | Survival |\n| - | - |\n| epithelioid | 19 months[^acs] |"],
)  # fmt: skip
def test_figure_about_survival_is_folded(text: str) -> None:
    words = "A figure about survival stands open: put it in a :::survival box."
    assert errors(text, references=[SOURCE]) == [words]
    assert errors(f":::survival\n{text}\n:::", references=[SOURCE]) == []


@pytest.mark.parametrize("front", ["title", "summary", "description"])
def test_figure_about_survival_does_not_stand_on_top(front: str) -> None:
    assert errors(**{front: "Half of all people live 18 months."}) == [
        "A figure about survival stands open: put it in a :::survival box."
    ]


@pytest.mark.parametrize(
    "text",
    ["Some people live longer than others.", "Where do you live? Ask within 3 months.[^acs]",
     "A surviving spouse has 1 year.[^acs]", "Surviving family can ask for 2 years.[^acs]", "Survival differs a lot.",
     "Survivors benefits start after 5 months.[^acs]", "You live about 30 miles away.[^acs]",
     "Asbestos harms after 20 to 50 years.[^acs]", "We deliver within 12 months.[^acs]",
     "| Stage | Plan |\n| - | - |\n| One | 6 months[^acs] |"],
)  # fmt: skip
def test_other_spans_of_time_may_stand_open(text: str) -> None:
    assert errors(text, references=[SOURCE]) == []


# Sources.


def test_source_that_nobody_cites_is_a_warning() -> None:
    assert warnings(references=[SOURCE]) == ["The source 'acs' is listed but not cited."]


def test_source_without_date_or_link_is_an_error() -> None:
    for gap in ("url", "dated"):
        assert errors("So.[^acs]", references=[{**SOURCE, gap: ""}]) == ["The source 'acs' has no date or no link."]


@pytest.mark.parametrize(
    ("day", "is_error", "words"),
    [
        ("2026-11-26", True, "is said to be read on a day to come"),
        ("2026-11-25", None, ""),
        ("2025-11-25", None, ""),
        ("2025-11-24", False, "was not opened for more than a year"),
    ],
)
def test_day_on_which_a_source_was_opened(day: str, is_error: bool | None, words: str) -> None:
    found = look("So.[^acs]", references=[{**SOURCE, "retrieved": day}]).findings
    assert [finding.is_error for finding in found] == ([] if is_error is None else [is_error])
    assert all(words in finding.message for finding in found)


def test_source_that_was_never_opened_is_a_warning() -> None:
    source = {**SOURCE, "dated": "2024, not opened by us"}
    assert warnings("So.[^acs]", references=[source]) == [
        "The source 'acs' was never opened: open it and hold the text against it."
    ]


# Links, terms, drawings.


def test_link_that_leads_nowhere_is_an_error() -> None:
    assert errors("[a](/nowhere/) and [b](/costs/)") == ["The link /nowhere/ leads nowhere."]
    assert errors("[a](#nowhere)") == ["The link #nowhere leads nowhere."]
    assert errors("[a]()") == ["The link  leads nowhere."]


def test_links_that_lead_somewhere_are_fine() -> None:
    body = "## How\n\n[a](/costs/) [b](#how) [c](/me/) [d](https://x.example) [e](/match/) [f](mailto:a@b.example)"
    assert errors(body) == []


def test_word_that_the_glossary_lacks_is_an_error() -> None:
    assert errors("[a](term:pleura) and [b](term:nothing)") == ["The glossary has no word 'nothing'."]


def test_drawing_has_words_that_describe_it() -> None:
    assert errors(f"![]({DRAWING})") == [f"The drawing {DRAWING} has no words that describe it."]
    assert errors(f"![Where the lining lies]({DRAWING})") == []


# Words we do not use.


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("You can fight this.", "“fight”: no words of war."),
        ("Beat cancer with us.", "“Beat cancer”: no words of war."),
        ("He is beating it.", "“beating it”: no words of war."),
        ("We beat the odds.", "“beat the odds”: no words of war."),
        ("A battle for life.", "“battle”: no words of war."),
        ("Every survivor knows.", "“survivor”: no words of war."),
        ("Win the race.", "“Win the”: no words of war."),
        ("There is hope for you.", "“hope”: no hope as a claim."),
        ("We hope you like it.", "“hope”: no hope as a claim."),
        ("It is a miracle.", "“miracle”: no superlatives."),
        ("Our world-class team.", "“world-class”: no superlatives."),
        ("See the top doctors.", "“top doctors”: no superlatives."),
        ("A leading expert.", "“leading expert”: no superlatives."),
        ("Act now.", "“Act now”: no pressure."),
        ("Don’t wait.", "“Don’t wait”: no pressure."),
        ("It is terminal.", "“terminal”: say what it means instead."),
        ("Please call us.", "“Please”: say what to do instead."),
        ("Sorry about that.", "“Sorry”: say what to do instead."),
        ("We are HIPAA compliant.", "“HIPAA compliant”: we are not under HIPAA."),
        ("It is clinically proven.", "“clinically proven”: no promise."),
        ("Reviewed by doctors.", "“Reviewed by doctors”: no claim of a review."),
        ("Call us!", "“!”: no exclamation marks."),
        ("Call us 😀", "“😀”: no emojis."),
        ("Done ✅", "“✅”: no emojis."),
    ],
)
def test_word_we_do_not_use_is_an_error(text: str, words: str) -> None:
    assert errors(text) == [words]


@pytest.mark.parametrize(
    "text",
    ["Your heart beat is checked.", "The heart beats the way it should.", "Stay at Hope Lodge.", "Two Hope Lodges.",
     "City of Hope is a hospital.", "It is the cause leading to harm.", "A leading cause of harm.",
     "The top of the page.",
     "Top and bottom.", "VA pays survivors benefits.", "A survivor's pension.", "Survivors’ benefits.",
     "A firefighter knows.",
     "The window is open.", "Read the terms.", "Wait for the letter.", "We act on facts.", "A hopper.",
     "Pleased to help.",
     "It was reviewed by the sample reviewer.", "Bravery is a noun.", "→ and • and “quotes”"],
)  # fmt: skip
def test_words_that_only_look_like_it(text: str) -> None:
    assert errors(text) == []


@pytest.mark.parametrize(
    "text",
    ["We cure it.", "This trial cures people.", "We guarantee an answer.", "She promises a result.", "It is curable.",
     "Curing is what we do. It never fails."],
)  # fmt: skip
def test_promise_is_an_error(text: str) -> None:
    (message,) = errors(text)
    assert message.endswith("without a “no” in its sentence sounds like a promise.")


@pytest.mark.parametrize(
    "text",
    ["There is no cure.", "It cannot be cured.", "A trial can't promise a result.", "We don’t guarantee it.",
     "Nothing is guaranteed.", "None of us promises that.", "Nobody can promise that.", "It has never cured anyone.",
     "It is rarely cured.", "Can it be cured? Ask your team.", "## Is there a cure?", "Neither plan promises that.",
     "Store it in a secure place.", "Medicare and obscure rules.", "It comes without a guarantee."],
)  # fmt: skip
def test_denied_or_asked_is_no_promise(text: str) -> None:
    assert errors(text) == []


def test_doubtful_words_are_a_warning() -> None:
    assert warnings("It is the best plan.") == ["“best” is better said otherwise."]
    assert warnings("The best time is now.") == []
    assert len(warnings("Click here in order to utilize it.")) == 3


@pytest.mark.parametrize("front", ["title", "summary", "description"])
def test_title_and_summary_are_words_too(front: str) -> None:
    (finding,) = look(**{front: "A miracle for you."}).errors
    assert (finding.message, finding.line) == ("“miracle”: no superlatives.", 0)


@pytest.mark.parametrize(
    "body",
    [f"![A miracle]({DRAWING})", "    A miracle", "```\nA miracle\n```", ":::write 3 A miracle\n:::",
     ":::letter A miracle\nText.\n:::", "| A miracle |\n| - |\n| b |", "- A miracle", "> A miracle", "## A miracle",
     "a\n: A miracle", ":::survival\nA miracle\n:::", "[A miracle](/costs/)", "**A mir**acle", "`A miracle`"],
)  # fmt: skip
def test_words_are_found_wherever_they_stand(body: str) -> None:
    assert errors(body, kind="tool") == ["“miracle”: no superlatives."]


def test_letter_may_say_please() -> None:
    assert errors(":::letter To the office\nPlease send my slides.\n:::") == []
    assert errors(":::letter To the office\nPlease send them, it is a miracle.\n:::") == ["“miracle”: no superlatives."]


# Whatever comes.

HOSTILE = {
    "100 kB of words": "word " * 20_000,
    "one word of 100 kB": "x" * 100_000,
    "more than a text may hold": "x" * 100_001,
    "capitals": "A" * 50_000,
    "dots": "." * 100_000,
    "hyphens": "a-" * 50_000,
    "digits": "1" * 100_000,
    "figures": "1 " * 50_000,
    "steps": "step 1 " * 14_000,
    "alive": "alive " * 16_000 + "1 months",
    "boxes left open": ":::good\n" * 300,
    "boxes closed": ":::\n" * 300,
    "boxes in boxes": ":::good\n:::ask\nx\n:::\n:::",
    "a box in a quotation": "> :::good\n> x\n> :::",
    "lines to write": ":::write 99999 x\n:::\n\n:::write ² x\n:::\n\n:::write " + "9" * 5000 + " x\n:::",
    "only emojis": "😀" * 5_000,
    "NUL": "a\x00b",
    "control characters": "".join(map(chr, range(32))),
    "directions": "\u202e\u200b" * 1_000,
    "a lone surrogate": "\ud800",
    "brackets": "[" * 5_000,
    "stars": "*" * 10_000,
    "quotations": "> " * 5_000,
    "lists": "- " * 5_000,
    "links": "[x](//[) [y](http://[::1) [z](/%ff/) [w](/%00/) [q](</a b>) [e]() [f](<>) <http://[::1>",
    "terms": "[x](term:) [y](term:a/b) [z](term:../x)",
    "citations": "[^acs]" * 3_000,
    "a table": "|a|b|\n|-|-|\n" + "|1|2|\n" * 3_000,
    "headings": "# A\n" * 2_000,
    "fences": "```\n" * 1_001,
    "other line ends": "a\u2028b\x0b:::good\x0bx\r\ry",
    "backslashes": "\\" * 50_000,
    "nothing": "",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_looked_at_and_never_raises(name: str) -> None:
    started = time.monotonic()
    assert isinstance(look(body=HOSTILE[name], references=[SOURCE]), Report)
    assert time.monotonic() - started < 20


@settings(deadline=None)
@given(st.text(alphabet='ab1 #*_`[]()^:|-\n>.!\\"😀', max_size=100))
def test_any_text_can_be_looked_at(body: str) -> None:
    assert isinstance(look(body), Report)


# What it looks at.


@pytest.mark.django_db
def test_saved_text_is_looked_at_without_a_query() -> None:
    revision = RevisionFactory(clean=True, article__path="costs/who-pays")
    with CaptureQueriesContext(connection) as captured:
        draft = draft_of(revision)
        assert lint(draft, live=set()).findings == ()
    assert len(captured) == 0
    assert (draft.kind, draft.path, draft.references) == ("article", "costs/who-pays", [])


def test_every_starter_text_is_free_of_errors(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("lint_library")
    out = capsys.readouterr().out
    assert out.count(": grade ") == len(list(library.FOLDER.rglob("*.md")))
    assert "ERROR" not in out


FILE = """+++
kind = "faq"
path = "faq/costs"
title = "Who pays?"
summary = "Many plans help to pay."
author = "sample-author"
reviewer = "sample-reviewer"
references = []
+++

Ask your plan.
"""


def test_command_names_what_is_wrong_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad, broken = (tmp_path / name for name in ("good.md", "bad.md", "broken.md"))
    good.write_text(FILE)
    bad.write_text(FILE.replace("Ask your plan.", "It is the best.\n\nA miracle!"))
    broken.write_text("no facts")
    call_command("lint_library", good)
    assert capsys.readouterr().out.startswith("good.md: grade ")
    with pytest.raises(CommandError, match="3 errors in 3 texts"):
        call_command("lint_library", good, bad, broken)
    out = capsys.readouterr().out
    assert "  ERROR line 3: “miracle”: no superlatives.\n" in out
    assert "  WARNING line 1: “best” is better said otherwise.\n" in out
    assert "broken.md: ERROR broken.md: start with the facts" in out


def test_command_knows_the_texts_that_are_not_loaded_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    (tmp_path / "costs.md").write_text(FILE.replace("Ask your plan.", "Read [on](/support/x/) [here](/costs/)."))
    with pytest.raises(CommandError, match="1 errors"):
        call_command("lint_library")
    (tmp_path / "support.md").write_text(FILE.replace("faq/costs", "support/x"))
    call_command("lint_library")
