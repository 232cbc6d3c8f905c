"""Every address of the desk, asked by everybody: who opens what, and that nobody reads what is not theirs.

One request is full of values that stand nowhere else. It lies with Ben. Ana is another advocate, Carol the lead, Olga
the auditor.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from intake import consent, history
from intake.models import (
    Digest,
    Export,
    HelpRequest,
    History,
    Message,
    Note,
    OutcomeFigures,
    Participant,
    PlanItem,
    Promise,
    Reconciliation,
    RetentionRun,
    Sharing,
)
from intake.sample_desk import load_sample_desk
from tests.intake.desk import advocate, as_, of
from tests.intake.factories import ConversationFactory, PromiseFactory, UserFactory

pytestmark = pytest.mark.django_db

VALUES = [f"Canary{letter}" for letter in "ABCDEFGHIJKLMN"] + ["+13125550199", "555-0199"]
LEDGERS = {"history", "consent", "promise", "export", "reconciliation", "retentionrun", "digest", "outcomefigures"}
CASES = {"helprequest", "conversation", "message", "advocate", "dayoff"}


@pytest.fixture
def canary() -> HelpRequest:
    load_sample_desk(password="a password of the tests")
    UserFactory(username="stranger")
    now, ben = timezone.now(), advocate("ben")
    row = of(
        "ben",
        answers='{"disease": "CanaryB", "wants": []}',
        access_needs="CanaryC",
        questions='["CanaryD"]',
        next_step="CanaryE",
    )
    HelpRequest.objects.filter(pk=row.pk).update(name="CanaryA", email="CanaryF@family.example", phone="+13125550199")
    person = Participant.objects.create(
        help_request=row, role="helper", name="CanaryG", email="CanaryH@family.example", reach_by="email"
    )
    Note.objects.create(help_request=row, kind="staff", body="CanaryI", by=ben.user)
    PlanItem.objects.create(help_request=row, kind="place", text="CanaryJ", created_by=ben.user)
    sharing = Sharing.objects.create(
        help_request=row, receiver="CanaryK", what='["contact"]', asked_by=ben.user, agreed=True, answered_at=now
    )
    consent.give(help_request=row, words="Yes, tell CanaryL Hospital.", how="the page")
    promise = PromiseFactory(help_request=row, kind=Promise.Kind.INVITE, participant=person)
    Message.objects.create(
        promise=promise,
        help_request=row,
        to_family=True,
        participant=person,
        recipient="CanaryM@family.example",
        subject="Your call",
        body="CanaryN",
        message_id="<canary@test>",
    )
    ConversationFactory(help_request=row, advocate=ben)
    history.record(help_request=row, what=History.What.SHARING_ASKED, by=ben.user, detail=f"sharing {sharing.pk}")
    Export.objects.create(by=ben.user, reason="Numbers for the board", columns="reference state", rows=1)
    RetentionRun.objects.create(counts={"spam": 3})
    Reconciliation.objects.create(wrong={"with nobody": 1})
    Digest.objects.create(advocate=ben, day=date(2026, 1, 5), due_at=now - timedelta(days=1))
    OutcomeFigures.objects.create(month=date(2026, 1, 1), figures={"helped": 12})
    return HelpRequest.objects.get(pk=row.pk)


def addresses(row: HelpRequest) -> Iterator[tuple[str, str, str]]:
    """(model, name of the page, address) for every page of the desk, with the canary's own rows."""
    for model, of_model in admin.site._registry.items():
        if model._meta.app_label != "intake":
            continue
        name = str(model._meta.model_name)
        mine = model._default_manager.filter(help_request=row) if _belongs(model) else model._default_manager.all()
        pk = row.pk if name == "helprequest" else mine.order_by("pk").values_list("pk", flat=True).first()
        for pattern in of_model.get_urls():
            page = getattr(pattern, "name", None)
            if not page:
                continue
            for arguments in ([], [pk], [pk, "take"], [pk, "spam"]):
                try:
                    yield name, page.removeprefix(f"intake_{name}_"), reverse(f"admin:{page}", args=arguments)
                except NoReverseMatch:
                    continue


def _belongs(model: Any) -> bool:
    return any(field.name == "help_request" for field in model._meta.get_fields())


def client_of(name: str) -> Client:
    return as_(name) if name else Client()


def opened(name: str, row: HelpRequest) -> dict[tuple[str, str], str]:
    """(model, page) -> text, of all that this person can open."""
    client, found = client_of(name), {}
    for model, page, address in addresses(row):
        answer = client.get(address)
        assert answer.status_code in (200, 302, 403, 404), f"{address}: {answer.status_code}"
        if answer.status_code == 200:
            found[model, page] = answer.content.decode()
    return found


