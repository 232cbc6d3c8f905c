"""What happened to a text before readers' eyes. Append-only: a correction is never silent, and never taken back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from content.models.articles import Article
from content.models.revisions import Revision
from navigator.append_only import AppendOnly


class Change(AppendOnly):
    """One line of an article's public change log. `note` says what and why, in words for readers.

    `revision` is the text that went live; `before` the one it replaced, so that the two can be compared. `by` is the
    account that did it and is not shown.
    """

    class What(models.TextChoices):
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Taken down"
        MOVED = "moved", "Moved to a new address"
        CORRECTED = "corrected", "Correction"

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    what = models.CharField(max_length=10, choices=What)
    note = models.TextField()
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    before = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="change_latest")]
        constraints = [
            models.CheckConstraint(name="change_says_why", condition=~Q(note="")),
            models.CheckConstraint(
                name="change_published_has_text", condition=~Q(what="published") | Q(revision__isnull=False)
            ),
            models.CheckConstraint(
                name="change_compares_two_texts", condition=Q(before__isnull=True) | Q(revision__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.get_what_display()}"

    def get_absolute_url(self) -> str:
        """The page that shows the old and the new words."""
        return reverse("change", args=[self.pk])
