"""Choosing an article by typing a part of it."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple

from navigator.row_numbers import row_number


class _NumbersOnly(AutocompleteMixin):
    """Django asks the database for whatever was sent when it shows a form again, and fails at what is no number. Such a
    choice is not shown; the form has refused it already."""

    def optgroups(self, name: Any, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [chosen for chosen in value if row_number(str(chosen))], attr)


class ChooseOne(_NumbersOnly, AutocompleteSelect):
    pass


class ChooseSome(_NumbersOnly, AutocompleteSelectMultiple):
    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """SQLite fails at a number beyond 64 bits where one of many is asked for: what is no number of a row is refused
        under a name that is none either."""
        return [chosen if row_number(chosen) else "none" for chosen in super().value_from_datadict(data, files, name)]
