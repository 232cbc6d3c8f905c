"""How families reach a person. Addresses carry the name of a step, and the family's own page its token."""

from django.urls import path

from intake.views import match, my, talk

urlpatterns = [
    path("match/", match.start, name="match"),
    path("match/refer/", match.refer, name="match-refer"),
    path("match/results/", match.results, name="match-results"),
    path("match/contact/", match.contact, name="match-contact"),
    path("match/check/", match.check, name="match-check"),
    path("match/done/", match.done, name="match-done"),
    path("match/start-over/", match.start_over, name="match-start-over"),
    path("match/<slug:step>/", match.step, name="match-step"),
    path("talk/", talk.start, name="talk"),
    path("talk/check/", talk.check, name="talk-check"),
    path("talk/confirmed/", talk.done, name="talk-done"),
    path("talk/start-over/", talk.start_over, name="talk-start-over"),
    path("talk/<slug:step>/", talk.step, name="talk-step"),
    path("my/deleted/", my.deleted, name="my-deleted"),
    path("my/<token>/", my.page, name="my"),
    path("my/<token>/move/", my.move, name="my-move"),
    path("my/<token>/cancel/", my.cancel, name="my-cancel"),
    path("my/<token>/withdraw/", my.withdraw, name="my-withdraw"),
    path("my/<token>/delete/", my.delete, name="my-delete"),
    path("my/<token>/calendar.ics", my.calendar, name="my-calendar"),
]
