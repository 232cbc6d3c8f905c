"""The directory's desk in admin: every change is kept, nobody's is lost, and everybody does what they may."""

import datetime
import html
import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from doctors import keeping, reporting
from doctors.admin import listings
from doctors.models import GROUPS, Center, ListingChange, Program, Report, Specialist
from navigator.caching import current_generation
from tests.doctors.desk import as_, change_url, person, posted
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make

pytestmark = pytest.mark.django_db

LISTS = [("center", CenterFactory), ("program", ProgramFactory), ("specialist", SpecialistFactory)]
FACTORIES = [CenterFactory, ProgramFactory, SpecialistFactory]
QUEUE = "/admin/doctors/listingchange/queue/"
CHECKED = f"{QUEUE}checked/"


def list_url(kind: str) -> str:
    return reverse(f"admin:doctors_{kind}_changelist")


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def errors(answer: Any) -> dict[str, list[str]]:
    form = answer.context["adminform"].form
    return {name: list(words) for name, words in form.errors.items()}


def lines(what: str = "") -> list[ListingChange]:
    rows = ListingChange.objects.order_by("pk")
    return list(rows.filter(what=what) if what else rows)


def ago(days: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=days)


# --- The page of one ---


@pytest.mark.parametrize("factory", FACTORIES)
def test_saving_untouched_changes_nothing(factory: Any) -> None:
    listing, dora = make(factory), as_()
    before = keeping.snapshot(listing)
    assert dora.post(change_url(listing), posted(dora, listing)).status_code == 302
    assert lines() == []
    assert keeping.snapshot(type(listing).objects.get(pk=listing.pk)) == before


@pytest.mark.parametrize("factory", FACTORIES)
def test_each_group_is_a_box_with_its_facts_and_its_last_look(factory: Any) -> None:
    listing, dora = make(factory), as_()
    type(listing).objects.filter(pk=listing.pk).update(
        **{f"{listing.main_group}_verified_on": ago(200), f"{listing.main_group}_verified_how": "phone"}
    )
    page = dora.get(change_url(listing))
    boxes = {box.name: box for box in page.context["adminform"]}
    for group, facts in listing.facts.items():
        shown = [name if isinstance(name, str) else name.__name__ for name in boxes[GROUPS[group]].fields]
        assert shown == [*facts, f"{group}_last_look", f"{group}_look"]
    assert "by phone (more than 180 days ago)" in text(page)
    assert text(page).count(">Never<") == len(listing.facts) - 1
    columns = {field.name for field in listing._meta.concrete_fields} - {"id", "slug"}
    looks = {name for name in columns if "_verified_" in name}
    assert set(page.context["adminform"].form.fields) >= columns - looks
    assert not set(page.context["adminform"].form.fields) & (looks | {"slug"})


def test_neither_looks_nor_addresses_are_typed() -> None:
    listing, dora = make(ProgramFactory, slug="lake"), as_()
    sent = posted(dora, listing) | {"slug": "other", "care_verified_on": "2026-11-01", "care_verified_how": "phone"}
    assert dora.post(change_url(listing), sent).status_code == 302
    stored = Program.objects.get()
    assert (stored.slug, stored.care_verified_on) == ("lake", None)


def test_a_changed_fact_says_how_it_is_known() -> None:
    listing, dora = make(ProgramFactory), as_()
    sent = posted(dora, listing) | {"hospital": "Lakefront Hospital"}
    answer = dora.post(change_url(listing), sent)
    assert errors(answer) == {"contact_look": ["You changed this: say how you know it."]}
    assert "Lakefront Hospital" in text(answer)
    assert lines() == []
    assert dora.post(change_url(listing), sent | {"contact_look": "phone"}).status_code == 302
    changed, checked = lines()
    assert changed.fields == {"hospital": ["Lakeside Hospital", "Lakefront Hospital"]}
    assert (checked.what, checked.group, checked.how, checked.by) == ("checked", "contact", "phone", person())
    stored = Program.objects.get()
    assert (stored.contact_verified_on, stored.contact_verified_how) == (timezone.localdate(), "phone")
    assert stored.care_verified_on is None


def test_a_detail_is_changed_without_vouching_for_the_rest() -> None:
    listing, dora = make(ProgramFactory), as_()
    sent = posted(dora, listing) | {"hospital": "Lakefront Hospital", "contact_look": "part"}
    assert dora.post(change_url(listing), sent).status_code == 302
    assert [line.what for line in lines()] == ["changed"]
    assert Program.objects.get().contact_verified_on is None


