"""Writing history: in the transaction of what it tells of."""

from typing import Any

from intake.models import HelpRequest, History


def record(*, help_request: HelpRequest, what: History.What, by: Any = None, detail: str = "") -> History:
    """One line of history. `detail` holds codes and names of fields, never what a family told us."""
    return History.objects.create(help_request=help_request, what=what, by=by, detail=detail[:200])
