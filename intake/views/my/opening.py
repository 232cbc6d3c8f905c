"""Opening a page by its token, and refusing kindly: one page for whatever is wrong."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from intake import links
from intake.models import HelpRequest

View = Callable[..., HttpResponse]


def gone(request: HttpRequest) -> HttpResponse:
    """The same page, byte for byte, whatever is wrong with an address."""
    return render(request, "intake/my_gone.html", status=404)


def hold(help_request: HelpRequest) -> None:
    """Nobody else changes this request until the transaction ends."""
    HelpRequest.objects.select_for_update().only("pk").get(pk=help_request.pk)


def for_family(view: View) -> View:
    """Gives `view(request, token, opened, **parts)` what its token opens (`links.Opened`), for who asked and for
    others; `parts` are further parts of the address.

    A POST holds the request's row until it is answered: two of the same family come one after the other, and the
    second finds the state that the first left.
    """

    @wraps(view)
    def opened_view(request: HttpRequest, token: str, **parts: Any) -> HttpResponse:
        try:
            opened = links.find(token)
            if request.method != "POST":
                return view(request, token, opened, **parts)
            with transaction.atomic():
                hold(opened.help_request)
                return view(request, token, links.find(token), **parts)
        except links.LinkError:
            return gone(request)

    return sensitive_post_parameters()(opened_view)


def for_asker(view: View) -> View:
    """The same, for who asked only: to anybody else in the request, this page is not there."""

    @wraps(view)
    def asker_view(request: HttpRequest, token: str, opened: links.Opened, **parts: Any) -> HttpResponse:
        return view(request, token, opened, **parts) if opened.is_asker else gone(request)

    return for_family(asker_view)


def for_call(view: View) -> View:
    """Gives `view(request, token, opened, conversation)` the one conversation that its token opens."""

    @wraps(view)
    def call_view(request: HttpRequest, token: str) -> HttpResponse:
        try:
            opened, conversation = links.find_call(token)
            if request.method != "POST":
                return view(request, token, opened, conversation)
            with transaction.atomic():
                hold(opened.help_request)
                return view(request, token, *links.find_call(token))
        except links.LinkError:
            return gone(request)

    return sensitive_post_parameters()(call_view)


def for_invited(view: View) -> View:
    """Gives `view(request, participant)` who is asked by an invitation that was not answered yet."""

    @wraps(view)
    def invited_view(request: HttpRequest, token: str) -> HttpResponse:
        try:
            participant = links.find_invited(token)
            if request.method != "POST":
                return view(request, participant)
            with transaction.atomic():
                hold(participant.help_request)
                return view(request, links.find_invited(token))
        except links.LinkError:
            return gone(request)

    return sensitive_post_parameters()(invited_view)