@pytest.mark.parametrize("name", ["pleural", "surgery", "video_visit", "referral_required"])
def test_what_we_know_is_chosen_from_three(name: str) -> None:
    listing, dora = make(ProgramFactory), as_()
    group = next(group for group, facts in listing.facts.items() if name in facts)
    for sent, known in (("true", True), ("false", False), ("unknown", None)):
        data = posted(dora, listing) | {name: sent, f"{group}_look": "part"}
        assert dora.post(change_url(listing), data).status_code == 302
        assert getattr(Program.objects.get(), name) is known
    page = dora.get(change_url(listing)).content.decode()
    choice = page.split(f'name="{name}"')[1].split("</select>")[0]
    assert re.findall(r'value="(\w+)"', choice) == ["unknown", "true", "false"]


@pytest.mark.parametrize(
    ("factory", "data", "field"),
    [
        (ProgramFactory, {"ended_on": "2026-11-01"}, "ended_note"),
        (ProgramFactory, {"ended_note": "It closed."}, "ended_note"),
        (ProgramFactory, {"ended_on": "someday", "ended_note": "x"}, "ended_on"),
        (ProgramFactory, {"remote_second_opinion_url": "https://lakeside.example/r"}, "remote_second_opinion"),
        (ProgramFactory, {"website": "javascript:alert(1)"}, "website"),
        (ProgramFactory, {"phone": "555"}, "phone"),
        (ProgramFactory, {"state": "ZZ"}, "state"),
        (ProgramFactory, {"zip": "1234"}, "zip"),
        (ProgramFactory, {"latitude": "north"}, "latitude"),
        (ProgramFactory, {"latitude": "nan"}, "latitude"),
        (ProgramFactory, {"longitude": "1e400"}, "longitude"),
        (ProgramFactory, {"center": "999999"}, "center"),
        (ProgramFactory, {"center": "x"}, "center"),
        (ProgramFactory, {"center": "9" * 40}, "center"),
        (SpecialistFactory, {"program": "\x00"}, "program"),
        (ProgramFactory, {"evidence": "rumor"}, "evidence"),
        (ProgramFactory, {"contact_look": "hearsay"}, "contact_look"),
        (ProgramFactory, {"name": "x" * 10_000}, "name"),
        (ProgramFactory, {"name": "\u200b\u202e"}, "name"),
        (ProgramFactory, {"name": "a\x00b"}, "name"),
        (ProgramFactory, {"name": ""}, "name"),
        (CenterFactory, {"designation": "basic_laboratory"}, "treats_patients"),
        (SpecialistFactory, {"program": ""}, "program"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(factory: Any, data: dict[str, str], field: str) -> None:
    listing, dora = make(factory), as_()
    looks = {f"{group}_look": "part" for group in listing.facts}
    before = keeping.snapshot(listing)
    answer = dora.post(change_url(listing), posted(dora, listing) | looks | data)
    assert answer.status_code == 200
    assert field in errors(answer)
    assert "Constraint" not in text(answer)
    assert lines() == []
    assert keeping.snapshot(type(listing).objects.get(pk=listing.pk)) == before


def test_what_is_typed_is_cleaned() -> None:
    listing, dora = make(ProgramFactory), as_()
    data = {"notes": "One\u202e \r\n  two", "hospital": " Lake\u200bside\tHospital ", "contact_look": "part"}
    assert dora.post(change_url(listing), posted(dora, listing) | data).status_code == 302
    stored = Program.objects.get()
    assert (stored.notes, stored.hospital) == ("One\ntwo", "Lakeside Hospital")


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, "\x00", "0"])
def test_a_form_without_its_version_changes_nothing_unseen(seen: str) -> None:
    listing, dora = make(ProgramFactory), as_()
    sent = posted(dora, listing) | {"notes": "Mine.", "seen": seen}
    theirs = Program.objects.get()
    theirs.notes = "Theirs."
    keeping.save(listing=theirs, by=person("eve"))
    answer = dora.post(change_url(listing), sent)
    assert answer.status_code == 200
    assert Program.objects.get().notes == "Theirs."


def test_a_listing_is_added_with_its_line() -> None:
    dora, like = as_(), make(ProgramFactory)
    sent = posted(dora, like) | {"slug": "brand-new", "name": "Brand new", "access_look": "website"}
    assert dora.post(reverse("admin:doctors_program_add"), sent).status_code == 302
    new = Program.objects.get(slug="brand-new")
    assert [(line.what, line.slug, line.by) for line in lines()] == [
        ("added", "brand-new", person()),
        ("checked", "brand-new", person()),
    ]
    assert new.access_verified_how == "website"
    again = dora.post(reverse("admin:doctors_program_add"), sent)
    assert "slug" in errors(again)


def test_an_ended_listing_keeps_its_page() -> None:
    listing, dora = make(ProgramFactory), as_()
    sent = posted(dora, listing) | {"ended_on": "2026-11-01", "ended_note": "The clinic closed."}
    assert dora.post(change_url(listing), sent).status_code == 302
    assert not Program.objects.current().exists()
    assert lines()[0].fields == {"ended_on": [None, "2026-11-01"], "ended_note": ["", "The clinic closed."]}


# --- Two at once ---


def test_what_eve_changed_meanwhile_is_shown_and_what_dora_typed_stays() -> None:
    listing, dora = make(ProgramFactory), as_()
    sent = posted(dora, listing) | {"hospital": "Dora Hospital", "phone": "+13125550111", "contact_look": "phone"}
    theirs = Program.objects.get()
    theirs.phone, theirs.hours, theirs.surgery = "+13125550199", "8 to 5", False
    keeping.save(listing=theirs, by=person("eve"))
    answer = dora.post(change_url(listing), sent)
    said = " ".join(errors(answer)["__all__"])
    for words in ("Phone from “+13125550142” to “+13125550199”", "Hours from “not known” to “8 to 5”", "by eve"):
        assert words in said
    shown = {bound.html_name: bound.value() for bound in answer.context["adminform"].form}
    assert (shown["hospital"], shown["phone"]) == ("Dora Hospital", "+13125550111"), "what was typed stays"
    assert (shown["hours"], shown["surgery"]) == ("8 to 5", False), "what was not touched is what is stored"
    stored = Program.objects.get()
    assert (stored.hospital, stored.phone) == ("Lakeside Hospital", "+13125550199")
    again = sent | {"seen": shown["seen"], "hours": shown["hours"], "surgery": "false"}
    assert dora.post(change_url(listing), again).status_code == 302
    stored = Program.objects.get()
    assert (stored.hospital, stored.phone) == ("Dora Hospital", "+13125550111")
    assert (stored.hours, stored.surgery) == ("8 to 5", False)
    assert lines("changed")[-1].fields == {
        "hospital": ["Lakeside Hospital", "Dora Hospital"],
        "phone": ["+13125550199", "+13125550111"],
    }


def test_a_box_and_a_choice_are_taken_over_too() -> None:
    center, dora = make(CenterFactory), as_()
    program = make(ProgramFactory, center=center)
    for listing, values in ((center, {"treats_patients": False}), (program, {"center": None, "pleural": None})):
        sent = posted(dora, listing) | {"notes": "Mine."}
        theirs = type(listing).objects.get(pk=listing.pk)
        for name, value in values.items():
            setattr(theirs, name, value)
        keeping.save(listing=theirs, by=person("eve"))
        answer = dora.post(change_url(listing), sent)
        assert "by eve" in str(errors(answer))
        form = answer.context["adminform"].form
        again = {name: value for name, value in form.data.items() if value != ""}
        assert dora.post(change_url(listing), again).status_code == 302
        stored = type(listing).objects.get(pk=listing.pk)
        assert {name: getattr(stored, name) for name in values} == values
        assert stored.notes == "Mine."


def test_a_second_change_meanwhile_is_told_too() -> None:
    listing, dora = make(ProgramFactory), as_()
    sent = posted(dora, listing) | {"notes": "Mine."}
    for city in ("Evanston", "Oak Park"):
        theirs = Program.objects.get()
        theirs.city = city
        keeping.save(listing=theirs, by=person("eve"))
    answer = dora.post(change_url(listing), sent)
    assert {bound.html_name: bound.value() for bound in answer.context["adminform"].form}["city"] == "Oak Park"
    assert str(errors(answer)).count("by eve") == 2


def test_a_look_meanwhile_stops_nobody() -> None:
    listing, dora = make(ProgramFactory), as_()
    sent = posted(dora, listing) | {"notes": "Mine."}
    keeping.check(listing=listing, group="care", how="phone", by=person("eve"))
    assert dora.post(change_url(listing), sent).status_code == 302
    stored = Program.objects.get()
    assert (stored.notes, stored.care_verified_on) == ("Mine.", timezone.localdate())


def test_a_listing_removed_meanwhile_does_not_come_back() -> None:
    listing, dora = make(ProgramFactory), as_()
    sent = posted(dora, listing)
    keeping.remove(listing=Program.objects.get(), by=person("eve"))
    assert dora.post(change_url(listing), sent).status_code == 302
    assert not Program.objects.exists()


# --- The lists ---


@pytest.mark.parametrize("how", ["website", "phone"])
@pytest.mark.parametrize(("kind", "factory"), LISTS)
def test_one_action_for_each_group_says_who_looked_and_when(kind: str, factory: Any, how: str) -> None:
    row, other, dora = make(factory), make(factory), as_()
    for group in row.facts:
        before = current_generation()
        data = {"action": f"{group}_by_{how}", "_selected_action": [row.pk]}
        answer = dora.post(list_url(kind), data, follow=True)
        assert f"1 marked as checked today: {GROUPS[group]}." in text(answer)
        row.refresh_from_db()
        assert getattr(row, f"{group}_verified_on") == timezone.localdate()
        assert getattr(row, f"{group}_verified_how") == how
        assert (lines()[-1].group, lines()[-1].by) == (group, person())
        assert current_generation() > before
    other.refresh_from_db()
    assert other.freshness_of(other.main_group).state == "unchecked"


def test_nobody_marks_a_whole_directory_with_one_click(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "AT_ONCE", 2)
    rows = [make(ProgramFactory) for _ in range(3)]
    data = {"action": "care_by_phone", "_selected_action": [row.pk for row in rows], "select_across": "1"}
    assert "Choose 2 or fewer" in text(as_().post(list_url("program"), data, follow=True))
    assert lines() == []


@pytest.mark.parametrize(
    ("look", "found"),
    [
        ("never", {"never"}),
        ("stale", {"stale"}),
        ("old", {"old"}),
        ("fresh", {"fresh", "ended"}),
        ("ended", {"ended"}),
        ("nonsense", {"never", "stale", "old", "fresh", "ended"}),
    ],
)
def test_looks_are_found_by_what_became_of_them(look: str, found: set[str]) -> None:
    for name, days in (("never", None), ("stale", 91), ("old", 181), ("fresh", 90), ("ended", 0)):
        values: dict[str, Any] = {}
        for group in Program.facts:
            on = ago(days) if group == "access" and days is not None else ago(0)
            values |= {f"{group}_verified_on": on, f"{group}_verified_how": "phone"}
        if days is None:
            values |= {"access_verified_on": None, "access_verified_how": ""}
        if name == "ended":
            values |= {"ended_on": ago(1), "ended_note": "It closed."}
        make(ProgramFactory, slug=name, **values)
    page = as_().get(list_url("program"), {"look": look} if look else {})
    assert {row.slug for row in page.context["cl"].queryset} == found


@pytest.mark.parametrize("query", ["evidence__exact=hospital", "state__exact=IL", "audience__exact=adults"])
def test_lists_are_filtered(query: str) -> None:
    make(ProgramFactory, slug="in")
    make(ProgramFactory, slug="out", evidence="directories", state="OH", audience="study")
    page = as_().get(f"{list_url('program')}?{query}")
    assert [row.slug for row in page.context["cl"].queryset] == ["in"]


@pytest.mark.parametrize(
    "path",
    [*(f"/admin/doctors/{kind}/" for kind, _ in LISTS), "/admin/doctors/listingchange/", "/admin/doctors/report/",
     QUEUE, "/admin/"],
)  # fmt: skip
def test_as_many_queries_for_one_row_as_for_three(path: str) -> None:
    dora, counts = as_(), []
    dora.get(path)
    for more in (1, 2):
        for _ in range(more):
            rows = [make(CenterFactory), make(SpecialistFactory, program=make(ProgramFactory))]
            for row in (*rows, rows[1].program):
                keeping.check(listing=row, group=row.main_group, how="phone", by=person())
                reporting.report(listing=row, problem="phone", words="Secret.")
        with CaptureQueriesContext(connection) as queries:
            answer = dora.get(path)
        assert answer.status_code == 200
        assert "Secret." not in text(answer)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%E2%80%AE", "look=%27", "q=" + "x" * 5000, "p=99999999", "state__exact=%"]
)
@pytest.mark.parametrize("path", [*(f"/admin/doctors/{kind}/" for kind, _ in LISTS), QUEUE])
def test_no_query_breaks_a_list(path: str, query: str) -> None:
    make(ProgramFactory)
    assert as_().get(f"{path}?{query}", follow=True).status_code in (200, 400)


