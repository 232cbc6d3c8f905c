"""The script block of structured data: nothing in it ends it, and what went in comes out."""

import json

from hypothesis import given
from hypothesis import strategies as st

from navigator.templatetags.site import json_ld

OPENS, CLOSES = '<script type="application/ld+json">', "</script>"


def inside(text: str) -> str:
    block = str(json_ld({"name": text}))
    assert block.startswith(OPENS)
    assert block.endswith(CLOSES)
    return block[len(OPENS) : -len(CLOSES)]


def test_no_text_ends_the_block() -> None:
    text = "</script><script>alert(1)</script><!--<script>&\u2028\u2029\"'\\"
    block = inside(text)
    assert not set("<>&\u2028\u2029") & set(block)
    assert json.loads(block) == {"name": text}


@given(st.text())
def test_what_went_in_comes_out(text: str) -> None:
    block = inside(text)
    assert "<" not in block
    assert json.loads(block) == {"name": text}


def test_nothing_is_no_block() -> None:
    assert json_ld(None) == ""
