"""The check that no sample sign-off is live in production."""

from typing import Any

import pytest
from django.core.checks import Tags, run_checks
from django.db import connection

from content.checks import sample_signoffs
from tests.content.factories import PersonFactory, RevisionFactory, sign

pytestmark = pytest.mark.django_db


def found() -> list[str]:
    messages = run_checks(tags=[Tags.database], databases=["default"])
    return [message.id for message in messages if message.id and message.id.startswith("content.")]


def test_sample_sign_off_that_is_live_is_an_error_in_production_only(settings: Any) -> None:
    revision = RevisionFactory(live=True)
    settings.DEPLOYED = True
    assert found() == []
    sign(revision, signed_by=PersonFactory(sample=True))
    assert found() == ["content.E001"]
    assert sample_signoffs(None) == []
    settings.DEPLOYED = False
    assert found() == []


@pytest.mark.django_db(transaction=True)
def test_database_without_tables_is_no_error(settings: Any) -> None:
    settings.DEPLOYED = True
    with connection.schema_editor() as editor:
        editor.execute("ALTER TABLE content_revision RENAME TO content_revision_away")
    try:
        assert sample_signoffs(None, databases=["default"]) == []
    finally:
        with connection.schema_editor() as editor:
            editor.execute("ALTER TABLE content_revision_away RENAME TO content_revision")
