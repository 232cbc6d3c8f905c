"""Several people at one desk, in any order: what design promises holds after every step.

Families, three advocates of whom one leads, and the worker act on a handful of requests. A verb may refuse with a
sentence of its own; then it must have changed nothing.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from intake import (
    absences,
    booking,
    consent,
    erasing,
    merging,
    notes,
    people,
    planning,
    promises,
    sharing,
    sheet,
    submitting,
    triage,
)
from intake.admin.scope import seen_by
from intake.models import (
    Advocate,
    Consent,
    Conversation,
    HelpRequest,
    History,
    Message,
    Note,
    Participant,
    PlanItem,
    Promise,
    Sharing,
)
from navigator.encryption import EncryptedTextField
from tests.intake.factories import AdvocateFactory

REFUSALS = (
    booking.SlotTakenError,
    booking.BookingError,
    merging.MergeError,
    notes.NoteError,
    people.PeopleError,
    planning.PlanError,
    sharing.SharingError,
    sheet.SheetError,
    triage.TriageError,
)
K = Promise.Kind
OPEN = (HelpRequest.Status.NEW, HelpRequest.Status.ASSIGNED, HelpRequest.Status.REACHED)
# What is still said once a request is closed; nothing of it after a withdrawal.
AFTER_CLOSING = {K.TELL_NEWS, K.TELL_CANCELLED, K.TELL_CHANGED, K.SEND_LINK}
CANARIES = ("Canary", "quiet.example", "5550177", "peritoneal", "secret words")
FAMILIES = {
    "daughter": {"name": "Canary Daughter", "email": "daughter@quiet.example", "phone": "+13125550177"},
    "father": {"name": "Canary Father", "email": "father@quiet.example"},
    "son": {"name": "Canary Son", "phone": "+13125550177", "reach_by": "phone"},
}
done: Counter[str] = Counter()  # verbs that changed something, over all runs
which = st.integers(0, 5)
seldom = st.booleans()
names = st.sampled_from(["ana", "ben", "carol"])


class Desk(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone._from_testcase = True  # type: ignore[attr-defined]  # submitting is durable elsewhere
        self.undone.__enter__()
        mail.outbox.clear()
        self.accepted: dict[int, str] = {}
        self.counts = (0, 0)
        self.withdrawn: dict[int, datetime] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize()
    def a_desk(self) -> None:
        everywhere = {"states": "IL WI", "capacity": 4}
        self.staff: dict[str, Advocate] = {
            "ana": AdvocateFactory(first_name="Ana", languages="en es", **everywhere),
            "ben": AdvocateFactory(first_name="Ben", serves_veterans=True, **everywhere),
            "carol": AdvocateFactory(first_name="Carol", is_lead=True, **everywhere),
        }
        for who in ("daughter", "son"):
            self.ask(who, "IL", "en")
        self.ask_for_a_conversation("daughter", 0)

    # What families do

    @rule(
        who=st.sampled_from(sorted(FAMILIES)),
        state=st.sampled_from(["IL", "WI", ""]),
        language=st.sampled_from(["en", "es"]),
    )
    def ask(self, who: str, state: str, language: str) -> None:
        if len(self.accepted) >= 6:
            return
        told = submitting.Told("peritoneal", ("surgery",), "any", "60614", state, False)
        self._accept(
            submitting.submit_doctor_match(
                contact=self._contact(who, language), told=told, consent=consent.contact_words(), submission_key=uuid4()
            )
        )

    @rule(who=st.sampled_from(sorted(FAMILIES)), slot=st.integers(0, 3))
    def ask_for_a_conversation(self, who: str, slot: int) -> None:
        if len(self.accepted) >= 6:
            return
        asked = {"contact": self._contact(who, "en"), "state": "IL", "consent": consent.contact_words()}
        try:
            self._accept(
                submitting.submit_conversation(starts_at=self._slot(slot), way="phone", submission_key=uuid4(), **asked)
            )
        except booking.SlotTakenError:
            self._accept(submitting.submit_call(submission_key=uuid4(), **asked))

    @rule(n=which, slot=st.integers(0, 3))
    def move(self, n: int, slot: int) -> None:
        if call := self._call(n):
            self._try(booking.move, conversation=call, starts_at=self._slot(slot))

    @rule(n=which)
    def cancel(self, n: int) -> None:
        if call := self._call(n):
            self._try(booking.cancel, conversation=call)

    @rule(n=which, slot=st.integers(0, 3))
    def book_again(self, n: int, slot: int) -> None:
        if (row := self._row(n)) and not self._call(n):
            self._try(booking.book, help_request=row, starts_at=self._slot(slot), way="phone")

    @rule(n=which, how=st.sampled_from(["the family's page", "letter"]), sure=seldom)
    def withdraw(self, n: int, how: str, sure: bool) -> None:
        if sure and (row := self._row(n)):
            self._try(erasing.withdraw, help_request=row, how=how)
            self._gone(row)

    @rule(n=which, sure=seldom)
    def erase(self, n: int, sure: bool) -> None:
        if sure and (row := self._row(n)):
            self._try(erasing.erase, help_request=row)
            self._gone(row)

    @rule(n=which)
    def write(self, n: int) -> None:
        if row := self._row(n):
            self._try(notes.from_family, help_request=row, body="secret words of the family")

    @rule(n=which)
    def pick_questions(self, n: int) -> None:
        if row := self._row(n):
            self._try(sheet.pick, help_request=row, questions=["secret words to ask"])

    @rule(n=which, role=st.sampled_from(["patient", "helper"]))
    def name_another(self, n: int, role: str) -> None:
        if row := self._row(n):
            contact = {"name": "Canary Other", "email": "other@quiet.example", "reach_by": "email"}
            self._try(people.add, help_request=row, role=role, contact=contact)

    @rule(n=which, says=st.sampled_from(["yes", "no"]))
    def the_other_answers(self, n: int, says: str) -> None:
        other = Participant.objects.filter(help_request=self._row(n), erased_at=None).order_by("pk").last()
        if other and says == "yes":
            self._try(people.join, participant=other, words=consent.contact_words(), how="page")
        elif other:
            self._try(people.leave, participant=other, how="page")

    @rule(n=which)
    def change_address(self, n: int) -> None:
        if row := self._row(n):
            self._try(people.change_contact, person=row, contact={"email": f"{uuid4().hex[:6]}@quiet.example"})

    @rule(n=which, says=st.sampled_from(["yes", "no", "end"]))
    def answer_about_sharing(self, n: int, says: str) -> None:
        asked = Sharing.objects.filter(help_request=self._row(n)).order_by("pk").last()
        if asked is None:
            return
        if says == "yes":
            self._try(sharing.agree, sharing=asked, words=sharing.words_of(asked), how="page")
        else:
            self._try(sharing.decline if says == "no" else sharing.end, sharing=asked, how="page")

    # What staff do

    @rule(n=which, who=names)
    def take(self, n: int, who: str) -> None:
        self._staff(triage.take, n, who)

    @rule(n=which, who=names, to=names)
    def reassign(self, n: int, who: str, to: str) -> None:
        self._staff(triage.reassign, n, who, to=self.staff[to], reason="speaks with them already")

    @rule(n=which, who=names, result=st.sampled_from(sorted(triage.RESULTS)))
    def call(self, n: int, who: str, result: str) -> None:
        self._staff(triage.take, n, who)  # refused where somebody has it
        self._staff(triage.log_call, n, who, result=result)

    @rule(n=which, who=names, verb=st.sampled_from(["wait_for_family", "settle", "mark_spam", "reopen"]))
    def simply(self, n: int, who: str, verb: str) -> None:
        self._staff(getattr(triage, verb), n, who)

    @rule(n=which, who=names)
    def escalate(self, n: int, who: str) -> None:
        self._staff(triage.escalate, n, who, reason="needs a second pair of eyes")

    @rule(n=which, who=names, outcome=st.sampled_from(["helped", "answered", "not_reached"]))
    def close(self, n: int, who: str, outcome: str) -> None:
        self._staff(triage.close, n, who, outcome=outcome)

    @rule(n=which, who=names)
    def next_step(self, n: int, who: str) -> None:
        self._staff(triage.set_next_step, n, who, step="secret words of the step", on=date(2030, 1, 7))

    @rule(n=which, who=names)
    def tell(self, n: int, who: str) -> None:
        self._staff(notes.to_family, n, who, body="secret words of the nurse")

    @rule(n=which, who=names)
    def plan(self, n: int, who: str) -> None:
        self._staff(
            planning.add_item, n, who, kind="step", text="secret words of the plan", responsible="family", due_on=None
        )
        self._staff(planning.show_plan, n, who)

    @rule(n=which, into=which, who=names)
    def merge(self, n: int, into: int, who: str) -> None:
        if target := self._row(into):
            self._staff(merging.merge, n, who, into=target)

    @rule(n=which, who=names)
    def ask_to_share(self, n: int, who: str) -> None:
        self._staff(sharing.ask, n, who, receiver="Canary Hospital", what=sorted(sharing.WHAT)[:1])

    @rule(n=which, who=names)
    def share(self, n: int, who: str) -> None:
        if asked := Sharing.objects.filter(help_request=self._row(n)).order_by("pk").last():
            self._try(sharing.mark_shared, sharing=asked, by=self.staff[who].user)

    @rule(n=which, who=names, held=st.booleans())
    def the_half_hour_comes(self, n: int, who: str, held: bool) -> None:
        """The clock cannot be waited for: the half hour is set back, if nothing else stands there."""
        call = self._call(n)
        if call is None:
            return
        try:
            with transaction.atomic():
                Conversation.objects.filter(pk=call.pk).update(starts_at=call.starts_at - timedelta(days=364))
        except IntegrityError:
            return
        call.refresh_from_db()
        self._try(booking.mark_held if held else booking.mark_missed, conversation=call, by=self.staff[who].user)

    @rule(who=names)
    def go_away(self, who: str) -> None:
        Advocate.objects.filter(pk=self.staff[who].pk).update(away_until=date(2999, 1, 1))
        self._try(absences.hand_over, advocate=self.staff[who])

    @rule(who=names)
    def come_back(self, who: str) -> None:
        Advocate.objects.filter(pk=self.staff[who].pk).update(away_until=None)

    # What the worker does

    @rule()
    def work(self) -> None:
        self._keep(Promise.objects.due())

    @rule(at=st.integers(0, 20))
    def time_passes_for_one(self, at: int) -> None:
        """Whatever is owed falls due in some order."""
        owed = list(Promise.objects.pending().order_by("due_at", "pk").values_list("pk", flat=True))
        if owed:
            one = Promise.objects.filter(pk=owed[at % len(owed)])
            one.update(due_at=timezone.now() - timedelta(seconds=1))
            self._keep(one)

    def _keep(self, some: Any) -> None:
        for pk in list(some.values_list("pk", flat=True)[:30]):
            promises.keep_one(pk)

    # How the machine acts

    def _contact(self, who: str, language: str) -> submitting.Contact:
        return submitting.Contact(**{"reach_by": "email", "language": language, **FAMILIES[who]})

    def _accept(self, row: HelpRequest) -> None:
        self.accepted[row.pk] = row.reference

    def _slot(self, n: int) -> datetime:
        """The same few half hours for everybody, so that they meet."""
        day = timezone.now() + timedelta(days=3)
        while day.weekday() > 3:
            day += timedelta(days=1)
        return day.replace(hour=17 + n // 2, minute=30 * (n % 2), second=0, microsecond=0)

    def _row(self, n: int) -> HelpRequest | None:
        """Mostly an open one."""
        rows = HelpRequest.objects.open() if n < 5 else HelpRequest.objects.all()
        found = list(rows.order_by("pk"))
        return found[n % len(found)] if found else None

    def _call(self, n: int) -> Conversation | None:
        row = self._row(n)
        return row.conversations.standing().first() if row else None

    def _staff(self, verb: Callable[..., Any], n: int, who: str, **more: Any) -> None:
        if row := self._row(n):
            self._try(verb, help_request=row, by=self.staff[who].user, **more)

    def _try(self, verb: Callable[..., Any], **arguments: Any) -> None:
        """A refusal has changed nothing."""
        before, refusal = _state(), None
        try:
            verb(**arguments)
        except REFUSALS as error:
            refusal = error
        changed = _state() != before
        assert not (refusal and changed), f"{verb.__name__} refused ({refusal}) and changed something."
        done[verb.__name__] += changed

    def _gone(self, row: HelpRequest) -> None:
        self.withdrawn.setdefault(row.pk, timezone.now())

    # What always holds

    @invariant()
    def no_request_is_lost(self) -> None:
        assert dict(HelpRequest.objects.values_list("pk", "reference")) == self.accepted

    @invariant()
    def each_open_request_is_with_one_advocate_or_owed_to_one(self) -> None:
        for row in HelpRequest.objects.open():
            if row.status == HelpRequest.Status.NEW:
                assert row.advocate_id is None
                assert row.promises.pending().filter(kind=K.ROUTE).exists(), row
            else:
                assert row.advocate_id, row

    @invariant()
    def each_is_acknowledged(self) -> None:
        for row in HelpRequest.objects.filter(merged_into=None):
            assert row.promises.filter(kind__in=[K.ACKNOWLEDGE, K.CONFIRM]).exists(), row

    @invariant()
    def each_owed_call_is_watched(self) -> None:
        """Whom nobody has reached yet: somebody is woken before the promised time passes."""
        for row in HelpRequest.objects.open().filter(first_contact_at=None, waiting_since=None):
            watched = row.promises.filter(kind__in=[K.ESCALATE, K.TELL_LATE], done_at=None, gave_up_at=None)
            woken = row.promises.filter(kind=K.ESCALATE, done_at__isnull=False)
            assert watched.exists() or woken.exists(), row

    @invariant()
    def no_half_hour_is_given_twice(self) -> None:
        standing = list(Conversation.objects.filter(cancelled_at=None).values_list("advocate_id", "starts_at"))
        assert len(standing) == len(set(standing))
        whose = list(Conversation.objects.standing().values_list("help_request_id", flat=True))
        assert len(whose) == len(set(whose))
        assert not Conversation.objects.standing().filter(help_request__status="closed").exists()

    @invariant()
    def who_holds_the_call_has_the_request(self) -> None:
        for call in Conversation.objects.standing().select_related("help_request"):
            if call.help_request.status != HelpRequest.Status.NEW and call.starts_at > timezone.now():
                away = Advocate.objects.get(pk=call.help_request.advocate_id).away_until
                assert call.advocate_id == call.help_request.advocate_id or away, call

    @invariant()
    def nothing_is_owed_to_who_is_done(self) -> None:
        for row in HelpRequest.objects.filter(status="closed"):
            owed = set(row.promises.pending().values_list("kind", flat=True))
            assert owed <= (set() if row.pk in self.withdrawn else AFTER_CLOSING), (row, owed)

    @invariant()
    def stop_means_stop(self) -> None:
        for pk, since in self.withdrawn.items():
            row = HelpRequest.objects.get(pk=pk)
            assert row.status == HelpRequest.Status.CLOSED
            assert not consent.stands(row)
            late = Message.objects.filter(help_request=row, to_family=True, sent_at__gt=since)
            assert not late.exists(), row

    @invariant()
    def erased_rows_keep_nothing(self) -> None:
        gone = HelpRequest.objects.filter(erased_at__isnull=False)
        for model in apps.get_app_config("intake").get_models():
            sealed = [f.name for f in model._meta.concrete_fields if isinstance(f, EncryptedTextField)]
            path = "pk" if model is HelpRequest else "help_request"
            if sealed and (path == "pk" or any(f.name == path for f in model._meta.fields)):
                for values in model._default_manager.filter(**{f"{path}__in": gone}).values_list(*sealed):
                    assert set(values) == {None}, model

    @invariant()
    def the_ledgers_only_grow(self) -> None:
        now = (Consent.objects.count(), History.objects.count())
        assert now >= self.counts
        assert now[1] >= self.counts[1]
        self.counts = now

    @invariant()
    def nobody_is_contacted_who_has_not_agreed(self) -> None:
        for participant in Participant.objects.all():
            said = participant.help_request.messages.filter(participant=participant).exclude(promise__kind=K.INVITE)
            if participant.agreed_at is None:
                assert not said.exists(), participant
            if participant.is_in:
                assert consent.stands(participant.help_request, participant=participant)

    @invariant()
    def nothing_is_shared_without_a_yes(self) -> None:
        for row in Sharing.objects.filter(shared_at__isnull=False):
            acts = list(row.consents.values_list("act", "at"))
            assert acts[0][0] == Consent.Act.GIVEN
            assert row.ended_at is None or row.ended_at >= row.shared_at

    @invariant()
    def what_was_merged_leads_to_one_request(self) -> None:
        for row in HelpRequest.objects.filter(merged_into__isnull=False).select_related("merged_into"):
            assert row.merged_into is not None
            assert row.merged_into_id != row.pk
            assert row.merged_into.merged_into_id is None

    @invariant()
    def each_sees_their_own_and_what_nobody_has(self) -> None:
        for name in ("ana", "ben"):
            seen = seen_by(self.staff[name].user, HelpRequest.objects.all())
            assert {row.advocate_id for row in seen} <= {None, self.staff[name].pk}

    @invariant()
    def nothing_tells_the_story(self) -> None:
        details = " ".join(History.objects.values_list("detail", flat=True))
        subjects = " ".join(Message.objects.values_list("subject", flat=True))
        assert not [word for word in CANARIES if word in details + subjects]
        for sent in mail.outbox:
            body = str(sent.body).split("\n", 1)[1]  # the greeting has a name
            assert not [word for word in CANARIES[2:] if word in body + sent.subject], body

    @invariant()
    def no_column_is_in_clear(self) -> None:
        for table in ("intake_helprequest", "intake_note", "intake_planitem", "intake_sharing", "intake_message"):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
                held = str(cursor.fetchall())
            assert not [word for word in CANARIES if word in held], table


def _state() -> str:
    """Every row of what a verb may touch, as it is stored."""
    models = (HelpRequest, Conversation, Participant, Promise, Sharing, Consent, History, Note, PlanItem)
    with connection.cursor() as cursor:
        rows = []
        for model in models:
            cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY id")  # noqa: S608
            rows.append(cursor.fetchall())
    return str(rows)


@pytest.mark.timeout(400)
@pytest.mark.django_db
def test_whoever_acts_in_whatever_order_nobody_is_lost() -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=40,  # Hypothesis draws from constants of whatever is loaded: of 20, some had too few acts
            stateful_step_count=40,
            deadline=None,
            derandomize=True,  # the same runs wherever the same modules are loaded
            phases=[Phase.generate],  # a failure is told as it was found: to make it shorter takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert len(+done) > 20, done


# From 5 on `n` counts closed requests too.
STORY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("take", {"n": 0, "who": "ana"}),
    ("work", {}),
    ("reassign", {"n": 0, "who": "carol", "to": "ben"}),
    ("call", {"n": 0, "who": "ben", "result": "no_answer"}),
    ("move", {"n": 2, "slot": 1}),
    ("cancel", {"n": 2}),
    ("book_again", {"n": 2, "slot": 2}),
    ("name_another", {"n": 0, "role": "patient"}),
    ("the_other_answers", {"n": 0, "says": "yes"}),
    ("ask_to_share", {"n": 0, "who": "ben"}),
    ("answer_about_sharing", {"n": 0, "says": "yes"}),
    ("share", {"n": 0, "who": "ben"}),
    ("answer_about_sharing", {"n": 0, "says": "end"}),
    ("plan", {"n": 0, "who": "ben"}),
    ("merge", {"n": 1, "into": 0, "who": "carol"}),
    ("call", {"n": 0, "who": "ben", "result": "reached"}),
    ("simply", {"n": 0, "who": "ben", "verb": "wait_for_family"}),
    ("write", {"n": 0}),
    ("work", {}),
    ("close", {"n": 0, "who": "ben", "outcome": "helped"}),
    ("simply", {"n": 6, "who": "carol", "verb": "reopen"}),
    ("the_half_hour_comes", {"n": 1, "who": "ana", "held": False}),
    ("go_away", {"who": "ben"}),
    ("withdraw", {"n": 1, "how": "letter", "sure": True}),
    ("erase", {"n": 6, "sure": True}),
    ("time_passes_for_one", {"at": 0}),
    ("work", {}),
)


@pytest.mark.django_db
def test_a_story_in_which_every_verb_counts() -> None:
    """What chance may leave out: each verb of the issue changes something, and all holds after each."""
    done.clear()
    desk = Desk()
    holds = [getattr(desk, name) for name in dir(Desk) if hasattr(getattr(Desk, name), "hypothesis_stateful_invariant")]
    assert len(holds) >= 16
    try:
        desk.a_desk()
        for rule_name, arguments in STORY:
            getattr(desk, rule_name)(**arguments)
            for hold in holds:
                hold()
    finally:
        desk.teardown()
    wanted = ("take", "reassign", "log_call", "book", "move", "cancel", "withdraw", "close", "merge", "erase", "reopen")
    assert [name for name in wanted if not done[name]] == [], done
