"""The sheet for the call: three questions that the family picks before it.

Stored encrypted on the request, seen by its advocate. The questions are ours, in plain words; the family may write one
of its own.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from intake import history, notes
from intake.models import HelpRequest, History
from navigator.security import clean_text

MOST = 3
LONGEST_OWN = 200  # characters

QUESTIONS = (
    "How do we know that the diagnosis is right?",
    "Should another lab look at the tissue again?",
    "Which team near us sees this illness most often?",
    "What can a second opinion change for us?",
    "How soon should we get a second opinion?",
    "Can we talk with the doctor by video first?",
    "Which records, scans and slides do we need, and who sends them?",
    "What should we ask the surgeon?",
    "What should we ask about medicines?",
    "Are there clinical trials that we should ask about?",
    "What if the two doctors do not agree?",
    "How do we tell our own doctor that we want a second opinion?",
    "Who helps with travel and a place to stay?",
    "Who helps with pain, breath and worry now?",
    "How can I help as a family member?",
)


class SheetError(Exception):
    """A sentence for the family: why these questions cannot be kept."""


@transaction.atomic
def pick(*, help_request: HelpRequest, questions: Sequence[str], by: Any = None) -> None:
    """Keep at most MOST of QUESTIONS, and at most one of the family's own, in this order; none empties the sheet.
    Raises SheetError."""
    chosen = list(dict.fromkeys(text for text in map(clean_text, questions) if text))
    own = [text for text in chosen if text not in QUESTIONS]
    if len(chosen) > MOST:
        raise SheetError(f"Choose {MOST} questions or fewer, your own included.")
    if len(own) > 1:
        raise SheetError("Write one question of your own, not more.")
    if own and len(own[0]) > LONGEST_OWN:
        raise SheetError(f"Write your question in {LONGEST_OWN} characters or fewer.")
    request = HelpRequest.objects.select_for_update().get(pk=help_request.pk)
    if request.status == HelpRequest.Status.CLOSED:
        raise SheetError("This request is closed.")
    if chosen == request.asks:
        return
    request.questions = json.dumps(chosen) if chosen else None
    request.save(update_fields=["questions"])
    history.record(help_request=request, what=History.What.PICKED, by=by)
    notes.news(request)
