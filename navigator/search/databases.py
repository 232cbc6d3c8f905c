"""Which database's words to use."""

from django.db import connection

from navigator.search import postgresql, sqlite
from navigator.search.meeting import Database

DATABASES: dict[str, Database] = {"postgresql": postgresql, "sqlite": sqlite}


def current() -> Database:
    """Raises KeyError for a database that the site does not run on."""
    return DATABASES[connection.vendor]