# --- Taking away ---


def test_editors_close_and_only_who_may_delete_deletes() -> None:
    listing, dora = make(ProgramFactory), as_()
    assert dora.get(change_url(listing, "delete")).status_code == 403
    assert dora.post(change_url(listing, "delete"), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [listing.pk], "post": "yes"}
    dora.post(list_url("program"), data)
    assert Program.objects.exists()
    assert lines() == []


def test_a_deleted_row_is_gone_at_once_and_has_its_line(admin_client: Client) -> None:
    one, two = make(SpecialistFactory), make(SpecialistFactory)
    before = current_generation()
    admin_client.post(change_url(one, "delete"), {"post": "yes"})
    data = {"action": "delete_selected", "_selected_action": [two.pk], "post": "yes"}
    admin_client.post(list_url("specialist"), data)
    assert not Specialist.objects.exists()
    assert [(line.what, line.slug) for line in lines()] == [("removed", one.slug), ("removed", two.slug)]
    assert current_generation() == before + 2


def test_open_reports_and_programs_keep_a_row(admin_client: Client) -> None:
    center, program = make(CenterFactory), make(ProgramFactory)
    make(ProgramFactory, center=center)
    row = reporting.report(listing=program, problem="phone", words="")
    for listing, why in ((center, "Programs belong to"), (program, "settle or decline it first")):
        page = admin_client.get(change_url(listing, "delete"))
        assert why in text(page)
        admin_client.post(change_url(listing, "delete"), {"post": "yes"})
        data = {"action": "delete_selected", "_selected_action": [listing.pk], "post": "yes"}
        admin_client.post(list_url(keeping.KINDS[type(listing)]), data)
    assert (Center.objects.count(), Program.objects.count()) == (1, 2)
    reporting.decline(report=row, answer="It works.", by=person())
    admin_client.post(change_url(program, "delete"), {"post": "yes"})
    assert not Program.objects.filter(pk=program.pk).exists()


