"""The tables of what families read: a topic holds articles, an article has revisions, people write and sign them; what
happened to a text, what readers say about it, and what can be taken home of it."""

from content.models.addresses import OldAddress
from content.models.articles import Article, Topic, path_validator
from content.models.changes import Change
from content.models.people import Person
from content.models.printouts import Printout
from content.models.readers import ErrorReport, Helpful
from content.models.revisions import Revision

__all__ = [
    "Article",
    "Change",
    "ErrorReport",
    "Helpful",
    "OldAddress",
    "Person",
    "Printout",
    "Revision",
    "Topic",
    "path_validator",
]
