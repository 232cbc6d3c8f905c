"""The editors' desk: a text is written, looked at, checked, signed and published there, and never edited."""

import datetime
import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from content import correcting
from content.admin import searching
from content.models import Article, Change, ErrorReport, Helpful, Revision
from content.publishing import check_facts
from content.roles import load_groups
from tests.content.factories import ArticleFactory, PersonFactory, RevisionFactory, UserFactory, sign

pytestmark = pytest.mark.django_db

SOURCE = """[plan]
title: Costs
publisher: Medicare
link: https://medicare.example/costs
date: living page
looked up: 2026-11-23"""
GOOD = ":::glance\n- Many plans help to pay.\n:::\n\nAsk your plan first.[^plan]"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("chief", password="a long pass phrase"))
    return client


def member(group: str, **fields: Any) -> Any:
    user = UserFactory(**fields)
    user.groups.add(load_groups()[group])
    return user


def written(article: Any, **changes: str) -> dict[str, Any]:
    text = {"article": article.pk, "title": "Who pays?", "summary": "Many plans help.", "description": "", "body": GOOD}
    return {**text, "references": SOURCE, "change_note": "Clearer", **changes}


def post(client: Client, step: str, revision: Revision, data: dict[str, Any] | None = None) -> str:
    answer = client.post(reverse(f"admin:content_revision_{step}", args=[revision.pk]), data or {}, follow=True)
    return answer.content.decode()


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


LISTS = ["revision", "article", "person", "topic", "errorreport", "change", "oldaddress", "helpful"]


def everything(article: Article | None = None) -> None:
    """A row for each list."""
    revision = RevisionFactory(live=True, **({"article": article} if article else {}))
    correcting.report(revision=revision, words="Wrong.")
    Change.objects.create(article=revision.article, what="published", note="New.", revision=revision, by=UserFactory())
    Helpful.objects.create(revision=revision, no=12)
    revision.article.old_addresses.create(path=f"old-{revision.pk}")


@pytest.mark.parametrize("model", LISTS)
def test_lists_take_the_same_queries_for_one_row_and_three(desk: Client, model: str) -> None:
    url = reverse(f"admin:content_{model}_changelist")
    everything()
    desk.get(url)
    one = queries(desk, url)
    everything()
    everything()
    assert queries(desk, url) == one


@pytest.mark.parametrize("name", ["admin:content_article_desk", "admin:index"])
def test_desk_takes_the_same_queries_for_one_row_and_three(desk: Client, name: str) -> None:
    def more() -> None:
        everything()
        RevisionFactory()
        Article.objects.update(review_due_on=timezone.localdate() - datetime.timedelta(days=3))

    more()
    desk.get(reverse(name))
    one = queries(desk, reverse(name))
    more()
    more()
    assert queries(desk, reverse(name)) == one


def test_no_list_reads_a_body_or_a_readers_words(desk: Client) -> None:
    everything()
    for model in LISTS:
        with CaptureQueriesContext(connection) as captured:
            desk.get(reverse(f"admin:content_{model}_changelist"))
        read = " ".join(query["sql"] for query in captured)
        assert '"body"' not in read, model
        assert '"words"' not in read, model


@pytest.mark.parametrize(
    ("typed", "found"),
    [("medicare", 1), ("old NAME", 1), ("costs/", 2), ('"who pays"', 1), ('"', 0), ("medicare old", 1), ("nothing", 0)],
)
def test_articles_are_found_by_address_and_by_any_title_they_had(desk: Client, typed: str, found: int) -> None:
    article = ArticleFactory(path="costs/medicare")
    RevisionFactory(article=article, title="Its old name")
    RevisionFactory(article=article, title="Its old name, longer", live=True)
    RevisionFactory(article__path="costs/plans", title="Who pays?")
    page = desk.get(reverse("admin:content_article_changelist"), {"q": typed}).content.decode()
    assert page.count('<th class="field-path') == found


@pytest.mark.parametrize(("typed", "found"), [("medicare", 2), ("old", 1), ("costs/ pays", 1), ("", 3), ("nothing", 0)])
def test_texts_are_found_by_title_and_address(desk: Client, typed: str, found: int) -> None:
    article = ArticleFactory(path="costs/medicare")
    RevisionFactory(article=article, title="Its old name")
    RevisionFactory(article=article, title="Its name")
    RevisionFactory(article__path="costs/plans", title="Who pays?")
    page = desk.get(reverse("admin:content_revision_changelist"), {"q": typed}).content.decode()
    assert page.count('<th class="field-title') == found


