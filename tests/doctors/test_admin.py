from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from doctors.models import Specialist
from navigator.caching import current_generation
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make

pytestmark = pytest.mark.django_db

LISTS = [("center", CenterFactory), ("program", ProgramFactory), ("specialist", SpecialistFactory)]


@pytest.mark.parametrize(("action", "how"), [("checked_on_website", "website"), ("checked_by_phone", "phone")])
@pytest.mark.parametrize(("kind", "factory"), LISTS)
def test_one_click_says_who_looked_and_when(
    admin_client: Client, kind: str, factory: type, action: str, how: str
) -> None:
    row, before = make(factory), current_generation()
    address = reverse(f"admin:doctors_{kind}_changelist")
    response = admin_client.post(address, {"action": action, "_selected_action": [row.pk]}, follow=True)
    assert "1 marked as checked today." in response.content.decode()
    row.refresh_from_db()
    assert (row.verified_on, row.verified_how) == (timezone.localdate(), how)
    assert row.verified_by.username == "admin"
    assert current_generation() == before + 1


def test_a_saved_row_shows_at_once(admin_client: Client) -> None:
    doctor = make(SpecialistFactory)
    before = current_generation()
    response = admin_client.post(
        reverse("admin:doctors_specialist_change", args=[doctor.pk]),
        {
            "slug": doctor.slug,
            "full_name": "Alex Changed",
            "credentials": "MD",
            "specialty": doctor.specialty,
            "program": doctor.program.pk,
            "pleural": "unknown",
            "peritoneal": "unknown",
            "evidence": "hospital",
        },
    )
    assert response.status_code == 302
    assert Specialist.objects.get().full_name == "Alex Changed"
    assert current_generation() == before + 1


def test_a_deleted_row_is_gone_at_once(admin_client: Client) -> None:
    one, two = make(SpecialistFactory), make(SpecialistFactory)
    before = current_generation()
    admin_client.post(reverse("admin:doctors_specialist_delete", args=[one.pk]), {"post": "yes"})
    admin_client.post(
        reverse("admin:doctors_specialist_changelist"),
        {"action": "delete_selected", "_selected_action": [two.pk], "post": "yes"},
    )
    assert not Specialist.objects.exists()
    assert current_generation() == before + 2


@pytest.mark.parametrize(("answer", "found"), [("yes", "Seen"), ("no", "Unseen")])
def test_what_nobody_has_checked_can_be_found(admin_client: Client, answer: str, found: str) -> None:
    make(CenterFactory, name="Seen", verified_on=date(2026, 11, 1), verified_how="phone")
    make(CenterFactory, name="Unseen")
    page = admin_client.get(reverse("admin:doctors_center_changelist"), {"checked": answer})
    assert [center.name for center in page.context["cl"].queryset] == [found]


@pytest.mark.parametrize(("kind", "factory"), LISTS)
def test_lists_take_the_same_queries_for_one_row_and_three(admin_client: Client, kind: str, factory: type) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make(factory)
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(reverse(f"admin:doctors_{kind}_changelist")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
