"""Who may do what with texts: three groups, and the sample accounts of the demo."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from content.models import Person

_SEE = ("view_article", "view_revision", "view_change", "view_person", "view_topic", "view_oldaddress", "view_helpful")
GROUPS: dict[str, tuple[str, ...]] = {
    "Authors": (*_SEE, "add_revision"),
    "Editors": (
        *_SEE, "add_revision", "check_revision", "publish_revision", "add_article", "change_article",
        "withdraw_article", "move_article", "add_topic", "change_topic", "add_person", "change_person",
        "view_errorreport", "close_errorreport",
    ),
    "Medical reviewers": (*_SEE, "add_revision", "check_revision", "sign_revision", "view_errorreport"),
}  # fmt: skip
ACCOUNTS = {"arthur": "Authors", "edith": "Editors", "rita": "Medical reviewers"}


@transaction.atomic
def load_groups() -> dict[str, Group]:
    """The groups with what each may do. Every installation needs them; nothing of a sample is in them."""
    return {name: _group(name, codes) for name, codes in GROUPS.items()}


def _group(name: str, codes: tuple[str, ...]) -> Group:
    group, _ = Group.objects.get_or_create(name=name)
    wanted = Permission.objects.filter(content_type__app_label="content", codename__in=codes)
    missing = set(codes) - set(wanted.values_list("codename", flat=True))
    if missing:
        raise LookupError(f"There is no permission {', '.join(sorted(missing))}: migrate first.")
    group.permissions.set(wanted)
    return group


@transaction.atomic
def load_sample_newsroom(*, password: str) -> list[str]:
    """An author, an editor and a reviewer to try the desk with; the reviewer signs as the sample reviewer. The user
    names that were made now; who exists is left alone."""
    groups = load_groups()
    users: Any = get_user_model().objects
    made = []
    for username, group in ACCOUNTS.items():
        if users.filter(username=username).exists():
            continue
        user = users.create_user(username, password=password, is_staff=True)
        user.groups.add(groups[group])
        made.append(username)
        if group == "Medical reviewers":
            Person.objects.filter(slug="sample-reviewer", user=None).update(user=user)
    return made
