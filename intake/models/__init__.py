"""The tables of intake. Each noun has its own module."""

from intake.models.advocate import Advocate, DayOff, WorkingHours
from intake.models.consent import Consent
from intake.models.conversation import Conversation, Hold
from intake.models.help_request import HelpRequest
from intake.models.history import History
from intake.models.ledgers import Digest, Export, OutcomeFigures, Reconciliation, RetentionRun
from intake.models.link_ask import LinkAsk
from intake.models.message import Message
from intake.models.note import Note
from intake.models.participant import Participant
from intake.models.plan import PlanItem, Step
from intake.models.promise import Promise
from intake.models.sharing import Sharing

__all__ = [
    "Advocate",
    "Consent",
    "Conversation",
    "DayOff",
    "Digest",
    "Export",
    "HelpRequest",
    "History",
    "Hold",
    "LinkAsk",
    "Message",
    "Note",
    "OutcomeFigures",
    "Participant",
    "PlanItem",
    "Promise",
    "Reconciliation",
    "RetentionRun",
    "Sharing",
    "Step",
    "WorkingHours",
]
