"""Words for staff to start from: what is said at the start of a call, and what is written to a family at a change.

Plain words; nothing about health, for anybody may answer the phone or read over a shoulder. Each text is shown to the
advocate first and can be changed. Writing it to the page is left to `intake.notes`.
"""

from intake.models import HelpRequest, Participant

LETTERS = {
    "take": "My name is {advocate}. I have your request now, and I will call you {call_by}. "
    "If another time is better for you, you can say so on this page.",
    "call": "Thank you for the talk. It was good to hear from you. "
    "If something comes to mind that we did not speak about, write it here. I read it.",
    "wait": "It is your turn now, and there is no hurry. When you have what we spoke about, or if you have a question, "
    "write to me on this page. I will call you then.",
    "reopen": "Your request is open again. We will be in touch with you. "
    "If something has changed since we last spoke, you can write it here.",
}

# Nobody is written to who took consent back, who was joined with another request, or who sent spam.
CLOSED = {
    HelpRequest.Outcome.HELPED: "We are glad that you have a plan now, and we close your request with this. "
    "If things change or you get stuck, you can write to us or call us at any time.",
    HelpRequest.Outcome.ANSWERED: "We hope that your question is answered, and we close your request with this. "
    "If a new question comes up, you can write to us or call us at any time.",
    HelpRequest.Outcome.NOT_REACHED: "We tried to call you and could not reach you, so we close your request for now. "
    "If you still want to talk, call us or send a new request. You lose nothing by waiting.",
    HelpRequest.Outcome.NOT_NEEDED: "You told us that you do not need us any more, so we close your request. "
    "If that changes, you can call us or send a new request at any time.",
}

TRIED = (
    "I tried to call you and could not reach you. I will try again on {next_try}. "
    "If another time is better for you, you can say so on this page."
)


def letter(
    act: str, *, advocate: str, call_by: str = "", next_try: str = "", outcome: str = "", result: str = ""
) -> str:
    """The text to start from for what is being done; empty where the family is not written to. Times are in words, on
    the family's clock."""
    if act == "close":
        return CLOSED.get(HelpRequest.Outcome(outcome), "")
    if act == "call" and result != "reached":
        return TRIED.format(next_try=next_try) if next_try and result != "wrong_number" else ""
    return LETTERS.get(act, "").format(advocate=advocate, call_by=call_by)


def opening(person: HelpRequest | Participant, *, advocate: str) -> str:
    """What to say when somebody answers the phone, before it is clear who that is."""
    first = (person.name or "").split(" ")[0]
    if person.language == "es":
        return f"Buenos días. Me llamo {advocate}. ¿Puedo hablar con {first}?"
    return f"Hello, my name is {advocate}. May I speak with {first}?"


def on_the_machine(person: HelpRequest | Participant, *, advocate: str) -> str:
    """What to say to a machine; empty if nothing may be left there."""
    if not person.may_leave_message:
        return ""
    first = (person.name or "").split(" ")[0]
    if person.language == "es":
        return f"Un mensaje para {first}, de {advocate}. Volveré a llamar. Gracias."
    return f"This is a message for {first} from {advocate}. I will call again. Thank you."
