"""Django's admin behind our own door: password, second factor, a desk that closes by itself.

A session that has the password but not the second factor opens nothing but the page that asks for it.
"""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME, get_user_model, logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from navigator.models import Device, StaffEvent
from navigator.staff import guessing, lists, presence, second_factor
from navigator.staff.forms import TOO_MANY, CodeForm, SignInForm

PENDING = "staff_pending_key"  # in the (encrypted) session, until its first code is right
LEFT_ALONE = "staff_left_alone"
UNPROCESSABLE = 422


class StaffSite(admin.AdminSite):
    login_form = SignInForm

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Every page of the desk asks of its list what `navigator.staff.lists` lets pass."""
        kind = admin_class or admin.ModelAdmin
        options |= {
            "lookup_allowed": lists.only_offered(kind.lookup_allowed),
            "response_action": lists.only_rows(kind.response_action),
        }
        super().register(model_or_iterable, kind, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        if not super().has_permission(request):
            return False
        if presence.is_over(request):
            StaffEvent.objects.create(what=StaffEvent.What.LEFT_ALONE, user_id=request.user.pk, by_id=request.user.pk)
            logout(request)
            request.session[LEFT_ALONE] = True
            return False
        presence.note(request)
        return presence.is_verified(request)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [
            path("second-factor/", self.second_factor, name="second-factor"),
            path("second-factor/set-up/", self.set_up, name="second-factor-set-up"),
            *super().get_urls(),
        ]

    @method_decorator([never_cache, sensitive_post_parameters()])
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The password; then on to the second factor."""
        if _has_password(request) and not presence.is_over(request) and not presence.is_verified(request):
            return self._on(request)
        context = {**(extra_context or {}), "was_left_alone": request.session.pop(LEFT_ALONE, False)}
        response: Any = super().login(request, context)
        if request.method == "POST":
            if response.status_code == 302:
                presence.begin(request)
                _record(request, StaffEvent.What.SIGNED_IN)
                return HttpResponseRedirect(_next(request)) if presence.is_verified(request) else self._on(request)
            _record_failure(request)
            response.status_code = UNPROCESSABLE
        return response

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        if request.method == "POST" and _has_password(request):  # a link signs nobody out
            _record(request, StaffEvent.What.SIGNED_OUT)
        response = super().logout(request, extra_context)
        response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response

    @method_decorator([never_cache, sensitive_post_parameters()])
    def second_factor(self, request: HttpRequest) -> HttpResponseBase:
        """Six digits, or a code on paper."""
        if away := self._not_here(request):
            return away
        if not _has_device(request):
            return redirect(_with_next(request, "admin:second-factor-set-up"))
        form = CodeForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            if why := self._wrong(request, lambda code: second_factor.is_right(user=request.user, code=code), form):
                form.refuse(why)
            else:
                presence.verify(request, request.user)
                return HttpResponseRedirect(_next(request))
        return self._page(request, "admin/second_factor.html", form, title="Your second factor")

    @method_decorator([never_cache, sensitive_post_parameters()])
    def set_up(self, request: HttpRequest) -> HttpResponseBase:
        """A key for an app, its first code, and ten codes for paper, which are shown this once."""
        if away := self._not_here(request):
            return away
        if _has_device(request):
            return redirect(_with_next(request, "admin:second-factor"))
        key = request.session.setdefault(PENDING, second_factor.new_key())
        form = CodeForm(request.POST if request.method == "POST" else None)
        codes: list[str] = []
        if form.is_bound and form.is_valid():

            def enroll(code: str) -> bool:
                codes.extend(second_factor.enroll(user=request.user, key=key, code=code) or [])
                return bool(codes)

            if why := self._wrong(request, enroll, form):
                form.refuse(why)
            else:
                del request.session[PENDING]
                presence.verify(request, request.user)
                context = {"codes": codes, "next": _next(request)}
                return self._page(request, "admin/backup_codes.html", None, title="Codes for paper", **context)
        drawing = second_factor.drawing(second_factor.address(key, request.user))
        spaced = " ".join(key[start : start + 4] for start in range(0, len(key), 4))
        context = {"drawing": drawing, "key": spaced}
        return self._page(request, "admin/second_factor_set_up.html", form, title="Set up a second factor", **context)

    def _wrong(self, request: HttpRequest, is_right: Any, form: CodeForm) -> str:
        """Why the code does not open; empty if it does. A try is counted before the code is looked at."""
        account = f"second factor of {request.user.pk}"
        if not guessing.take(account, request):
            return TOO_MANY
        if not is_right(form.cleaned_data["code"]):
            _record(request, StaffEvent.What.WRONG_CODE)
            return "This code does not open. Enter the six digits that your app shows now"
        guessing.succeeded(account, request)
        return ""

    def _not_here(self, request: HttpRequest) -> HttpResponseBase | None:
        """Where the page leads for who has no password yet, or needs nothing more."""
        if not _has_password(request) or presence.is_over(request):
            return redirect_to_login(_next(request), reverse("admin:login"))
        return HttpResponseRedirect(_next(request)) if presence.is_verified(request) else None

    def _on(self, request: HttpRequest) -> HttpResponse:
        return redirect(_with_next(request, "admin:second-factor"))

    def _page(
        self, request: HttpRequest, template: str, form: CodeForm | None, *, title: str, **context: Any
    ) -> TemplateResponse:
        said = {**self.each_context(request), "title": title, "form": form, **context}
        status = UNPROCESSABLE if form is not None and form.errors else 200
        return TemplateResponse(request, template, {**said, "is_nav_sidebar_enabled": False}, status=status)


def _has_password(request: HttpRequest) -> bool:
    return bool(request.user.is_authenticated and request.user.is_active and request.user.is_staff)


def _has_device(request: HttpRequest) -> bool:
    who: Any = request.user
    return Device.objects.filter(user=who).exists()


def _next(request: HttpRequest) -> str:
    """Where they wanted to go: a page of this site, by its whole path, else the first page of the desk."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours and wanted.startswith("/") else reverse("admin:index")


def _with_next(request: HttpRequest, name: str) -> str:
    return f"{reverse(name)}?{urlencode({REDIRECT_FIELD_NAME: _next(request)})}"


def _record(request: HttpRequest, what: StaffEvent.What) -> None:
    StaffEvent.objects.create(what=what, user_id=request.user.pk, by_id=request.user.pk)


def _record_failure(request: HttpRequest) -> None:
    """For which account, if there is one: only staff can read it."""
    typed = request.POST.get("username", "")[:150].replace("\x00", "")
    user = get_user_model()._default_manager.filter(username=typed).first()
    StaffEvent.objects.create(what=StaffEvent.What.FAILED, user=user)
