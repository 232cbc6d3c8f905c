"""Who may do what with the directory: one group, and the sample editor of the demo.

Taking a listing away altogether is left to a superuser: editors close a listing with its last day.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import transaction

EDITORS = "Directory editors"
MAY = (
    *(f"{verb}_{kind}" for kind in ("center", "program", "specialist") for verb in ("view", "add", "change")),
    "view_listingchange", "view_report", "close_report",
)  # fmt: skip
ACCOUNT = "dora"


@transaction.atomic
def load_groups() -> dict[str, Group]:
    """The group with what it may do. Every installation needs it; nothing of a sample is in it."""
    group, _ = Group.objects.get_or_create(name=EDITORS)
    wanted = Permission.objects.filter(content_type__app_label="doctors", codename__in=MAY)
    missing = set(MAY) - set(wanted.values_list("codename", flat=True))
    if missing:
        raise LookupError(f"There is no permission {', '.join(sorted(missing))}: migrate first.")
    group.permissions.set(wanted)
    return {EDITORS: group}


@transaction.atomic
def load_sample_editor(*, password: str) -> list[str]:
    """An editor to try the directory's desk with. The user names that were made now; who exists is left alone."""
    group = load_groups()[EDITORS]
    users: Any = get_user_model().objects
    if users.filter(username=ACCOUNT).exists():
        return []
    users.create_user(ACCOUNT, password=password, is_staff=True).groups.add(group)
    return [ACCOUNT]
