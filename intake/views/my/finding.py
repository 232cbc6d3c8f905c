"""A lost link is sent again, to the address that we know already. The page says the same whether we know it or not."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from intake import resending
from intake.forms.my import FindForm
from intake.views.question import show
from navigator import limits
from navigator.limits import Limit
from navigator.networks import network

PER_NETWORK = Limit(10, timedelta(hours=1))
TOO_MANY = "Too many links were asked for just now. Try again in an hour, or call us"


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def find_my_link(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if _noted(request, form.cleaned_data["email"]):
            return redirect("find-my-link-sent")
        form.add_error(None, TOO_MANY)
    return show(request, "intake/find_link.html", form, title="Find my link")


def _noted(request: HttpRequest, email: str) -> bool:
    where = network(request)
    if where and limits.take({f"lost link from {where}": PER_NETWORK}):
        return False
    try:
        resending.ask(email=email)
    except resending.TooManyAsksError:
        return False
    return True


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/find_link_sent.html", {"title": "Look into your mail"})
