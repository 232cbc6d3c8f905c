"""The ledgers let go of a row five years after it was written: then, and only then, retention may delete it.

On SQLite (the demo) only a change is refused, as before; there the table of consents was made anew without its trigger.
"""

from django.db import migrations

TABLES = ("intake_history", "intake_consent", "intake_export")

FUNCTION = """
CREATE OR REPLACE FUNCTION intake_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.at < now() - interval '5 years' THEN RETURN OLD; END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
EARLIER = """
CREATE OR REPLACE FUNCTION intake_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def forbid(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, params=None)
        schema_editor.execute(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON intake_export "
            "FOR EACH ROW EXECUTE FUNCTION intake_append_only()"
        )
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only")
        schema_editor.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER append_only ON intake_export")
        schema_editor.execute(EARLIER, params=None)
    else:
        schema_editor.execute("DROP TRIGGER IF EXISTS intake_export_append_only")


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_case_desk")]
    operations = [migrations.RunPython(forbid, allow)]
