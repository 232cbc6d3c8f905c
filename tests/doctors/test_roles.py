"""Who may do what with the directory, and the sample account of the demo."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command

from doctors.roles import EDITORS, MAY, load_groups

pytestmark = pytest.mark.django_db


def test_editors_keep_the_directory_and_take_nothing_away() -> None:
    group = load_groups()[EDITORS]
    may = set(group.permissions.values_list("codename", flat=True))
    assert may == set(MAY)
    assert {"add_program", "change_center", "view_specialist", "close_report", "view_report"} <= may
    assert not [code for code in may if code.startswith("delete_") or code.endswith(("_user", "_helprequest"))]
    assert not {"add_report", "change_report", "change_listingchange", "add_listingchange"} & may


def test_loading_again_takes_back_what_was_added_by_hand() -> None:
    group = load_groups()[EDITORS]
    group.permissions.add(Permission.objects.get(codename="delete_program"))
    assert set(load_groups()[EDITORS].permissions.values_list("codename", flat=True)) == set(MAY)


def test_a_database_without_the_permissions_is_named() -> None:
    Permission.objects.filter(codename="close_report").delete()
    with pytest.raises(LookupError, match="close_report: migrate first"):
        load_groups()


def test_the_sample_account_is_made_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_directory_desk")
    assert "as dora with password" in capsys.readouterr().out
    dora = get_user_model().objects.get()
    assert (dora.username, dora.is_staff, dora.is_superuser) == ("dora", True, False)
    assert dora.groups.get().name == EDITORS
    call_command("load_directory_desk")
    assert capsys.readouterr().out == ""
    assert get_user_model().objects.count() == 1


def test_production_gets_the_group_only(settings: Any) -> None:
    settings.DEPLOYED = True
    with pytest.raises(CommandError, match="sample person"):
        call_command("load_directory_desk")
    call_command("load_directory_desk", "--groups")
    assert not get_user_model().objects.exists()
    assert load_groups()
