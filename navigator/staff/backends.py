"""Passwords, with a limit on guessing. Without a request (a shell, a test) nothing is counted."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from navigator.staff import guessing

BLOCKED = "sign_in_is_blocked"


class CountedBackend(ModelBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        """Raises PermissionDenied after too many tries, which ends the search for a backend."""
        if request is None or username is None:
            return super().authenticate(request, username=username, password=password, **kwargs)
        if not guessing.take(username, request):
            setattr(request, BLOCKED, True)
            raise PermissionDenied
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is not None:
            guessing.succeeded(username, request)
        return user