# --- Who may what ---


def test_who_may_only_look_changes_nothing() -> None:
    listing = make(ProgramFactory)
    viewer = as_("vera", may=("view_program",))
    page = viewer.get(change_url(listing))
    assert page.status_code == 200
    assert "Lakeside Hospital" in text(page)
    assert 'name="hospital"' not in text(page)
    assert 'name="contact_look"' not in text(page)
    assert viewer.post(change_url(listing), {"hospital": "Other"}).status_code == 403
    data = {"action": "care_by_phone", "_selected_action": [listing.pk]}
    viewer.post(list_url("program"), data)
    assert (
        viewer.post(CHECKED, {"kind": "program", "pk": listing.pk, "group": "care", "how": "phone"}).status_code == 403
    )
    assert viewer.get(QUEUE).status_code == 200
    assert "<button" not in text(viewer.get(QUEUE)).split('class="desk queue"')[1].split("</main>")[0]
    assert viewer.get(change_url(listing, "history")).status_code == 200
    assert lines() == []


def test_a_viewer_of_one_kind_sees_no_other() -> None:
    make(CenterFactory, name="Hidden center")
    make(ProgramFactory, name="Shown program")
    page = text(as_("vera", may=("view_program",)).get(QUEUE))
    assert "Shown program" in page
    assert "Hidden center" not in page
    assert "Hidden center" not in text(as_("vera").get(f"{QUEUE}?kind=center"))


