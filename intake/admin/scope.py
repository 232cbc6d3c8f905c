"""Who sees which request: an advocate their own and those that nobody has; a lead and a superuser all of them."""

from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from intake.models import Advocate, HelpRequest
from navigator.encryption import EncryptedTextField

# What no list needs: deferred, so that a list opens nothing personal, and one lost key does not close the desk.
SEALED = tuple(field.name for field in HelpRequest._meta.concrete_fields if isinstance(field, EncryptedTextField))

Rows = TypeVar("Rows", bound=QuerySet[Any])


def sees_all(user: Any) -> bool:
    return bool(user.is_superuser or Advocate.objects.leads().filter(user=user).exists())


def may_work(user: Any) -> bool:
    """May do something to the requests they see, not only read them."""
    return bool(user.has_perm("intake.change_helprequest"))


def seen_by(user: Any, rows: Rows, *, path: str = "") -> Rows:
    """`rows` that `user` may see. `path` leads from a row to its request, with a trailing `__`."""
    if sees_all(user):
        return rows
    mine = Q(**{f"{path}advocate__user": user})
    unassigned = Q(**{f"{path}advocate": None})
    return rows.filter(mine | unassigned)
