"""The tables of intake. Each noun has its own module."""

from intake.models.advocate import Advocate, DayOff, WorkingHours
from intake.models.consent import Consent
from intake.models.conversation import Conversation
from intake.models.help_request import HelpRequest
from intake.models.history import History
from intake.models.message import Message
from intake.models.promise import Promise

__all__ = [
    "Advocate",
    "Consent",
    "Conversation",
    "DayOff",
    "HelpRequest",
    "History",
    "Message",
    "Promise",
    "WorkingHours",
]
