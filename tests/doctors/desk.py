"""People at the directory's desk, and what a browser would send from the page of a listing."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.forms import CheckboxInput, NullBooleanSelect
from django.test import Client
from django.urls import reverse

from doctors.keeping import KINDS, Listing
from doctors.roles import EDITORS, load_groups


def person(name: str = "dora", *, may: tuple[str, ...] | None = None) -> Any:
    """A directory editor; or somebody who may just these things."""
    user, made = get_user_model().objects.get_or_create(username=name, defaults={"is_staff": True})
    if made and may is None:
        user.groups.add(load_groups()[EDITORS])
    elif made:
        user.user_permissions.set(Permission.objects.filter(content_type__app_label="doctors", codename__in=may))
    return user


def as_(name: str = "dora", *, may: tuple[str, ...] | None = None, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(person(name, may=may))
    return client


def change_url(listing: Listing, page: str = "change") -> str:
    return reverse(f"admin:doctors_{KINDS[type(listing)]}_{page}", args=[listing.pk])


def posted(client: Client, listing: Listing) -> dict[str, Any]:
    """The form of a listing as it is opened, with every field as a browser would send it."""
    form = client.get(change_url(listing)).context["adminform"].form
    words = {NullBooleanSelect: {True: "true", False: "false", None: "unknown"}, CheckboxInput: {True: "on"}}
    sent = {}
    for bound in form:
        value = bound.value()
        said = next((said for widget, said in words.items() if isinstance(bound.field.widget, widget)), None)
        if said is not None:
            sent[bound.html_name] = said.get(value, "")
        elif value is not None:
            sent[bound.html_name] = str(value)
    return {name: value for name, value in sent.items() if value != ""}
