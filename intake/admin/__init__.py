"""The advocates' desk: stock Django admin, one page per request. Views parse, call one verb, and go back."""

from intake.admin.advocates import AdvocateAdmin, DayOffAdmin
from intake.admin.ledgers import (
    ConsentAdmin,
    ConversationAdmin,
    DigestAdmin,
    ExportAdmin,
    HistoryAdmin,
    MessageAdmin,
    OutcomeFiguresAdmin,
    PromiseAdmin,
    RetentionRunAdmin,
)
from intake.admin.requests import HelpRequestAdmin

__all__ = [
    "AdvocateAdmin",
    "ConsentAdmin",
    "ConversationAdmin",
    "DayOffAdmin",
    "DigestAdmin",
    "ExportAdmin",
    "HelpRequestAdmin",
    "HistoryAdmin",
    "MessageAdmin",
    "OutcomeFiguresAdmin",
    "PromiseAdmin",
    "RetentionRunAdmin",
]
