"""The starter texts: every one loads and renders; loading again, or in production, does no harm."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from content import library
from content.models import Article, Change, Person, Revision
from content.moving import move
from content.publishing import save_revision
from navigator.models import SearchEntry
from tests.content.factories import UserFactory

pytestmark = pytest.mark.django_db

FILE = """+++
kind = "article"
path = "costs"
title = "Who pays?"
summary = "Many plans help to pay."
author = "sample-author"
reviewer = "sample-reviewer"
references = []
+++

Ask your plan.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "costs.md").write_text(FILE)
    return tmp_path


def change(folder: Path, old: str, new: str) -> None:
    (folder / "costs.md").write_text(FILE.replace(old, new))


def test_every_starter_text_is_live_with_a_sample_sign_off(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_library")
    count = len(list(library.FOLDER.rglob("*.md")))
    live = Revision.objects.for_readers()
    assert capsys.readouterr().out.count("published with a sample sign-off") == live.count() == count
    assert all(row.signed_by and row.signed_by.is_sample and row.article.author.is_sample for row in live)
    call_command("load_library")
    assert capsys.readouterr().out.count("unchanged") == count
    assert Revision.objects.count() == count


def test_sample_people_say_so_and_show_no_license() -> None:
    library.load()
    people = Person.objects.all()
    assert {person.slug for person in people} == {"sample-author", "sample-reviewer"}
    assert all(person.is_sample and person.name.startswith("Sample") and not person.credentials for person in people)


def test_answers_stand_under_their_article() -> None:
    library.load()
    assert Article.objects.get(path="second-opinion").faqs.count() == 4
    assert Article.objects.get(path="costs/who-pays").faqs.count() == 2


def test_articles_lead_to_what_helps_next() -> None:
    library.load()
    lonely = Article.objects.filter(kind="article", related=None)
    assert list(lonely) == []
    related = Article.objects.get(path="costs/who-pays").related
    assert related.count() >= 2


def test_changed_file_is_published_anew(folder: Path) -> None:
    library.load(folder)
    change(folder, "Ask your plan.", "Call your plan.")
    assert library.load(folder) == ["costs: published with a sample sign-off"]
    assert Revision.objects.live().get().body == "Call your plan.\n"


def test_text_edited_in_the_admin_is_left_alone(folder: Path) -> None:
    library.load(folder)
    text = {"title": "T", "summary": "S", "description": "", "body": "Mine.", "references": [], "change_note": "Mine"}
    save_revision(article=Article.objects.get(), **text, by=None)
    change(folder, "Ask your plan.", "Call your plan.")
    assert library.load(folder) == ["costs: left alone, it was edited in the admin"]
    assert Revision.objects.count() == 2


def test_place_chosen_in_the_admin_is_kept(folder: Path) -> None:
    library.load(folder)
    Article.objects.update(order=7, review_every_months=3, placed_by_hand=True)
    change(folder, "Ask your plan.", "Call your plan.")
    assert library.load(folder) == ["costs: published with a sample sign-off"]
    article = Article.objects.get()
    assert (article.order, article.review_every_months) == (7, 3)


def test_moved_article_is_not_loaded_a_second_time(folder: Path) -> None:
    library.load(folder)
    move(article=Article.objects.get(), path="costs/who-pays", by=UserFactory())
    assert library.load(folder) == ["costs: unchanged"]
    change(folder, "Ask your plan.", "Call your plan.")
    library.load(folder)
    assert Article.objects.get().path == "costs/who-pays"
    assert Revision.objects.live().get().body == "Call your plan.\n"


def test_loaded_text_can_be_found_and_taken_home(folder: Path) -> None:
    library.load(folder)
    live = Revision.objects.live().get()
    assert SearchEntry.objects.get(key="content:costs").title == live.title
    assert bytes(live.printout.pdf).startswith(b"%PDF")
    line = Change.objects.get()
    assert (line.what, line.revision, line.before, line.by) == ("published", live, None, None)


def test_withdrawn_article_stays_withdrawn(folder: Path) -> None:
    from content.publishing import withdraw

    library.load(folder)
    withdraw(article=Article.objects.get(), reason="Wrong.", by=None)
    change(folder, "Ask your plan.", "Call your plan.")
    assert library.load(folder) == ["costs: loaded as a draft, because the article is withdrawn"]
    assert not Revision.objects.live().exists()


def test_production_gets_unsigned_drafts(folder: Path, settings: Any) -> None:
    settings.DEPLOYED = True
    assert library.load(folder) == ["costs: loaded as a draft, which a reviewer must sign"]
    assert Revision.objects.get().signed_by is None
    assert not Revision.objects.live().exists()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("+++\nkind", "kind", "two lines of"),
        ('path = "costs"\n', "", "there is no path"),
        ('"costs"', "costs", "costs.md"),
        ("references = []", 'references = []\ntopic = "nowhere"', "topic is nowhere"),
        ("references = []", 'references = []\nrelated = ["nowhere"]', "related to nowhere"),
    ],
)
def test_broken_file_is_named(folder: Path, old: str, new: str, words: str) -> None:
    change(folder, old, new)
    with pytest.raises(ValueError, match=words):
        library.load(folder)


def test_command_fails_in_words_and_loads_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(folder, "Ask your plan.", ":::odd\n:::")
    monkeypatch.setattr(library, "FOLDER", folder)
    with pytest.raises(CommandError, match="unknown box"):
        call_command("load_library")
    assert not Article.objects.exists()
