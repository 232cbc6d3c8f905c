"""Who sees which request: an advocate their own and those that nobody has; a lead and a superuser all of them; an
auditor none, but all of what was done (`audits`)."""

from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from intake.models import Advocate, HelpRequest
from navigator.encryption import sealed

SEALED = sealed(HelpRequest)  # what no list needs

Rows = TypeVar("Rows", bound=QuerySet[Any])


def own(user: Any) -> Advocate | None:
    """The advocate that this member of staff is; asked once for each request to the site."""
    return getattr(user, "advocate", None)


def sees_all(user: Any) -> bool:
    advocate = own(user)
    return bool(user.is_superuser or (advocate and advocate.is_lead and advocate.is_active))


def may_work(user: Any) -> bool:
    """May do something to the requests they see, not only read them."""
    return bool(user.has_perm("intake.change_helprequest"))


def audits(user: Any) -> bool:
    """Reads what was done, by everybody, and opens no request. Whoever may open requests reads within their bounds."""
    return bool(user.has_perm("intake.view_history") and not user.has_perm("intake.view_helprequest"))


def seen_by(user: Any, rows: Rows, *, path: str = "") -> Rows:
    """`rows` that `user` may see. `path` leads from a row to its request, with a trailing `__`."""
    if sees_all(user):
        return rows
    advocate, unassigned = own(user), Q(**{f"{path}advocate": None})
    # By number, not by way of the table of advocates: an index serves both halves.
    return rows.filter(unassigned | Q(**{f"{path}advocate": advocate.pk}) if advocate else unassigned)
