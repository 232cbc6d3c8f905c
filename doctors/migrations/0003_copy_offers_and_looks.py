"""The old columns into the new ones: the list of offers, and one look for the whole row. The history is written once."""

from typing import Any

from django.db import migrations

from navigator.append_only import guard

GROUPS = {
    "Center": ("contact", "access", "designation"),
    "Program": ("contact", "access", "care"),
    "Specialist": ("post",),
}


def copy(apps: Any, schema_editor: Any) -> None:
    for name, groups in GROUPS.items():
        for row in apps.get_model("doctors", name).objects.all():
            for group in groups:
                setattr(row, f"{group}_verified_on", row.verified_on)
                setattr(row, f"{group}_verified_how", row.verified_how)
            for offer in getattr(row, "offers", ()):
                setattr(row, offer, True)
            row.save()


class Migration(migrations.Migration):
    dependencies = [("doctors", "0002_facts_and_history")]
    operations = [
        migrations.RunPython(copy, migrations.RunPython.noop),
        guard("doctors_listingchange"),
    ]