# Writing.


def test_form_names_its_article_and_lists_no_other(desk: Client) -> None:
    article, other = ArticleFactory(path="costs/medicare"), ArticleFactory(path="costs/plans")
    page = desk.get(reverse("admin:content_revision_add"), {"article": article.pk}).content.decode()
    assert re.search(
        rf'<input[^>]* name="article"[^>]* value="{article.pk}"|value="{article.pk}"[^>]* name="article"', page
    )
    assert "costs/medicare" in page
    assert other.path not in page


def test_form_starts_from_the_newest_text_and_its_sources_as_lines(desk: Client) -> None:
    article = ArticleFactory()
    desk.post(reverse("admin:content_revision_add"), written(article, title="Where we stand"))
    page = desk.get(reverse("admin:content_revision_add"), {"article": article.pk}).content.decode()
    assert "Where we stand" in page
    assert "link: https://medicare.example/costs" in page
    assert f'name="based_on" value="{Revision.objects.get().pk}"' in page
    assert desk.get(reverse("admin:content_revision_add")).status_code == 200


def test_saving_makes_a_rendered_draft(desk: Client) -> None:
    article = ArticleFactory()
    answer = desk.post(reverse("admin:content_revision_add"), written(article))
    revision = Revision.objects.get()
    assert answer["Location"] == reverse("admin:content_revision_change", args=[revision.pk])
    assert "Ask your plan first.<sup>" in revision.body_html
    assert (revision.written_by.username, revision.is_live, revision.source_digest) == ("chief", False, "")
    assert revision.sources_read_on == datetime.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"body": "Odd.[^who]"}, "The text cites [^who], which is not in its references."),
        ({"body": ":::odd\n:::"}, "unknown box"),
        ({"title": ""}, "This field is required."),
        ({"references": "title: x"}, "Sources, line 1: start with [name]"),
        ({"references": "[a]\nlink: x\nlink: y"}, "Sources, line 3: link stands twice"),
        ({"references": "[a]\nodd: x"}, "Sources, line 2"),
        ({"references": "[a]\ntitle: x"}, "has no publisher"),
        ({"references": SOURCE.replace("https://medicare", "ftp://medicare")}, "not a web address"),
        ({"references": SOURCE.replace("2026-11-23", "yesterday")}, "retrieved on no day"),
    ],
)
def test_what_cannot_be_saved_comes_back_with_the_reason(desk: Client, changes: dict[str, str], words: str) -> None:
    article = ArticleFactory()
    page = desk.post(reverse("admin:content_revision_add"), written(article, **changes)).content.decode()
    assert words in page.replace("&#x27;", "'")
    typed = changes.get("body") or changes.get("references") or GOOD
    assert typed.splitlines()[0] in page.replace("&#x27;", "'"), "what was typed stays"
    assert not Revision.objects.exists()


def test_nobody_overwrites_a_draft_they_did_not_see(desk: Client) -> None:
    article = ArticleFactory()
    seen = RevisionFactory(article=article)
    other = RevisionFactory(article=article, title="Theirs", written_by=UserFactory(username="edith"))
    url = reverse("admin:content_revision_add")
    page = desk.post(url, written(article, based_on=str(seen.pk))).content.decode()
    assert "While you were writing, edith saved another draft (Theirs" in page
    assert f'name="based_on" value="{other.pk}"' in page
    assert Revision.objects.count() == 2
    assert desk.post(url, written(article, based_on=str(other.pk))).status_code == 302


# Looking.


def look(client: Client, article: Article, show: str, **changes: str) -> Any:
    return client.post(reverse("admin:content_revision_look"), written(article, show=show, **changes))


def test_preview_is_the_real_page_and_may_stand_in_our_own_frame(desk: Client) -> None:
    article = ArticleFactory(path="costs/who-pays")
    answer = look(desk, article, "page", title="Not saved")
    page = answer.content.decode()
    assert "<h1>Not saved</h1>" in page
    assert "At a glance" in page
    assert "Where this comes from" in page
    assert "Reviewed by" not in page
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "frame-src 'self'" in desk.get(reverse("admin:content_revision_add"))["Content-Security-Policy"]
    assert "frame-src" not in desk.get(reverse("admin:content_revision_changelist"))["Content-Security-Policy"]
    assert not Revision.objects.exists()


