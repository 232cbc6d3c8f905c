"""Words explained: a list from A to Z, and a page for each."""

from typing import Any

import pytest
from django.test import Client

from tests.content.factories import RevisionFactory
from tests.content.views.reading import data, queries, read

pytestmark = pytest.mark.django_db


def term(name: str, **fields: Any) -> None:
    RevisionFactory(
        live=True,
        title=name,
        article__kind="term",
        article__path=f"glossary/{name.lower()}",
        article__topic=None,
        **fields,
    )


def test_words_stand_under_their_letters(client: Client) -> None:
    for name in ("Pleura", "biopsy", "BAP1"):
        term(name)
    page = read(client, "/glossary/")
    places = [
        page.index(part) for part in ('<h2 id="letter-b">', ">BAP1<", ">biopsy<", '<h2 id="letter-p">', ">Pleura<")
    ]
    assert places == sorted(places)
    described = data(page)[0]
    assert [word["name"] for word in described["hasDefinedTerm"]] == ["BAP1", "biopsy", "Pleura"]


def test_word_has_its_page_with_its_other_names(client: Client) -> None:
    term("Pleura", article__also_called=["lung lining"], summary="The lining of the lungs.")
    page = read(client, "/glossary/pleura/")
    assert "Also called: lung lining" in page
    assert ">Words explained</a>" in page
    described = data(page)[0]
    assert (described["@type"], described["alternateName"]) == ("DefinedTerm", ["lung lining"])


def test_list_takes_the_same_queries_for_one_word_and_three(client: Client) -> None:
    term("One")
    one = queries(client, "/glossary/")
    term("Two")
    term("Three")
    assert queries(client, "/glossary/") == one == 1
