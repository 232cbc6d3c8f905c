import pytest
from django.test import Client


def test_machines_find_the_site_map(client: Client) -> None:
    assert "Sitemap: http" in client.get("/robots.txt").content.decode()


def test_the_icon_is_where_browsers_ask_for_it(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"].endswith(".svg")


def test_there_is_a_way_to_report_a_weakness(client: Client) -> None:
    assert "Contact: mailto:" in client.get("/.well-known/security.txt").content.decode()


@pytest.mark.django_db
def test_a_form_that_waited_too_long_says_what_to_do() -> None:
    answer = Client(enforce_csrf_checks=True).post("/match/who/", {"for_whom": "me"})
    assert answer.status_code == 403
    assert "<h1>" in answer.content.decode()


@pytest.mark.django_db
def test_the_gallery_is_for_staff(client: Client) -> None:
    assert client.get("/gallery/").status_code == 302