@pytest.mark.parametrize(
    ("kind", "path"), [("faq", "faq/x"), ("term", "glossary/x"), ("tool", "downloads/x"), ("page", "x")]
)
def test_preview_of_every_kind(desk: Client, kind: str, path: str) -> None:
    article = ArticleFactory(kind=kind, path=path, topic=None)
    page = look(desk, article, "page", title="Of its kind").content.decode()
    assert "Of its kind" in page


def test_check_names_what_is_wrong(desk: Client) -> None:
    page = look(desk, ArticleFactory(), "check", body="You save 20% for sure! [Go](/nowhere-at-all/)").content.decode()
    for words in ("The figure 20%", "no exclamation marks", "leads nowhere", "At a glance is missing", "Reading grade"):
        assert words in page, words


def test_comparison_is_with_the_text_that_readers_see(desk: Client) -> None:
    live = RevisionFactory(live=True, body="Ask your plan today.")
    RevisionFactory(article=live.article, body="A draft in between.")
    page = look(desk, live.article, "compare", body="Ask your plan tomorrow.", references="").content.decode()
    assert re.search(r"<del>.*?today\.", page)
    assert re.search(r"<ins>.*?tomorrow\.", page)
    assert "in between" not in page
    assert "Nothing to compare" in look(desk, ArticleFactory(), "compare").content.decode()


def test_text_that_cannot_be_shown_says_why_in_the_frame(desk: Client) -> None:
    answer = look(desk, ArticleFactory(), "page", body=":::odd\n:::")
    assert "unknown box" in answer.content.decode()
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_saved_text_is_read_only_with_page_and_comparison(desk: Client) -> None:
    revision = RevisionFactory()
    url = reverse("admin:content_revision_change", args=[revision.pk])
    page = desk.get(url).content.decode()
    assert "A saved text is never edited".lower() in page.lower()
    assert 'name="body"' not in page
    saved = reverse("admin:content_revision_look_saved", args=[revision.pk])
    assert "Ask your plan." in desk.get(saved, {"show": "page"}).content.decode()
    assert "Nothing to compare" in desk.get(saved, {"show": "compare"}).content.decode()
    assert "Reading grade" in desk.get(saved, {"show": "check"}).content.decode()
    desk.post(url, written(revision.article))
    revision.refresh_from_db()
    assert revision.title == "Who pays?"
    assert Revision.objects.count() == 1
    assert desk.get(reverse("admin:content_revision_change", args=["abc"])).status_code == 404


@pytest.mark.parametrize("way", ["delete", "history"])
def test_text_cannot_be_deleted(desk: Client, way: str) -> None:
    revision = RevisionFactory()
    desk.post(reverse(f"admin:content_revision_{way}", args=[revision.pk]), {"post": "yes"})
    assert Revision.objects.filter(pk=revision.pk).exists()
    action = {"action": "delete_selected", "_selected_action": [revision.pk], "post": "yes"}
    desk.post(reverse("admin:content_revision_changelist"), action)
    assert Revision.objects.filter(pk=revision.pk).exists()


def test_pages_have_no_inline_script_or_style(desk: Client) -> None:
    everything()
    revision = Revision.objects.get()
    report = ErrorReport.objects.get()
    for url in (
        reverse("admin:content_revision_add"),
        reverse("admin:content_revision_change", args=[revision.pk]),
        reverse("admin:content_article_withdraw", args=[revision.article_id]),
        reverse("admin:content_article_move", args=[revision.article_id]),
        reverse("admin:content_errorreport_change", args=[report.pk]),
        reverse("admin:content_article_desk"),
    ):
        page = desk.get(url).content.decode()
        assert " style=" not in page, url
        assert "<script>" not in page, url


# The steps, each by whom it belongs to.