def test_who_has_nothing_to_do_with_it_sees_nothing() -> None:
    listing = make(ProgramFactory)
    row = reporting.report(listing=listing, problem="phone", words="Secret.")
    stranger = as_("stan", may=())
    paths = (
        QUEUE, list_url("program"), change_url(listing), change_url(listing, "history"), "/admin/doctors/report/",
        f"/admin/doctors/report/{row.pk}/change/", "/admin/doctors/listingchange/",
    )  # fmt: skip
    for path in paths:
        assert stranger.get(path).status_code == 403, path
    assert "Directory" not in text(stranger.get("/admin/"))
    for path in (*paths, CHECKED):
        assert Client().get(path).status_code == 302, path


def test_the_first_page_counts_for_who_may_see() -> None:
    make(CenterFactory)
    reporting.report(listing=make(ProgramFactory), problem="phone", words="")
    page = text(as_().get("/admin/"))
    assert "6 to be checked" in page
    assert "1 open reports of families" in page
    only = text(as_("vera", may=("view_center",)).get("/admin/"))
    assert "3 to be checked" in only
    assert "reports of families" not in only


# --- The queue ---


def form_of(page: Any, anchor: str) -> dict[str, str]:
    """The hidden fields of one row."""
    row = page.content.decode().split(f'id="{anchor}"')[1].split("</li>")[0]
    return {
        name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', row) if name != "how"
    }


