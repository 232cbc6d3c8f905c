"""The first thing on the desk: whom to call next, and what waits."""

from typing import Any

from django import template

from intake.admin.home import home

register = template.Library()


@register.inclusion_tag("admin/intake/today.html")
def today(user: Any) -> dict[str, Any]:
    """For the requests that `user` may see; nothing for who may see none."""
    if not user.has_perm("intake.view_helprequest"):
        return {}
    return {"may_see": True, **home(user)}
