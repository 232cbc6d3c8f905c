"""How families reach a person. Addresses carry the name of a step, and the family's own page its token."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path, re_path

from intake.journey import NUMBER
from intake.views import joining, match, match_contact, outcomes, talk
from intake.views.my import calls, contact, finding, leaving, page, people, plan, questions, sharing, taking


def either(route: str, page: str, view: Callable[..., HttpResponse], *, name: str = "") -> list[URLPattern]:
    """A page of a journey: with its number, and without (the one that was touched last)."""
    name = name or f"{route}-{page}"
    numbered = re_path(f"^{route}/(?P<number>{NUMBER})/{page}/$", view, name=name)
    return [path(f"{route}/{page}/", view, name=name), numbered]


urlpatterns = [
    path("outcomes/", outcomes.page, name="outcomes"),
    path("match/", match.start, name="match"),
    path("match/refer/", match.refer, name="match-refer"),
    *either("match", "results", match.results),
    *either("match", "contact", match_contact.contact),
    *either("match", "times", match_contact.times),
    *either("match", "family", match_contact.family),
    *either("match", "check", match_contact.check),
    *either("match", "done", match_contact.done),
    *either("match", "start-over", match.start_over),
    path("match/<slug:step>/", match.step, name="match-step"),
    re_path(f"^match/(?P<number>{NUMBER})/(?P<step>[a-z]+)/$", match.step, name="match-step"),
    path("talk/", talk.start, name="talk"),
    *either("talk", "check", talk.check),
    *either("talk", "confirmed", talk.done, name="talk-done"),
    *either("talk", "start-over", talk.start_over),
    path("talk/<slug:step>/", talk.step, name="talk-step"),
    re_path(f"^talk/(?P<number>{NUMBER})/(?P<step>[a-z]+)/$", talk.step, name="talk-step"),
    path("my/find/", finding.find_my_link, name="find-my-link"),
    path("my/find/sent/", finding.sent, name="find-my-link-sent"),
    path("my/deleted/", leaving.deleted, name="my-deleted"),
    path("my/declined/", joining.declined, name="join-declined"),
    path("my/<token>/", page.page, name="my"),
    path("my/<token>/move/", calls.move, name="my-move"),
    path("my/<token>/cancel/", calls.cancel, name="my-cancel"),
    path("my/<token>/again/", calls.again, name="my-again"),
    path("my/<token>/contact/", contact.contact, name="my-contact"),
    path("my/<token>/note/", contact.note, name="my-note"),
    path("my/<token>/people/", people.everybody, name="my-people"),
    path("my/<token>/people/out/", people.take_out, name="my-take-out"),
    path("my/<token>/questions/", questions.questions, name="my-questions"),
    path("my/<token>/plan/", plan.plan, name="my-plan"),
    path("my/<token>/plan/done/", plan.tick, name="my-plan-done"),
    path("my/<token>/sharing/", sharing.everything, name="my-sharing"),
    path("my/<token>/sharing/<int:pk>/", sharing.answer, name="my-sharing-answer"),
    path("my/<token>/sharing/<int:pk>/end/", sharing.end, name="my-sharing-end"),
    path("my/<token>/download/", taking.download, name="my-download"),
    path("my/<token>/withdraw/", leaving.withdraw, name="my-withdraw"),
    path("my/<token>/delete/", leaving.delete, name="my-delete"),
    path("my/<token>/calendar.ics", calls.calendar, name="my-calendar"),
    path("my/<token>/join/", joining.join, name="join"),
    path("my/<token>/call/", calls.call, name="call"),
    path("my/<token>/call/move/", calls.call_move, name="call-move"),
    path("my/<token>/call/cancel/", calls.call_cancel, name="call-cancel"),
    path("my/<token>/call/calendar.ics", calls.call_calendar, name="call-calendar"),
]
