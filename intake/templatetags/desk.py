"""The first thing on the desk: whom to call next, and what waits."""

from typing import Any

from django import template
from django.db.models import Count, Q
from django.utils import timezone

from intake.admin import words
from intake.admin.scope import SEALED, seen_by
from intake.models import HelpRequest, Promise

register = template.Library()

NEXT = 5


@register.inclusion_tag("admin/intake/today.html")
def today(user: Any) -> dict[str, Any]:
    """The next calls and the counts, for the requests that `user` may see; nothing for who may see none."""
    if not user.has_perm("intake.view_helprequest"):
        return {}
    rows = seen_by(user, HelpRequest.objects.all())
    waiting = rows.waiting_for_call().select_related("advocate").defer(*SEALED).order_by("contact_by", "pk")
    given_up = Promise.objects.exclude(gave_up_at=None)
    return {
        "may_see": True,
        "next": [(row, words.due(row)) for row in waiting[:NEXT]],
        "counts": rows.open().aggregate(
            unassigned=Count("pk", filter=Q(advocate=None)),
            mine=Count("pk", filter=Q(advocate__user=user)),
            overdue=Count("pk", filter=Q(first_contact_at=None, contact_by__lt=timezone.now())),
        ),
        "given_up": seen_by(user, given_up, path="help_request__").count(),
    }