def test_a_text_goes_from_author_to_editor_to_reviewer_to_readers(client: Client) -> None:
    author, editor, doctor = member("Authors"), member("Editors"), member("Medical reviewers")
    reviewer = PersonFactory(role="reviewer", user=doctor, name="Ada Real")
    article = ArticleFactory(path="costs/who-pays")
    client.force_login(author)
    client.post(reverse("admin:content_revision_add"), written(article))
    revision = Revision.objects.get()
    for step in ("check_facts", "sign_off", "publish"):
        assert client.post(reverse(f"admin:content_revision_{step}", args=[revision.pk])).status_code in (403, 404)
    client.force_login(doctor)
    assert "not checked yet" in post(client, "sign_off", revision, {"reviewer": reviewer.pk})
    client.force_login(editor)
    assert "Facts checked: Who pays?" in post(client, "check_facts", revision)
    assert "A reviewer must sign" in post(client, "publish", revision)
    client.force_login(doctor)
    assert "Signed off: Who pays?" in post(client, "sign_off", revision, {"reviewer": reviewer.pk})
    assert client.post(reverse("admin:content_revision_publish", args=[revision.pk])).status_code == 403
    client.force_login(editor)
    assert "Published: Who pays?" in post(client, "publish", revision)
    revision.refresh_from_db()
    assert (revision.is_live, revision.signed_by, revision.checked_by, revision.published_by) == (
        True, reviewer, editor, editor,
    )  # fmt: skip
    assert "Ask your plan first." in client.get("/costs/who-pays/").content.decode()


def test_nobody_checks_or_signs_what_they_wrote(client: Client) -> None:
    doctor = member("Medical reviewers")
    reviewer = PersonFactory(role="reviewer", user=doctor)
    client.force_login(doctor)
    client.post(reverse("admin:content_revision_add"), written(ArticleFactory()))
    revision = Revision.objects.get()
    assert "You wrote this text. Somebody else has to check" in post(client, "check_facts", revision)
    assert "You wrote this text. Somebody else has to sign" in post(
        client, "sign_off", revision, {"reviewer": reviewer.pk}
    )


def test_reviewer_signs_as_nobody_else(client: Client) -> None:
    doctor = member("Medical reviewers")
    PersonFactory(role="reviewer", user=doctor)
    other, revision = PersonFactory(reviewer=True, name="Ben Real"), RevisionFactory()
    client.force_login(doctor)
    url = reverse("admin:content_revision_sign_off", args=[revision.pk])
    assert client.post(url, {"reviewer": other.pk}).status_code == 404
    for nonsense in ("", "abc", "9" * 40, "-1"):
        assert client.post(url, {"reviewer": nonsense}).status_code == 404
    assert "Ben Real" not in client.get(reverse("admin:content_revision_change", args=[revision.pk])).content.decode()


def test_errors_of_the_check_block_the_sign_off(client: Client) -> None:
    doctor, editor = member("Medical reviewers"), member("Editors")
    reviewer = PersonFactory(role="reviewer", user=doctor)
    revision = RevisionFactory(body="You save 20% for sure!")
    check_facts(revision=revision, by=editor)
    client.force_login(doctor)
    page = post(client, "sign_off", revision, {"reviewer": reviewer.pk})
    assert "The check of the text found" in page
    revision.refresh_from_db()
    assert not revision.is_signed


def test_scheduling_is_on_the_sites_own_clock(desk: Client, settings: Any) -> None:
    settings.SITE_TIME_ZONE = "America/New_York"
    revision = RevisionFactory()
    sign(revision)
    assert "That time has passed" in post(desk, "schedule", revision, {"at": "2020-01-01T09:00"})
    assert "Choose a day and a time" in post(desk, "schedule", revision, {"at": "soon"})
    assert "Scheduled: Who pays?" in post(desk, "schedule", revision, {"at": "2031-07-01T09:00"})
    revision.refresh_from_db()
    assert revision.publish_at == datetime.datetime(2031, 7, 1, 13, tzinfo=datetime.UTC)
    assert "No longer scheduled" in post(desk, "unschedule", revision)
    revision.refresh_from_db()
    assert revision.publish_at is None


def test_sources_opened_today_are_a_new_draft(desk: Client) -> None:
    article = ArticleFactory()
    desk.post(reverse("admin:content_revision_add"), written(article))
    first = Revision.objects.get()
    assert "every source was opened today" in post(desk, "recheck_sources", first)
    newest = article.revisions.first()
    assert newest is not None
    assert newest.pk != first.pk
    assert newest.sources_read_on == timezone.localdate()
    assert newest.body == first.body