def test_one_click_marks_a_row_and_goes_on_with_the_next() -> None:
    one, two = make(ProgramFactory, slug="one"), make(ProgramFactory, slug="two")
    dora = as_()
    page = dora.get(f"{QUEUE}?kind=program&state=IL&group=care")
    sent = form_of(page, f"program-{one.pk}-care") | {"how": "phone"}
    answer = dora.post(CHECKED, sent)
    assert answer["Location"] == f"{QUEUE}?kind=program&state=IL&group=care#program-{two.pk}-care"
    assert [(line.slug, line.group, line.how, line.by) for line in lines()] == [("one", "care", "phone", person())]
    page = text(dora.get(answer["Location"]))
    assert f"Checked by phone: {one}, What it treats and offers." in page
    assert f'id="program-{one.pk}-care"' not in page
    assert f'id="program-{two.pk}-care"' in page


def test_a_row_has_what_it_takes_to_look() -> None:
    doctor = make(SpecialistFactory)
    page = as_().get(f"{QUEUE}?kind=specialist").content.decode()
    for words in (
        'href="tel:+13125550142"', 'href="https://lakeside.example/"', change_url(doctor), doctor.get_absolute_url(),
        "last checked: never", "Checked today by phone", "Checked today on the hospital&#x27;s website",
    ):  # fmt: skip
        assert words in page
    Program.objects.update(phone="", website="")
    page = as_().get(f"{QUEUE}?kind=specialist").content.decode()
    assert "No phone known" in page
    assert "No website known" in page


def test_the_queue_is_filtered_by_links_that_count() -> None:
    make(CenterFactory, state="OH")
    make(ProgramFactory)
    page = text(as_().get(f"{QUEUE}?state=OH"))
    assert "Everything (3)" in page
    assert "Programs (0)" in page
    assert "Nothing is due here." in text(as_().get(f"{QUEUE}?state=OH&kind=program"))


def test_a_long_queue_has_more_pages() -> None:
    ProgramFactory.create_batch(17)
    dora = as_()
    page = dora.get(QUEUE)
    assert text(page).count("Checked today by phone") == 50
    link = re.search(r'class="queue-on" href="([^"]+)"', page.content.decode())
    assert link
    rest = dora.get(QUEUE + html.unescape(link[1]))
    assert text(rest).count("Checked today by phone") == 1
    assert "Back to the start of the queue" in text(rest)
    assert 'class="queue-on"' not in text(rest)


def test_who_looked_at_older_facts_looks_again() -> None:
    program, dora = make(ProgramFactory), as_()
    sent = form_of(dora.get(QUEUE), f"program-{program.pk}-contact") | {"how": "phone"}
    program.phone = "+13125550199"
    keeping.save(listing=program, by=person("eve"))
    answer = dora.post(CHECKED, sent, follow=True)
    assert "This listing was changed meanwhile. Look at it again." in text(answer)
    assert Program.objects.get().contact_verified_on is None


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 302), ({"kind": "palace"}, 403), ({"kind": ""}, 403), ({"kind": "\x00"}, 403), ({"pk": "x"}, 302),
        ({"pk": "9" * 40}, 302), ({"pk": "-1"}, 302), ({"pk": "²"}, 302), ({"group": "post"}, 302),
        ({"group": "\x00"}, 302), ({"group": "x" * 10_000}, 302), ({"how": "hearsay"}, 302), ({"how": ""}, 302),
        ({"seen": "x"}, 302), ({"kind": "specialist"}, 302),
    ],
)  # fmt: skip
def test_nonsense_marks_nothing(data: dict[str, str], status: int) -> None:
    program, dora = make(ProgramFactory), as_()
    program.hospital = "After"
    keeping.save(listing=program, by=None)
    sent = {"kind": "program", "pk": program.pk, "group": "care", "how": "phone", "seen": "0", **data}
    assert dora.post(CHECKED, sent).status_code == status
    assert lines("checked") == []


