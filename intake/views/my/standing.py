"""Where a request stands, in the words of a family and on its own clock."""

from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone

from intake import time_zones
from intake.links import Opened
from intake.models import Conversation, HelpRequest
from intake.models.conversation import LENGTH
from intake.models.reachable import Reachable

ENDED = {
    HelpRequest.Outcome.HELPED: "You have seen a specialist, or you have a plan. You can ask again whenever you like.",
    HelpRequest.Outcome.ANSWERED: "We answered your question. You can ask again whenever you like.",
    HelpRequest.Outcome.NOT_REACHED: "We could not reach you. You can ask again whenever you like.",
    HelpRequest.Outcome.NOT_NEEDED: "You do not need us any more. You can ask again whenever you like.",
    HelpRequest.Outcome.WITHDRAWN: "You asked us to stop. Nobody will contact you about this any more.",
    HelpRequest.Outcome.DUPLICATE: "It was joined with another request. To hear where that one stands, call us.",
    HelpRequest.Outcome.SPAM: "You can ask again whenever you like.",
}

TO_ASKER = "We get in touch with the person who asked for help."


@dataclass(frozen=True)
class Step:
    """One step on the way. `tag` says whether it is done, is now, or comes later."""

    title: str
    text: str
    tag: str


DONE, NOW, LATER = "Done", "Now", "Later"


def steps(opened: Opened, conversation: Conversation | None) -> list[Step]:
    """Received, with an advocate, in touch, closed. A closed request has only what happened."""
    request, zone = opened.help_request, opened.person.time_zone
    is_closed = request.status == HelpRequest.Status.CLOSED
    name = request.advocate.first_name if request.advocate else ""
    found = [Step("We have your request", f"Since {time_zones.day_in_words(request.created_at, zone)}.", DONE)]
    if name:
        found.append(Step(f"{name} has your request", f"{name} is your nurse advocate.", DONE))
    elif not is_closed:
        found.append(Step("A nurse advocate gets your request", "Nobody has it yet. It goes to somebody next.", NOW))
    if request.first_contact_at:
        day = time_zones.day_in_words(request.first_contact_at, zone)
        found.append(Step("We are in touch", f"Since {day}.", DONE if is_closed else NOW))
    elif not is_closed:
        found.append(Step("We are in touch", _first_words(request, conversation), NOW if name else LATER))
    if is_closed:
        found.append(Step("Closed", ENDED[HelpRequest.Outcome(request.outcome)], DONE))
    else:
        found.append(Step("Closed", "When you have what you need, or when you say stop.", LATER))
    return found


def _first_words(request: HelpRequest, conversation: Conversation | None) -> str:
    if conversation and not conversation.cancelled_at:
        return "It starts with your call."
    return "It starts when we reach you." if request.tries else "It starts with our first call or mail."


def next_words(opened: Opened, conversation: Conversation | None) -> list[str]:
    """What happens next and when, on this person's clock, with its zone."""
    request, zone = opened.help_request, opened.person.time_zone
    if request.status == HelpRequest.Status.CLOSED:
        return [ENDED[HelpRequest.Outcome(request.outcome)]]
    found = []
    if conversation and stands(conversation):
        whose = "Your" if opened.is_asker else "The"
        found.append(f"{whose} call is on {time_zones.in_words(conversation.starts_at, zone)}.")
    elif not request.first_contact_at:
        found.append(_promise(request, zone, conversation) if opened.is_asker else TO_ASKER)
    elif request.advocate:
        whom = "you" if opened.is_asker else "who asked for help"
        found.append(f"{request.advocate.first_name}, a nurse advocate, is in touch with {whom}.")
    if not opened.is_asker:
        return found
    if request.waiting_since and (request.first_contact_at or conversation is None):
        found.append("We wait to hear from you. Leave a note below, or call us.")
    elif request.next_step_on and request.first_contact_at:
        found.append(f"The next step is planned for {_day(request)}.")
    return found


def _promise(request: HelpRequest, zone: str, conversation: Conversation | None) -> str:
    now = timezone.now()
    if request.next_try_at and request.next_try_at > now:
        again = time_zones.in_words(request.next_try_at, zone)
        return f"We called and did not reach you. We try again on {again}."
    if conversation:
        return "No call is booked now. Choose a new time below, or call us."
    if request.contact_by <= now:
        return "We are late with our first word to you. We are on it; you can also call us."
    does = "call" if request.reach_by == Reachable.ReachBy.PHONE else "write to"
    return f"We {does} you by {time_zones.in_words(request.contact_by, zone)}."


def _day(request: HelpRequest) -> str:
    day = request.next_step_on
    return f"{day:%A, %B} {day.day}" if day else ""


def latest(request: HelpRequest) -> Conversation | None:
    """The call that stands, or the last one that did."""
    calls = request.conversations.select_related("advocate")
    found = calls.order_by(F("cancelled_at").desc(nulls_first=True), "-pk").first()
    if found:
        found.help_request = request
    return found


def stands(conversation: Conversation) -> bool:
    """Agreed, and not over yet."""
    over = conversation.cancelled_at or conversation.held_at or conversation.missed_at
    return not over and conversation.starts_at + LENGTH > timezone.now()


def can_change(conversation: Conversation) -> bool:
    """Can it still be moved or cancelled? Until it begins, while its request is open."""
    is_open = conversation.help_request.status != HelpRequest.Status.CLOSED
    return is_open and stands(conversation) and conversation.starts_at > timezone.now()


def can_choose_again(opened: Opened, conversation: Conversation | None) -> bool:
    """Was there a call that does not stand any more, in a request that is open and was never answered?"""
    if conversation is None or opened.help_request.status == HelpRequest.Status.CLOSED:
        return False
    return bool(conversation.cancelled_at or conversation.missed_at)