def test_steps_need_post_and_permission(desk: Client) -> None:
    revision = RevisionFactory()
    steps = ("check_facts", "publish", "schedule", "unschedule", "recheck_sources")
    for step in steps:
        assert desk.get(reverse(f"admin:content_revision_{step}", args=[revision.pk])).status_code == 405
    desk.force_login(UserFactory())
    for step in steps:
        assert desk.post(reverse(f"admin:content_revision_{step}", args=[revision.pk])).status_code == 403
    for name in ("withdraw", "move"):
        assert desk.post(reverse(f"admin:content_article_{name}", args=[revision.article_id])).status_code == 403
    for url in (
        reverse("admin:content_article_desk"),
        reverse("admin:content_revision_change", args=[revision.pk]),
        reverse("admin:content_revision_look_saved", args=[revision.pk]),
    ):
        assert desk.get(url).status_code == 403
    assert desk.post(reverse("admin:content_revision_look"), written(revision.article)).status_code == 403
    assert "Texts</h2>" not in desk.get(reverse("admin:index")).content.decode()


# Articles.


def test_withdrawing_asks_for_the_reason(desk: Client) -> None:
    revision = RevisionFactory(live=True)
    url = reverse("admin:content_article_withdraw", args=[revision.article_id])
    assert "Say why" in desk.post(url, {"reason": " "}).content.decode()
    page = desk.post(url, {"reason": "A figure was wrong."}, follow=True).content.decode()
    assert "Withdrawn: /" in page
    revision.refresh_from_db()
    assert not revision.is_live


def test_address_is_changed_by_moving(desk: Client) -> None:
    article = RevisionFactory(live=True, article__path="costs/medicare").article
    RevisionFactory(live=True, article__path="costs/taken")
    url = reverse("admin:content_article_move", args=[article.pk])
    for wrong in ("costs/medicare", "costs/taken", "Costs", "faq", "match", "changes/x", "admin", "find-care/near", ""):
        page = desk.post(url, {"path": wrong}).content.decode()
        assert 'class="error"' in page, wrong
    assert "Moved: /" in desk.post(url, {"path": "/costs/medicare-and-you/"}, follow=True).content.decode()
    assert desk.get("/costs/medicare/")["Location"] == "/costs/medicare-and-you/"
    form = desk.get(reverse("admin:content_article_change", args=[article.pk])).content.decode()
    assert 'name="path"' not in form


@pytest.mark.parametrize("field", ["shown_on", "related"])
def test_a_choice_that_is_no_article_is_refused_and_not_asked_for(desk: Client, field: str) -> None:
    article, other = ArticleFactory(), ArticleFactory(path="the/other")
    page = reverse("admin:content_article_change", args=[article.pk])
    for choice in ("x", "1 OR 1=1", "-1", "9" * 400, "²"):
        answer = desk.post(page, {field: choice, "order": 1})
        assert answer.status_code == 200, choice
        assert "Select a valid choice" in answer.content.decode() or "is not a valid value" in answer.content.decode()
    again = desk.post(page, {field: other.pk, "order": "none"}).content.decode()
    assert re.search(rf'<option value="{other.pk}" selected[^>]*>the/other', again), "a right one is kept"


def test_review_cycle_moves_the_promised_day(desk: Client) -> None:
    revision = RevisionFactory(live=True)
    article = revision.article
    data = {"topic": article.topic_id, "order": 0, "author": article.author_id, "review_every_months": 3}
    url = reverse("admin:content_article_change", args=[article.pk])
    assert desk.post(url, {**data, "also_called": "[]"}).status_code == 302
    article.refresh_from_db()
    assert article.placed_by_hand
    revision.article = article
    assert article.review_due_on == revision.review_due_on()


def test_article_page_leads_to_its_next_steps(desk: Client) -> None:
    article = RevisionFactory().article
    page = desk.get(reverse("admin:content_article_change", args=[article.pk])).content.decode()
    assert "Write a new revision" in page
    assert "Save this first" in desk.get(reverse("admin:content_article_add")).content.decode()
    assert desk.post(reverse("admin:content_article_delete", args=[article.pk]), {"post": "yes"}).status_code == 403


