"""What waits for editors, on the first page of the admin."""

from typing import Any

from django import template

from content.newsroom import counts

register = template.Library()


@register.inclusion_tag("admin/content/today.html")
def editors_today(user: Any) -> dict[str, Any]:
    """Counts with a way to the desk; nothing for who may not read drafts."""
    if not user.has_perm("content.view_revision"):
        return {}
    return {"counts": counts()}
