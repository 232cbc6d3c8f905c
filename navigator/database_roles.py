"""Who may do what in PostgreSQL: the site reads and writes rows, and only whoever migrates makes or changes tables.

Three roles. The owner, whose address migrations use, has the tables. APP has rows: it cannot make, change or empty a
table, cannot take a trigger away, and cannot change what is written once. AUDIT reads what was done, by everybody, and
no table in which a family's words or contact stand. Run as the owner after each migration; twice is once.
"""

from django.apps import apps
from django.db import connection, transaction
from psycopg import sql

from navigator.append_only import AppendOnly

APP, AUDIT = "navigator_app", "navigator_audit"


def written_once() -> list[str]:
    """Tables of histories and consents."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnly))


def make(*, passwords: dict[str, str]) -> None:
    """Make the two roles where they are missing, and give each exactly its rights. A role without a password (in
    `passwords`, by its name) signs in only where the server trusts it. Raises ProgrammingError unless the owner of the
    tables, who may make roles, is who asks."""
    with transaction.atomic(), connection.cursor() as cursor:  # the site that runs meanwhile keeps its rights
        for name in (APP, AUDIT):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
            cursor.execute(_signing_in("ALTER" if cursor.fetchone() else "CREATE", name, passwords.get(name, "")))
            cursor.execute(_said("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}", name))
            cursor.execute(_said("GRANT USAGE ON SCHEMA public TO {}", name))
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        cursor.execute(_said("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}", APP))
        cursor.execute(_said("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}", APP))
        cursor.execute(_said("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}", APP))
        for table in written_once():
            cursor.execute(_said("REVOKE UPDATE ON {} FROM {}", table, APP))
            cursor.execute(_said("GRANT SELECT ON {} TO {}", table, AUDIT))


def _said(statement: str, *names: str) -> sql.Composed:
    """With the names quoted: PostgreSQL takes no parameters here."""
    return sql.SQL(statement).format(*map(sql.Identifier, names))


def _signing_in(verb: str, name: str, password: str) -> sql.Composed:
    rights = "ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD "
    return _said(f"{verb} {rights}", name) + (sql.Literal(password) if password else sql.SQL("NULL"))