# The desk and the reports.


def test_desk_says_what_waits_and_for_whom(desk: Client) -> None:
    today = timezone.localdate()
    for title, days in (("Late one", -1), ("Soon one", 10), ("Far one", 200)):
        article = RevisionFactory(live=True, title=title).article
        Article.objects.filter(pk=article.pk).update(review_due_on=today + datetime.timedelta(days=days))
    RevisionFactory(title="Unchecked draft")
    checked = RevisionFactory(title="Checked draft")
    check_facts(revision=checked, by=UserFactory())
    sign(RevisionFactory(title="Signed draft"))
    old = RevisionFactory(live=True, title="Old sources")
    Revision.objects.filter(pk=old.pk).update(sources_read_on=today - datetime.timedelta(days=400))
    page = re.sub(r"\s+", " ", desk.get(reverse("admin:content_article_desk")).content.decode())
    sections = {part.split("<")[0].rsplit(":", 1)[0]: part for part in page.split("<h2>")[1:]}
    assert "Late one" in sections["Overdue for review (readers are told)"]
    assert "Soon one" in sections["Due for review within 30 days"]
    assert "Unchecked draft" in sections["Drafts that wait for a fact check"]
    assert "Checked draft" in sections["Drafts that wait for a medical reviewer"]
    assert "Signed draft" in sections["Signed, to be published"]
    assert "Old sources" in sections["Sources not opened for a year"]
    assert "Far one" not in page


def test_superseded_draft_waits_for_nobody(desk: Client) -> None:
    draft = RevisionFactory(title="First try")
    RevisionFactory(article=draft.article, title="Second try")
    page = desk.get(reverse("admin:content_article_desk")).content.decode()
    assert "Second try" in page
    assert "First try" not in page


def test_report_is_accepted_in_public_or_declined_with_a_reason(client: Client) -> None:
    client.force_login(member("Editors"))
    revision = RevisionFactory(live=True, article__path="costs")
    first = correcting.report(revision=revision, words="It says 25%, it is 20%.")
    second = correcting.report(revision=revision, words="I do not like it.")
    page = client.get(reverse("admin:content_errorreport_change", args=[first.pk])).content.decode()
    assert "It says 25%, it is 20%." in page
    accept, decline = (reverse(f"admin:content_errorreport_{verb}", args=[0]) for verb in ("accept", "decline"))
    accept, decline = accept.replace("/0/", f"/{first.pk}/"), decline.replace("/0/", f"/{second.pk}/")
    assert "for the public change log" in client.post(accept, {"note": " "}).content.decode()
    assert "Accepted: Report" in client.post(accept, {"note": "The share was wrong."}, follow=True).content.decode()
    assert "dealt with already" in client.post(accept, {"note": "Again."}).content.decode()
    assert "Declined: Report" in client.post(decline, {"reason": "Taste."}, follow=True).content.decode()
    log = client.get("/changes/costs/").content.decode()
    assert "The share was wrong." in log
    assert "Taste." not in log
    RevisionFactory(live=True, article__kind="page", article__path="about/corrections", article__topic=None)
    assert "The share was wrong." in client.get("/about/corrections/").content.decode()


def test_author_sees_no_report(client: Client) -> None:
    client.force_login(member("Authors"))
    report = correcting.report(revision=RevisionFactory(live=True), words="Wrong.")
    assert client.get(reverse("admin:content_errorreport_change", args=[report.pk])).status_code == 403
    assert client.post(reverse("admin:content_errorreport_accept", args=[report.pk]), {"note": "x"}).status_code == 403
    assert "Reports of errors" not in client.get(reverse("admin:content_article_desk")).content.decode()


def test_search_of_the_lists_stops_after_so_many(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST", 2)
    for number in range(3):
        RevisionFactory(title=f"Find me {number}")
    for model, words in (("revision", "2 texts"), ("article", "2 articles")):
        url = reverse(f"admin:content_{model}_changelist")
        page = desk.get(url, {"q": "find"}).content.decode()
        assert page.count('class="action-select"') in (0, 2)
        assert "2 " in page.split('class="paginator"')[1][:200], words
        assert "0 " in desk.get(url, {"q": "nowhere"}).content.decode().split('class="paginator"')[1][:200]
