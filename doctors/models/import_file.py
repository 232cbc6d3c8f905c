"""A file that waits between its dry run and its import."""

from django.conf import settings
from django.db import models


class ImportFile(models.Model):
    """An uploaded CSV file, byte for byte, and the digest (SHA-256, hexadecimal) of these bytes: what is imported is
    what was shown. It waits in the database because every web process can read it there; it is deleted after a day
    (`doctors.importing.forget_files`)."""

    kind = models.CharField(max_length=10)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["center", "program", "specialist"]), name="import_file_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"File {self.pk}"
