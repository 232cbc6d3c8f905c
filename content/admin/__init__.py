"""The editors' desk. A text is only ever changed by writing a new revision, and every step is one verb of
`content.publishing`; its refusals are shown as messages."""

from content.admin.articles import ArticleAdmin, OldAddressAdmin, PersonAdmin, TopicAdmin
from content.admin.readers import ChangeAdmin, ErrorReportAdmin, HelpfulAdmin
from content.admin.revisions import RevisionAdmin

__all__ = [
    "ArticleAdmin",
    "ChangeAdmin",
    "ErrorReportAdmin",
    "HelpfulAdmin",
    "OldAddressAdmin",
    "PersonAdmin",
    "RevisionAdmin",
    "TopicAdmin",
]