@pytest.mark.parametrize(
    ("back", "on_with"),
    [
        ("https://elsewhere.example/", "x"), ("//elsewhere.example", "\r\nSet-Cookie: a=b"), ("\x00", "\x00"),
        ("?next=https://elsewhere.example", "program-1-care\n"), ("?after=x&kind=palace&state=ZZ", "<script>"),
        ("x" * 10_000, "x" * 10_000),
    ],
)  # fmt: skip
def test_the_way_back_leads_to_the_queue_only(back: str, on_with: str) -> None:
    program = make(ProgramFactory)
    sent = {"kind": "program", "pk": program.pk, "group": "care", "how": "phone", "back": back, "on_with": on_with}
    assert as_().post(CHECKED, sent)["Location"] in (f"{QUEUE}?", QUEUE)


def test_a_click_needs_its_token_and_a_post() -> None:
    program = make(ProgramFactory)
    dora = as_(enforce_csrf_checks=True)
    assert dora.post(CHECKED, {"kind": "program", "pk": program.pk, "group": "care", "how": "phone"}).status_code == 403
    assert dora.get(CHECKED).status_code == 405
    assert dora.post(QUEUE).status_code in (403, 405)
    assert lines() == []


# --- Reports ---


def test_reports_wait_oldest_first_and_answered_ones_last() -> None:
    rows = [reporting.report(listing=make(ProgramFactory), problem="phone", words="Secret.") for _ in range(3)]
    reporting.settle(report=rows[0], answer="Changed.", by=person())
    page = as_().get("/admin/doctors/report/")
    assert [row.pk for row in page.context["cl"].result_list] == [rows[1].pk, rows[2].pk, rows[0].pk]
    assert "Secret." not in text(page)


def test_words_are_opened_on_the_page_of_one_report_only() -> None:
    row = reporting.report(listing=make(CenterFactory), problem="other", words="<b>Wrong</b>\nfloor.")
    with CaptureQueriesContext(connection) as queries:
        page = as_().get(f"/admin/doctors/report/{row.pk}/change/")
    assert "&lt;b&gt;Wrong&lt;/b&gt;<br>floor." in page.content.decode()
    assert len([query for query in queries if '"doctors_report"."words"' in query["sql"]]) == 1


@pytest.mark.parametrize(("verb", "field"), [("settle", "settled"), ("decline", "declined")])
def test_an_answer_is_given_once_and_says_who(verb: str, field: str) -> None:
    row, dora = reporting.report(listing=make(ProgramFactory), problem="phone", words="Joe called."), as_()
    path = f"/admin/doctors/report/{row.pk}/{verb}/"
    refused = dora.post(path, {field: " \u200b"})
    assert refused.status_code == 200
    assert "Say w" in text(refused)
    long = dora.post(path, {field: "x" * 301})
    assert "300 characters" in text(long)
    assert "x" * 301 in text(long)
    assert dora.post(path, {field: "The number works."}).status_code == 302
    page = text(dora.get(f"/admin/doctors/report/{row.pk}/change/"))
    assert "by dora: The number works." in page
    assert "<textarea" not in page
    assert "dealt with already" in text(dora.post(path, {field: "Again."}))
    row.refresh_from_db()
    assert row.answer == "The number works."
    assert "Joe" not in str(LogEntry.objects.values())


def test_who_may_read_a_report_may_not_close_it() -> None:
    row = reporting.report(listing=make(ProgramFactory), problem="phone", words="Secret.")
    reader = as_("rosa", may=("view_report", "view_program"))
    page = text(reader.get(f"/admin/doctors/report/{row.pk}/change/"))
    assert "Secret." in page
    assert "<textarea" not in page
    for verb in ("settle", "decline"):
        assert (
            reader.post(f"/admin/doctors/report/{row.pk}/{verb}/", {"settled": "x", "declined": "x"}).status_code == 403
        )
        assert reader.get(f"/admin/doctors/report/{row.pk}/{verb}/").status_code == 405
    closer = as_("carl", may=("close_report",))
    assert closer.post(f"/admin/doctors/report/{row.pk}/settle/", {"settled": "x"}).status_code == 403
    row.refresh_from_db()
    assert row.state == "open"


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 40, "x", "1_2"])
def test_reports_that_are_not_there(pk: str) -> None:
    assert as_().get(f"/admin/doctors/report/{pk}/change/").status_code == 404


