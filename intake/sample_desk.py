"""Sample advocates for the demo: fictional, marked as samples, licensed between them in every state."""

from datetime import date, time
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from doctors.states import STATES
from intake.models import Advocate, DayOff, WorkingHours

# Federal holidays on their observed days. Source: US Office of Personnel Management, 2026 and 2027.
HOLIDAYS = {
    date(2026, 1, 1): "New Year's Day",
    date(2026, 1, 19): "Birthday of Martin Luther King, Jr.",
    date(2026, 2, 16): "Washington's Birthday",
    date(2026, 5, 25): "Memorial Day",
    date(2026, 6, 19): "Juneteenth",
    date(2026, 7, 3): "Independence Day",
    date(2026, 9, 7): "Labor Day",
    date(2026, 10, 12): "Columbus Day",
    date(2026, 11, 11): "Veterans Day",
    date(2026, 11, 26): "Thanksgiving Day",
    date(2026, 12, 25): "Christmas Day",
    date(2027, 1, 1): "New Year's Day",
    date(2027, 1, 18): "Birthday of Martin Luther King, Jr.",
    date(2027, 2, 15): "Washington's Birthday",
    date(2027, 5, 31): "Memorial Day",
    date(2027, 6, 18): "Juneteenth",
    date(2027, 7, 5): "Independence Day",
    date(2027, 9, 6): "Labor Day",
    date(2027, 10, 11): "Columbus Day",
    date(2027, 11, 11): "Veterans Day",
    date(2027, 11, 25): "Thanksgiving Day",
    date(2027, 12, 24): "Christmas Day",
    date(2027, 12, 31): "New Year's Day",
}
EVERYWHERE = " ".join(sorted(STATES))
PEOPLE = (
    {"username": "ana", "first_name": "Ana", "languages": "en es", "serves_veterans": True},
    {"username": "ben", "first_name": "Ben"},
    {"username": "carol", "first_name": "Carol", "is_lead": True, "capacity": 5},
)


AUDITOR = "olga"

# What each group may see of intake. A lead may also change who works when.
ADVOCATES, LEADS, AUDITORS = "Advocates", "Leads", "Auditors"
LEDGERS = ("history", "consent", "promise")
CASES = ("helprequest", "conversation", "message", "advocate", "workinghours", "dayoff")
NIGHTS = ("export", "reconciliation", "retentionrun", "digest", "outcomefigures", "staffevent")
SEEN = {
    ADVOCATES: (*LEDGERS, *CASES),
    LEADS: (*LEDGERS, *CASES, *NIGHTS),
    AUDITORS: (*LEDGERS, *NIGHTS),
}


@transaction.atomic
def load_sample_desk(*, password: str) -> list[str]:
    """Create what is missing: groups, a superuser `admin`, three advocates with hours, an auditor, holidays. The user
    names that were made now, with `password`; who exists is left alone."""
    groups = load_groups()
    made = []
    users = get_user_model().objects
    if not users.filter(username="admin").exists():
        users.create_superuser("admin", password=password)
        made.append("admin")
    for person in PEOPLE:
        if users.filter(username=person["username"]).exists():
            continue
        details = {key: value for key, value in person.items() if key != "username"}
        user = users.create_user(str(person["username"]), password=password, is_staff=True)
        user.groups.add(groups[LEADS if person.get("is_lead") else ADVOCATES])
        _advocate(user, details)
        made.append(user.username)
    if not users.filter(username=AUDITOR).exists():
        users.create_user(AUDITOR, password=password, is_staff=True).groups.add(groups[AUDITORS])
        made.append(AUDITOR)
    for day, name in HOLIDAYS.items():
        DayOff.objects.get_or_create(date=day, advocate=None, defaults={"name": name})
    return made


def load_groups() -> dict[str, Group]:
    """The groups of staff with what each may do. Every installation needs them; nothing of a sample is in them."""
    return {name: _group(name) for name in SEEN}


def _advocate(user: Any, details: dict[str, object]) -> None:
    email = f"{str(details['first_name']).lower()}@desk.example"
    advocate = Advocate.objects.create(
        user=user, email=email, credentials="RN (sample)", states=EVERYWHERE, is_sample=True, **details
    )
    for weekday in range(5):
        WorkingHours.objects.create(advocate=advocate, weekday=weekday, starts=time(8), ends=time(18))


def _group(name: str) -> Group:
    """Advocates and leads see requests and what belongs to them, and work on those in their sight; auditors see what
    was done and nothing of what a family told (`intake.admin.scope`)."""
    group, _ = Group.objects.get_or_create(name=name)
    codes = [f"view_{model}" for model in SEEN[name]]
    if name != AUDITORS:
        codes.append("change_helprequest")
    if name == LEADS:
        codes += [f"{verb}_{model}" for verb in ("add", "change", "delete") for model in ("workinghours", "dayoff")]
        codes += ["change_advocate", "view_device", "delete_device"]  # who lost their phone asks a lead
    apps = ("intake", "navigator")
    group.permissions.set(Permission.objects.filter(content_type__app_label__in=apps, codename__in=codes))
    return group
