"""What a process checks once before it serves: settings, the schema, the keys.

Web (`navigator.wsgi`), worker and beat (`navigator.celery`) call `refuse_unless_ready` and end with a message that says
what to do. `manage.py` commands do not, so that `migrate` can run.
"""

from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from navigator.encryption import UndecryptableError, lookup_hash
from navigator.models import KeyProbe

PROBE = "navigator"


def refuse_unless_ready() -> None:
    """Raises SystemExit with the reasons, one a line."""
    reasons = [*settings_reasons()] or [*database_reasons()]
    connection.close()
    if reasons:
        raise SystemExit("\nNot started:\n" + "\n".join(f"- {reason}" for reason in reasons) + "\n")


def settings_reasons() -> list[str]:
    """Errors of the system checks, with their hints."""
    return _errors(checks.run_checks())


def _errors(found: list[checks.CheckMessage]) -> list[str]:
    return [f"{one.msg} {one.hint or ''} ({one.id})" for one in found if one.level >= checks.ERROR]


def database_reasons() -> list[str]:
    """The database answers, has this code's schema, was written with these keys, and passes its own checks."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in missing[:3])
            return [f"The database schema is older than this code ({names} …). Run: python manage.py migrate"]
        return key_reasons() or _errors(checks.run_checks(tags=[checks.Tags.database], databases=["default"]))
    except DatabaseError as error:
        return [f"The database does not answer ({type(error).__name__}). Check DATABASE_URL and that it is up."]


def key_reasons() -> list[str]:
    """FIELD_KEYS and LOOKUP_KEY are the ones that this database was written with. The first start notes them."""
    try:
        probe, _ = KeyProbe.objects.get_or_create(pk=1, defaults={"sealed": PROBE, "lookup": lookup_hash(PROBE)})
    except UndecryptableError:
        return ["FIELD_KEYS does not open this database. Put back the key it was written with (behind a newer one)."]
    if probe.lookup != lookup_hash(PROBE):
        return ["LOOKUP_KEY is not the one that this database was written with. Put the old value back."]
    return []
