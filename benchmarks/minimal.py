"""The peer of `benchmarks.submitting`: Django with one form, one view and two INSERTs in one durable transaction.

Sessions, keys, consents and promises are left out on purpose: what they cost is what the benchmark asks. DATABASE_URL
names the database; `create_tables` makes its two tables there.
"""

import os
import secrets
from typing import Any

import environ
from django import forms
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

FIELDS = ("name", "email", "phone", "state", "zip", "disease", "travel", "wants", "language", "time_zone")

settings.configure(
    SECRET_KEY=os.environ.get("SECRET_KEY", secrets.token_hex()),
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": {**environ.Env.db_url_config(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": 60}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
)
application = get_wsgi_application()

from django.db import connection, models, transaction  # noqa: E402  after Django is set up


class Asked(models.Model):
    """One column for each field, in clear."""

    name = models.CharField(max_length=120)
    email = models.EmailField()
    phone = models.CharField(max_length=40)
    state = models.CharField(max_length=2)
    zip = models.CharField(max_length=10)
    disease = models.CharField(max_length=20)
    travel = models.CharField(max_length=10)
    wants = models.CharField(max_length=200)
    language = models.CharField(max_length=2)
    time_zone = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "minimal"

    def __str__(self) -> str:
        return self.name


class Agreed(models.Model):
    asked = models.ForeignKey(Asked, on_delete=models.CASCADE)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "minimal"

    def __str__(self) -> str:
        return f"{self.at}"


class AskForm(forms.ModelForm):
    class Meta:
        model = Asked
        fields = FIELDS


def ask(request: HttpRequest) -> HttpResponse:
    form = AskForm(request.POST)
    if not form.is_valid():
        return HttpResponse(str(form.errors), status=422)
    with transaction.atomic(durable=True):
        Agreed.objects.create(asked=form.save())
    return HttpResponse(status=302, headers={"Location": "/done/"})


urlpatterns: list[Any] = [path("ask/", ask)]


def create_tables() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Asked)
        editor.create_model(Agreed)


if __name__ == "__main__":
    create_tables()
