"""What happened to each listing: written once, never changed."""

from django.conf import settings
from django.db import models

from navigator.append_only import AppendOnly


class ListingChange(AppendOnly):
    """One change of one listing. `fields` holds the name of each changed field with the value before and after it; the
    facts are public ones. `kind` and `slug` name the listing, so that its history outlives it. `by` is empty where a
    file of the product changed it."""

    class What(models.TextChoices):
        ADDED = "added", "Added"
        CHANGED = "changed", "Changed"
        CHECKED = "checked", "Checked"
        REMOVED = "removed", "Removed"

    class Kind(models.TextChoices):
        CENTER = "center", "Center"
        PROGRAM = "program", "Program"
        SPECIALIST = "specialist", "Specialist"

    kind = models.CharField(max_length=10, choices=Kind)
    slug = models.CharField(max_length=60)
    what = models.CharField(max_length=7, choices=What)
    group = models.CharField(max_length=11, blank=True)
    how = models.CharField(max_length=7, blank=True)
    fields = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["kind", "slug", "-at"], name="listing_change_of")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(what__in=["added", "changed", "checked", "removed"]), name="listing_change_word"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["center", "program", "specialist"]), name="listing_change_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(what="checked") & ~models.Q(group="") & ~models.Q(how="")
                | ~models.Q(what="checked") & models.Q(group="", how=""),
                name="listing_change_check_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.get_kind_display().lower()} {self.slug}"