def test_reports_are_neither_added_changed_nor_deleted(admin_client: Client) -> None:
    row = reporting.report(listing=make(ProgramFactory), problem="phone", words="Secret.")
    assert admin_client.get("/admin/doctors/report/add/").status_code == 403
    assert admin_client.post(f"/admin/doctors/report/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    admin_client.post(f"/admin/doctors/report/{row.pk}/change/", {"words": "Other.", "state": "declined"})
    row.refresh_from_db()
    assert (row.words, row.state) == ("Secret.", "open")
    assert Report.objects.count() == 1


def test_forgotten_words_are_said_to_be_gone() -> None:
    row = reporting.report(listing=make(ProgramFactory), problem="phone", words="Secret.")
    reporting.settle(report=row, answer="Changed.", by=person())
    reporting.forget_words(now=timezone.now() + datetime.timedelta(days=181))
    page = text(as_().get(f"/admin/doctors/report/{row.pk}/change/"))
    assert "The words were deleted, as promised" in page
    empty = reporting.report(listing=make(ProgramFactory), problem="phone", words="")
    assert "They wrote nothing more." in text(as_().get(f"/admin/doctors/report/{empty.pk}/change/"))


# --- History ---


def test_the_history_of_a_listing_tells_each_change_newest_first() -> None:
    center = make(CenterFactory, name="Big center")
    program = make(ProgramFactory)
    program.center, program.phone = center, "+13125550199"
    keeping.save(listing=program, by=None)
    program.surgery, program.phone = True, ""
    keeping.save(listing=program, by=person())
    keeping.check(listing=program, group="care", how="website", by=person("eve"))
    shown = as_().get(change_url(program, "history")).context["lines"]
    assert [(what, who) for _, what, who, _ in shown] == [
        ("Checked on the hospital's website: What it treats and offers", "eve"),
        ("Changed", "dora"),
        ("Changed", "a file of the product"),
    ]
    assert [set(map(tuple, facts)) for *_, facts in shown] == [
        set(),
        {("Surgery", "not known", "yes"), ("Phone", "+13125550199", "not known")},
        {("Center", "not known", "Big center"), ("Phone", "+13125550142", "+13125550199")},
    ]


def test_a_history_is_long_and_costs_the_same() -> None:
    program, dora, counts = make(ProgramFactory), as_(), []
    centers = [make(CenterFactory) for _ in range(3)]
    for number in range(3):
        program.center = centers[number]
        keeping.save(listing=program, by=person())
        with CaptureQueriesContext(connection) as queries:
            dora.get(change_url(program, "history"))
        counts.append(len(queries))
    assert counts[0] == counts[2]
    for number in range(100):
        program.notes = str(number)
        keeping.save(listing=program, by=person())
    first, last = dora.get(change_url(program, "history")), dora.get(change_url(program, "history"), {"p": 2})
    assert (len(first.context["lines"]), len(last.context["lines"])) == (100, 3)
    for page in ("0", "x", "99", "-1", "\x00"):
        assert dora.get(change_url(program, "history"), {"p": page}).status_code in (200, 400)


def test_the_list_of_changes_is_read_and_keeps_what_was_removed(admin_client: Client) -> None:
    program = make(ProgramFactory, slug="gone-for-good")
    program.hospital = "<b>After</b>"
    change = keeping.save(listing=program, by=None)
    assert change
    keeping.remove(listing=program, by=person())
    page = admin_client.get("/admin/doctors/listingchange/", {"q": "gone-for-good"})
    assert len(page.context["cl"].result_list) == 2
    assert "Hospital: Lakeside Hospital → &lt;b&gt;After&lt;/b&gt;" in page.content.decode()
    one = reverse("admin:doctors_listingchange_change", args=[change.pk])
    assert "Lakeside Hospital" in text(admin_client.get(one))
    assert admin_client.post(one, {"slug": "other"}).status_code == 403
    assert admin_client.get("/admin/doctors/listingchange/add/").status_code == 403
    assert admin_client.post(reverse("admin:doctors_listingchange_delete", args=[change.pk])).status_code == 403


def test_a_history_that_is_not_there() -> None:
    assert as_().get("/admin/doctors/program/999/history/").status_code == 404
    assert as_().get("/admin/doctors/program/x/history/").status_code == 404
