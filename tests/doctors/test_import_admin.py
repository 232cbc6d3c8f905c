"""The two buttons of each list: a file in, by way of a dry run, and a file out."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from doctors import importing
from doctors.models import ImportFile, ListingChange, Program, Specialist
from doctors.planning import MOST_BYTES
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make
from tests.doctors.sheets import CENTER, PROGRAM, SPECIALIST, sheet
from tests.doctors.test_importing import numbered
from tests.doctors.test_rows import BROKEN

pytestmark = pytest.mark.django_db
SEND = "/admin/doctors/program/import/"
BOUNDARY = "----a-boundary"


def body(content: bytes, *, token: str = "", boundary: str = BOUNDARY, name: str = "file") -> bytes:
    start = f'--{boundary}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
    file = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="a; b.csv"\r\n'
    return f"{start}{file}Content-Type: text/csv\r\n\r\n".encode() + content + f"\r\n--{boundary}--\r\n".encode()


def send(client: Client, content: bytes, path: str = SEND, **options: str) -> Any:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return client.generic("POST", path, body(content, **options), content_type=kind)


def outcome(page: Any) -> str:
    found = re.search(r'name="outcome" value="([0-9a-f]{64})"', page.content.decode())
    assert found, page.content.decode()
    return found.group(1)


def upload(client: Client, content: bytes) -> tuple[str, str]:
    """The address of the dry run, and what it promises."""
    answer = send(client, content)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"], outcome(client.get(answer["Location"]))


def text(answer: Any) -> str:
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return re.sub(r"<[^>]+>", "", whole.decode())


def staff(client: Client, users: Any, name: str, *permissions: str) -> Client:
    user = users.objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


# In.


@pytest.mark.parametrize(("kind", "row"), [("center", CENTER), ("program", PROGRAM), ("specialist", SPECIALIST)])
def test_each_list_has_its_two_buttons_and_pages(admin_client: Client, kind: str, row: dict[str, str]) -> None:
    page = admin_client.get(f"/admin/doctors/{kind}/?q=a").content.decode()
    assert f'href="/admin/doctors/{kind}/import/"' in page
    assert f'href="/admin/doctors/{kind}/export/?q=a"' in page
    form = admin_client.get(f"/admin/doctors/{kind}/import/")
    assert form.status_code == 200
    for column in row:
        assert column in form.content.decode()
    assert admin_client.get(f"/admin/doctors/{kind}/export/").status_code == 200


def test_a_dry_run_shows_what_would_change_and_writes_nothing(admin_client: Client) -> None:
    make(ProgramFactory, slug="lakeside-mesothelioma", name="Before", hipec=True, contact_verified_on="2026-11-01",
         contact_verified_how="phone")  # fmt: skip
    make(ProgramFactory, slug="sample-2")
    address, _ = upload(admin_client, sheet(PROGRAM, numbered(1) | {"languages": "<b>Spanish</b>"}))
    raw_page = admin_client.get(address).content.decode()
    page = " ".join(re.sub(r"<[^>]+>", " ", raw_page).split())
    assert "New: 1 Changed: 1 Unchanged: 0 Problems: 0" in page
    assert "Name: Before → Lakeside mesothelioma program" in page
    assert "yes → no" in page
    assert "Checked in its old words, and still marked so: Address, phone and website." in page
    assert "sample-1" in page
    assert "&lt;b&gt;Spanish" in raw_page
    assert Program.objects.count() == 2
    assert not ListingChange.objects.exists()


def test_import_this_file(admin_client: Client, admin_user: Any) -> None:
    address, promise = upload(admin_client, sheet(*(numbered(number) for number in range(600))))
    answer = admin_client.post(f"{address}apply/", {"outcome": promise})
    assert answer.streaming
    assert (answer["Content-Encoding"], answer["X-Accel-Buffering"]) == ("identity", "no")
    assert "no-store" in answer["Cache-Control"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    told = text(answer)
    assert "Checked: 500 of 600 rows" in told
    assert "Added: 600 of 600 rows" in told
    assert told.index("Added: 600") < told.index("Done: 600 added, 0 changed, 0 unchanged.")
    assert Program.objects.count() == 600
    assert set(ListingChange.objects.values_list("what", "by")) == {("added", admin_user.pk)}
    log = LogEntry.objects.get()
    assert (log.object_repr, log.user, log.change_message) == (
        "Import of programs", admin_user, "600 added, 0 changed, 0 unchanged",
    )  # fmt: skip
    assert "This file was imported" in text(admin_client.get(address))
    assert "imported already" in text(admin_client.post(f"{address}apply/", {"outcome": promise}))
    assert Program.objects.count() == 600


def test_the_page_of_an_import_grows_line_by_line(admin_client: Client) -> None:
    address, promise = upload(admin_client, sheet(*(numbered(number) for number in range(1001))))
    answer = admin_client.post(f"{address}apply/", {"outcome": promise}, headers={"accept-encoding": "gzip, br"})
    pieces: Iterator[bytes] = iter(answer.streaming_content)
    first = next(pieces)
    assert first.startswith(b"<!DOCTYPE html>")
    assert not Program.objects.exists()
    lines = [piece.decode() for piece in pieces]
    assert lines[0] == "<li>Checked: 500 of 1,001 rows</li>\n"
    assert sum(line.startswith("<li>Added") for line in lines) == 3
    assert lines[-2].startswith("<li><strong>Done: 1,001 added")
    assert lines[-1].strip().endswith("</html>")


def test_a_file_with_problems_shows_them_all_and_is_not_kept(admin_client: Client) -> None:
    rows = [numbered(number) | BROKEN[way][2] for number, way in enumerate(BROKEN) if "slug" not in way]
    answer = send(admin_client, sheet(*rows))
    page = " ".join(text(answer).split())
    assert answer.status_code == 422
    assert f"Nothing can be imported yet: {len(rows)} problems" in page
    for line, (_, (column, words, _cells)) in enumerate(
        [(way, broken) for way, broken in BROKEN.items() if "slug" not in way], 2
    ):
        assert f"Line {line}, sample-" in page
        assert f"column {column}: " in page
        assert words.replace("'", "&#x27;") in page
    assert "Import this file" not in page
    assert not ImportFile.objects.exists()


def test_a_long_list_is_cut_and_says_so(admin_client: Client) -> None:
    page = text(send(admin_client, sheet(*(numbered(number) | {"phone": "1"} for number in range(130)))))
    assert "130 problems" in page
    assert "And 30 more." in page
    address, _ = upload(admin_client, sheet(*(numbered(number) for number in range(130))))
    assert "And 30 more." in text(admin_client.get(address))


def test_a_directory_that_changed_meanwhile_is_shown_again(admin_client: Client) -> None:
    address, promise = upload(admin_client, sheet(PROGRAM))
    make(ProgramFactory, slug="lakeside-mesothelioma", name="Somebody was faster")
    answer = admin_client.post(f"{address}apply/", {"outcome": promise})
    whole = b"".join(answer.streaming_content).decode()
    assert "The directory changed after you looked" in whole
    assert f'href="{address}"' in whole
    assert Program.objects.get().name == "Somebody was faster"
    page = admin_client.get(address)
    assert "Somebody was faster → Lakeside" in text(page)
    assert "Done: 0 added, 1 changed" in text(admin_client.post(f"{address}apply/", {"outcome": outcome(page)}))


@pytest.mark.parametrize("promise", ["", "0" * 64, "x" * 10_000, "\x00"])
def test_an_outcome_that_was_not_shown_is_refused(admin_client: Client, promise: str) -> None:
    address, _ = upload(admin_client, sheet(PROGRAM))
    assert "Look again" in text(admin_client.post(f"{address}apply/", {"outcome": promise}))
    assert not Program.objects.exists()


def test_a_busy_database_is_said_in_words(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address, promise = upload(admin_client, sheet(PROGRAM))

    def busy(*listings: Any) -> None:
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(importing.searching, "show", busy)
    assert "Try again in a minute" in text(admin_client.post(f"{address}apply/", {"outcome": promise}))
    assert not Program.objects.exists()


def test_a_file_that_says_what_is_stored_has_no_button(admin_client: Client) -> None:
    address, promise = upload(admin_client, sheet(PROGRAM))
    text(admin_client.post(f"{address}apply/", {"outcome": promise}))
    second = send(admin_client, sheet(PROGRAM))["Location"]
    page = text(admin_client.get(second))
    assert "There is nothing to import" in page
    assert "Import this file" not in page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose a file first"),
        (b"\x00" * 100, "There is no such column"),
        (b"%PDF-1.7\n\xff\xfe", "not in UTF-8"),
        ("slug\u202e,\u200bname".encode(), "There is no such column"),
        (b"x" * (MOST_BYTES + 1), "larger than 5 MB"),
        (b"x" * (MOST_BYTES + 100_000), "larger than 5 MB"),
        (b'"' * 200_001, "quotes of this row"),
        (sheet(PROGRAM | {"street": "a\x00b"}), "U+0000"),
        (b",".join([b"slug"] * 5_000), "stands there twice"),
        (b"\r\n--" + BOUNDARY.encode() + b"\r\n\r\n", "Choose a file first"),
    ],
)
def test_hostile_files_are_answered_in_words(admin_client: Client, content: bytes, words: str) -> None:
    answer = send(admin_client, content)
    assert answer.status_code == 422
    assert words in text(answer)
    assert not ImportFile.objects.exists()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("application/x-www-form-urlencoded", b"file=slug"),
        ("multipart/form-data", body(sheet(PROGRAM))),
        ("multipart/form-data; boundary=", body(sheet(PROGRAM))),
        ("multipart/form-data; boundary=other", body(sheet(PROGRAM))),
        (f"multipart/form-data; boundary={BOUNDARY}", body(sheet(PROGRAM), name="other")),
        (f"multipart/form-data; boundary={BOUNDARY}", b""),
        (f"multipart/form-data; boundary={BOUNDARY}", b"--" + BOUNDARY.encode()),
        ("multipart/form-data; boundary=\u00e9", b"x"),
        ("text/csv", sheet(PROGRAM)),
        ("", b"x"),
    ],
)
def test_what_is_no_form_with_a_file_is_answered_in_words(admin_client: Client, kind: str, data: bytes) -> None:
    answer = admin_client.generic("POST", SEND, data, content_type=kind)
    assert answer.status_code == 422
    assert "Choose a file first" in text(answer)


@pytest.mark.parametrize(("length", "status"), [("abc", 400), ("-5", 400), ("", 422), ("²", 400)])
def test_a_length_that_is_no_number_is_no_file(admin_client: Client, length: str, status: int) -> None:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    answer = admin_client.generic("POST", SEND, b"", content_type=kind, CONTENT_LENGTH=length)
    assert answer.status_code == status
    assert ("Choose a file first" in text(answer)) is (status == 422)


def test_a_body_that_claims_to_be_long_is_not_read(admin_client: Client) -> None:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    answer = admin_client.generic("POST", SEND, b"", content_type=kind, CONTENT_LENGTH=str(10**12))
    assert (answer.status_code, "larger than 5 MB" in text(answer)) == (422, True)


def test_a_form_without_its_token_is_refused(django_user_model: Any) -> None:
    client = staff(Client(enforce_csrf_checks=True), django_user_model, "dora", "add_program", "change_program")
    assert send(client, sheet(PROGRAM)).status_code == 403
    assert send(client, sheet(PROGRAM), token="x" * 64).status_code == 403
    page = client.get(SEND).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    answer = send(client, sheet(PROGRAM), token=found.group(1))
    assert answer.status_code == 302
    assert client.post(f"{answer['Location']}apply/", {}).status_code == 403


def test_files_are_refused_everywhere_else(admin_client: Client) -> None:
    """The door of this page opens no other."""
    for path in ("/admin/doctors/program/export/", "/admin/doctors/program/add/", "/admin/login/"):
        assert send(admin_client, sheet(PROGRAM), path).status_code == 400


@pytest.mark.parametrize(
    ("permissions", "may_import", "may_export"),
    [
        (["view_program"], False, True),
        (["view_program", "add_program"], False, True),
        (["change_program"], False, True),
        (["add_program", "change_program"], True, True),
        (["add_center", "change_center"], False, False),
        ([], False, False),
    ],
)
def test_who_may_do_what(
    client: Client, django_user_model: Any, permissions: list[str], may_import: bool, may_export: bool
) -> None:
    staff(client, django_user_model, "dora", *permissions)
    assert client.get(SEND).status_code == (200 if may_import else 403)
    assert send(client, sheet(PROGRAM)).status_code == (302 if may_import else 403)
    assert client.get("/admin/doctors/program/export/").status_code == (200 if may_export else 403)
    assert client.post("/admin/doctors/program/export/").status_code == (200 if may_export else 403)
    if may_export:
        assert ("Import a CSV file" in client.get("/admin/doctors/program/").content.decode()) is may_import


def test_strangers_are_sent_to_the_door(client: Client) -> None:
    for path in (SEND, f"{SEND}1/", f"{SEND}1/apply/", "/admin/doctors/program/export/"):
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code == 302
            assert "/admin/login/" in answer["Location"]
    assert send(client, sheet(PROGRAM)).status_code == 302


def test_a_file_waits_for_the_person_who_sent_it(admin_client: Client, client: Client, django_user_model: Any) -> None:
    address, promise = upload(admin_client, sheet(PROGRAM))
    other = staff(client, django_user_model, "dora", "add_program", "change_program", "add_center", "change_center")
    assert other.get(address).status_code == 404
    assert other.post(f"{address}apply/", {"outcome": promise}).status_code == 404
    assert admin_client.get(address.replace("program", "center")).status_code == 404
    assert admin_client.get(f"{SEND}99999999999999999999999/").status_code == 404
    assert admin_client.get(f"{address}apply/").status_code == 405


def test_somebody_who_lost_the_permission_meanwhile_is_stopped(client: Client, django_user_model: Any) -> None:
    staff(client, django_user_model, "dora", "add_program", "change_program", "view_program")
    address, promise = upload(client, sheet(PROGRAM))
    django_user_model.objects.get(username="dora").user_permissions.remove(
        Permission.objects.get(codename="add_program")
    )
    assert client.get(address).status_code == 403
    assert client.post(f"{address}apply/", {"outcome": promise}).status_code == 403
    assert not Program.objects.exists()


def test_a_dry_run_takes_the_same_queries_for_one_row_and_three(admin_client: Client) -> None:
    counts = []
    for number in (1, 3):
        rows = []
        for place in range(number):
            center = make(CenterFactory)
            make(ProgramFactory, slug=f"stored-{number}-{place}", center=center)
            rows += [numbered(place), PROGRAM | {"slug": f"stored-{number}-{place}", "center_slug": center.slug}]
        address, _ = upload(admin_client, sheet(*rows))
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Out.


def test_export_all_or_what_the_list_shows(admin_client: Client, admin_user: Any) -> None:
    for number in range(3):
        make(ProgramFactory, slug=f"in-{number}", notes="ours", hours="=1+1")
    make(ProgramFactory, slug="out", state="MA", zip="02115")
    address = reverse("admin:doctors_program_export")
    page = admin_client.get(address, {"state__exact": "IL"})
    assert "The 3 that your list shows" in text(page)
    answer = admin_client.post(f"{address}?state__exact=IL", {"which": "chosen"})
    whole = b"".join(answer.streaming_content).decode()
    assert [line[:4] for line in whole.splitlines()[1:]] == ["in-0", "in-1", "in-2"]
    assert "ours" in whole
    assert "'=1+1" in whole
    assert re.fullmatch(r'attachment; filename="programs-\d{4}-\d\d-\d\d\.csv"', answer["Content-Disposition"])
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    log = LogEntry.objects.get()
    assert (log.user, log.object_repr, log.change_message) == (admin_user, "Export of programs", "3 rows exported")
    everything = admin_client.post(f"{address}?state__exact=IL", {"which": "all"})
    assert b"out" in b"".join(everything.streaming_content)
    assert LogEntry.objects.latest("pk").change_message == "4 rows exported"


def test_what_was_exported_here_comes_back_unchanged(admin_client: Client) -> None:
    make(ProgramFactory, slug="a", notes="=1\r\n+2", offers=["surgery"], hipec=False)
    answer = admin_client.post(reverse("admin:doctors_program_export"), {"which": "all"})
    sent = send(admin_client, b"".join(answer.streaming_content))
    assert "There is nothing to import" in text(admin_client.get(sent["Location"]))


@pytest.mark.parametrize(
    "query", ["?p=999", "?state__exact=", "?q=%27", "?e=1", "?look=never", "?o=9.9", "?_facets=True"]
)
def test_any_list_can_be_exported(admin_client: Client, query: str) -> None:
    make(SpecialistFactory)
    for kind in ("center", "program", "specialist"):
        address = f"/admin/doctors/{kind}/export/{query}"
        assert admin_client.get(address, follow=True).status_code in (200, 400)
        assert admin_client.post(address, {"which": "\x00"}, follow=True).status_code in (200, 400)


def test_a_list_by_a_column_that_is_none_is_refused_kindly(admin_client: Client) -> None:
    assert admin_client.get("/admin/doctors/program/export/?password=x").status_code == 302
    assert admin_client.get("/admin/doctors/program/export/?center__notes__contains=x").status_code in (302, 400)


def test_an_export_takes_the_same_queries_for_one_row_and_three(admin_client: Client) -> None:
    ContentType.objects.get_for_model(Specialist)  # remembered from the first time on
    counts = []
    for number in (1, 2):
        for _ in range(number):
            make(SpecialistFactory)
        with CaptureQueriesContext(connection) as queries:
            answer = admin_client.post(reverse("admin:doctors_specialist_export"), {"which": "all"})
            b"".join(answer.streaming_content)
        counts.append(len(queries))
    assert counts[0] == counts[1]
