"""The editors' desk. A text is only ever changed by writing a new revision, and every step is one verb of
`content.publishing`; its refusals are shown as messages."""

from content.admin.articles import ArticleAdmin, PersonAdmin, TopicAdmin
from content.admin.revisions import RevisionAdmin

__all__ = ["ArticleAdmin", "PersonAdmin", "RevisionAdmin", "TopicAdmin"]
