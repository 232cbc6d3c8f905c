"""`manage.py make_downloads`: what a deployment runs after it changed who we are."""

from typing import Any

import pytest
from django.core.management import call_command

from content.publishing import publish
from navigator.caching import current_generation
from tests.content.factories import RevisionFactory, sign

pytestmark = pytest.mark.django_db


def test_only_what_is_missing_or_outdated_is_made(capsys: pytest.CaptureFixture[str], settings: Any) -> None:
    revision = RevisionFactory(article__path="costs")
    sign(revision)
    publish(revision=revision, by=None)
    before = current_generation()
    call_command("make_downloads")
    assert capsys.readouterr().out == ""
    assert current_generation() == before
    settings.SITE_FUNDING = "A foundation pays for this."
    call_command("make_downloads")
    assert capsys.readouterr().out == "costs: made\n"
    assert current_generation() == before + 1
    call_command("make_downloads")
    assert capsys.readouterr().out == ""
