"""The tables of what families read: a topic holds articles, an article has revisions, people write and sign them."""

from content.models.articles import Article, Topic, path_validator
from content.models.people import Person
from content.models.revisions import Revision

__all__ = ["Article", "Person", "Revision", "Topic", "path_validator"]
