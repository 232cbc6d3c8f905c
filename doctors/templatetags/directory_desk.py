"""What waits for the directory's editors, on the first page of the admin."""

from typing import Any

from django import template

from doctors import verifying
from doctors.admin.queue import may
from doctors.reporting import open_reports

register = template.Library()


@register.inclusion_tag("admin/doctors/today.html")
def directory_today(user: Any) -> dict[str, Any]:
    """How many groups of facts are due, for the kinds that `user` may see; how many reports are open, for who may read
    them; nothing for everybody else."""
    kinds = may(user, "view")
    reports = user.has_perm("doctors.view_report")
    return {
        "kinds": kinds,
        "due": verifying.counts(verifying.Wanted(kinds=kinds)).total() if kinds else 0,
        "may_read": reports,
        "reports": open_reports().count() if reports else 0,
    }
