"""What a list of the desk may be asked in its address, and which rows an action may name.

Django lets every column of a row be asked for in every way (`?link_id__startswith=a`), so that a reader learns a column
that no page shows, letter by letter; and a pattern that is none ends in an error of the database. Here a list answers
its own filters, and a column that is exactly something or nothing.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest, HttpResponse

from navigator.row_numbers import row_number

_PLAIN = ("exact", "isnull")
_OF_FILTERS = (*_PLAIN, "isempty", "gte", "lt")  # what Django's own filters write into an address

Asks = Callable[[Any, str, str, HttpRequest], bool]
Acts = Callable[[Any, HttpRequest, Any], HttpResponse | None]


def only_offered(django_allows: Asks) -> Asks:
    """The `lookup_allowed` of an admin page. What is no column at all is left to Django, which says so."""

    def lookup_allowed(page: Any, lookup: str, value: str, request: HttpRequest) -> bool:
        if not _is_a_field(page.model, lookup.split("__")[0]):
            return django_allows(page, lookup, value, request)
        is_ours = _is_offered(lookup, page.get_list_filter(request)) or _is_plain(lookup)
        return is_ours and django_allows(page, lookup, value, request)

    return lookup_allowed


def only_rows(django_acts: Acts) -> Acts:
    """The `response_action` of an admin page: numbers of rows that are none are rows that nobody chose."""

    def response_action(page: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(map(row_number, chosen)):
            sent = request.POST.copy()
            sent.setlist(ACTION_CHECKBOX_NAME, [number for number in chosen if row_number(number)])
            request.POST = sent  # type: ignore[assignment]  # as changeable as the one it replaces is not
        return django_acts(page, request, queryset)

    return response_action


def _is_offered(lookup: str, filters: Any) -> bool:
    for each in filters:
        if isinstance(each, type):
            if lookup == getattr(each, "parameter_name", None):
                return True
            continue
        path = each[0] if isinstance(each, tuple | list) else each
        if lookup == path or (lookup.startswith(f"{path}__") and lookup.rpartition("__")[2] in _OF_FILTERS):
            return True
    return False


def _is_plain(lookup: str) -> bool:
    """A column of the row itself, or the number of another row to which it leads."""
    parts = lookup.split("__")
    parts = parts[:-1] if parts[-1] in _PLAIN else parts
    return len(parts) == 1 or (len(parts) == 2 and parts[1] in ("id", "pk"))


def _is_a_field(model: Any, name: str) -> bool:
    if name == "pk":
        return True
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
