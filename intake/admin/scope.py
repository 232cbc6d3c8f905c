"""Who sees which request: an advocate their own and those that nobody has; a lead and a superuser all of them."""

from typing import Any

from django.db.models import Q, QuerySet

from intake.models import Advocate


def sees_all(user: Any) -> bool:
    return bool(user.is_superuser or Advocate.objects.leads().filter(user=user).exists())


def seen_by(user: Any, rows: QuerySet[Any], *, path: str = "") -> QuerySet[Any]:
    """`rows` that `user` may see. `path` leads from a row to its request, with a trailing `__`."""
    if sees_all(user):
        return rows
    mine = Q(**{f"{path}advocate__user": user})
    unassigned = Q(**{f"{path}advocate": None})
    return rows.filter(mine | unassigned)
