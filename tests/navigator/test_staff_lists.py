"""What a list of the desk may be asked, and which rows an action may name."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from tests.doctors.factories import ProgramFactory, make
from tests.intake.factories import HelpRequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("chief", password="a long pass phrase"))
    return client


@pytest.mark.parametrize(
    ("path", "query", "found"),
    [
        ("/admin/doctors/program/", "state__exact=IL", 1),
        ("/admin/doctors/program/", "evidence__exact=none", 0),
        ("/admin/doctors/program/", "hospital=Lakeside+Hospital", 1),
        ("/admin/doctors/program/", "center__isnull=True", 1),
        ("/admin/doctors/program/", "center__id__exact=1", 0),
        ("/admin/doctors/program/", "look=never", 1),
        ("/admin/intake/helprequest/", "outcome=helped", 0),
        ("/admin/intake/promise/", "done_at__isempty=1", 0),
        ("/admin/auth/user/", "is_staff__exact=0", 0),
    ],
)
def test_filters_and_plain_columns_are_answered(desk: Client, path: str, query: str, found: int) -> None:
    make(ProgramFactory)
    HelpRequestFactory()
    answer = desk.get(f"{path}?{query}")
    assert answer.status_code == 200
    assert answer.context["cl"].result_count == found


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/admin/intake/helprequest/", "link_id__startswith=a"),
        ("/admin/intake/helprequest/", "email_hash__gt=0"),
        ("/admin/intake/helprequest/", "pk__regex=("),
        ("/admin/intake/helprequest/", "advocate__user__password__startswith=a"),
        ("/admin/intake/helprequest/", "participants__email_hash=a"),
        ("/admin/doctors/program/", "name__regex=(a%2B)%2B$"),
        ("/admin/doctors/program/", "state__regex=("),
        ("/admin/doctors/program/", "center__name__exact=x"),
        ("/admin/auth/user/", "password__startswith=md5"),
        ("/admin/auth/user/", "password=md5"),
        ("/admin/auth/group/", "user__password__startswith=md5"),
    ],
)
def test_no_column_is_read_letter_by_letter(desk: Client, path: str, query: str) -> None:
    assert desk.get(f"{path}?{query}").status_code == 400


@pytest.mark.parametrize("number", ["x", "'", "-1", "9" * 400, "1 OR 1=1"])
def test_rows_that_are_none_are_chosen_by_nobody(desk: Client, number: str) -> None:
    group = Group.objects.create(name="Kept")
    data = {"action": "delete_selected", "_selected_action": [number], "index": 0, "post": "yes"}
    assert desk.post("/admin/auth/group/", data).status_code in (200, 302)
    assert Group.objects.filter(pk=group.pk).exists()
    desk.post("/admin/auth/group/", {**data, "_selected_action": [number, group.pk]})
    assert not Group.objects.filter(pk=group.pk).exists(), "the others are meant"


def test_every_list_of_the_desk_is_guarded() -> None:
    for page in admin.site._registry.values():
        assert page.lookup_allowed.__module__ == "navigator.staff.lists"
        assert page.response_action.__module__ == "navigator.staff.lists"
