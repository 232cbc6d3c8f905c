"""Who may do what with texts, and the sample accounts of the demo."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from content import library
from content.models import Person
from content.roles import GROUPS, load_groups

pytestmark = pytest.mark.django_db


def test_each_group_may_what_it_is_for() -> None:
    groups = load_groups()
    may = {name: set(group.permissions.values_list("codename", flat=True)) for name, group in groups.items()}
    assert may == {name: set(codes) for name, codes in GROUPS.items()}
    assert "sign_revision" in may["Medical reviewers"]
    assert not {"sign_revision", "publish_revision", "check_revision"} & may["Authors"]
    assert "sign_revision" not in may["Editors"]
    assert "publish_revision" not in may["Medical reviewers"]
    assert not any(code.startswith(("delete_", "change_revision")) for codes in may.values() for code in codes)


def test_sample_accounts_are_made_once(capsys: pytest.CaptureFixture[str]) -> None:
    library.load()
    call_command("load_newsroom")
    assert "as arthur, edith, rita with password" in capsys.readouterr().out
    assert Person.objects.get(slug="sample-reviewer").user.username == "rita"
    call_command("load_newsroom")
    assert capsys.readouterr().out == ""
    assert get_user_model().objects.count() == 3


def test_production_gets_groups_only(settings: Any) -> None:
    settings.DEPLOYED = True
    with pytest.raises(CommandError, match="sample people"):
        call_command("load_newsroom")
    call_command("load_newsroom", "--groups")
    assert not get_user_model().objects.exists()