def values_in(text: str) -> list[str]:
    return [value for value in VALUES if value in text]


def test_there_is_something_to_try(canary: HelpRequest) -> None:
    asked = list(addresses(canary))
    assert {model for model, _, _ in asked} >= LEDGERS | CASES
    assert {page for model, page, _ in asked if model == "helprequest"} >= {
        "changelist",
        "change",
        "act",
        "export",
        "find",
    }
    assert len(asked) > 60


@pytest.mark.parametrize("name", ["", "stranger"])
def test_who_has_no_role_opens_nothing(name: str, canary: HelpRequest) -> None:
    assert opened(name, canary) == {}


def test_an_auditor_opens_the_ledgers_and_reads_no_value(canary: HelpRequest) -> None:
    pages = opened("olga", canary)
    assert set(pages) == {(model, page) for model in LEDGERS for page in ("changelist", "change", "history")}
    assert [(page, values_in(text)) for page, text in pages.items() if values_in(text)] == []
    assert canary.reference in pages["history", "changelist"]
    assert canary.reference in pages["promise", "changelist"]
    assert "Numbers for the board" in pages["export", "changelist"]


def test_an_auditor_reads_no_value_on_the_other_pages_of_the_admin(canary: HelpRequest) -> None:
    client = as_("olga")
    for address in (
        reverse("admin:index"),
        reverse("admin:app_list", args=["intake"]),
        reverse("admin:password_change"),
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert not values_in(answer.content.decode())
        assert "Waiting for a call" not in answer.content.decode()
    query = {"app_label": "intake", "model_name": "promise", "field_name": "help_request", "term": "Canary"}
    assert client.get(reverse("admin:autocomplete"), query).status_code in (403, 404)


def test_another_advocate_reads_nothing_of_it(canary: HelpRequest) -> None:
    pages = opened("ana", canary)
    assert [(page, values_in(text)) for page, text in pages.items() if values_in(text)] == []
    shown = [page for page, text in pages.items() if canary.reference in text]
    assert shown == []
    assert ("helprequest", "change") not in pages
    assert not {("export", "changelist"), ("digest", "changelist"), ("retentionrun", "changelist")} & set(pages)


@pytest.mark.parametrize("name", ["ben", "carol", "admin"])
def test_who_may_open_it_reads_values_on_its_own_page_and_nowhere_else(name: str, canary: HelpRequest) -> None:
    pages = opened(name, canary)
    assert "CanaryA" in values_in(pages["helprequest", "change"])
    others = {page: values_in(text) for page, text in pages.items() if page != ("helprequest", "change")}
    assert {page: found for page, found in others.items() if found} == {}


def test_only_a_lead_and_who_runs_the_site_open_the_ledgers_of_the_desk(canary: HelpRequest) -> None:
    for name, sees in (("ben", False), ("carol", True), ("admin", True)):
        pages = opened(name, canary)
        assert (("export", "changelist") in pages) is sees
        assert (("retentionrun", "changelist") in pages) is sees


def _kept(row: HelpRequest) -> list[Any]:
    """What a request to the site could have changed."""
    tables = [model for model in admin.site._registry if model._meta.app_label == "intake"]
    counts = [model._default_manager.count() for model in tables]
    return [
        *counts,
        list(HelpRequest.objects.order_by("pk").values()),
        list(get_user_model().objects.order_by("pk").values("pk", "is_superuser")),
    ]


@pytest.mark.parametrize("name", ["", "stranger", "olga", "ana"])
@pytest.mark.parametrize("data", [{}, {"seen": 0, "action": "delete_selected", "post": "yes", "_save": "Save"}])
def test_what_others_send_changes_nothing(name: str, data: dict[str, Any], canary: HelpRequest) -> None:
    before, client = _kept(canary), client_of(name)
    for _, _, address in addresses(canary):
        answer = client.post(address, {**data, "_selected_action": [canary.pk]} if data else {})
        assert answer.status_code in (200, 302, 400, 403, 404, 405, 422), f"{address}: {answer.status_code}"
        assert not values_in(answer.content.decode())
    assert _kept(canary) == before


def test_each_look_of_who_may_is_written_down_and_no_ledger_is_a_look(canary: HelpRequest) -> None:
    for name in ("olga", "ana", "carol", "ben"):
        opened(name, canary)
    looks = canary.history.filter(what="looked").order_by("pk").values_list("by__username", flat=True)
    assert list(looks) == ["carol", "ben"]
