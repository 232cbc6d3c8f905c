"""The text of an article as it was saved once. A saved text is never edited: a change is a new revision."""

import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from content.dates import months_after
from content.digest import Digest
from content.models.articles import Article
from content.models.people import Person


class RevisionQuerySet(models.QuerySet["Revision"]):
    def live(self) -> "RevisionQuerySet":
        """The texts that readers see."""
        return self.filter(is_live=True)

    def for_readers(self) -> "RevisionQuerySet":
        """Live, with everything a page prints about the article and its people."""
        return self.live().select_related("article__topic", "article__author", "signed_by")


class Revision(models.Model):
    """A text, what was rendered from it, and who signed exactly these letters.

    `digest` is a column that the database computes. A live revision must carry the same value in `signed_digest`, so
    changing one signed letter, by whatever way, is refused by the database.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="revisions")
    title = models.CharField(max_length=160)
    summary = models.TextField(help_text="One sentence: the answer")
    description = models.CharField(max_length=300, blank=True, help_text="For search engines; names nobody's situation")
    body = models.TextField(help_text="Markdown")
    references = models.TextField(default="[]", help_text="A list in JSON: id, title, publisher, url, dated, retrieved")
    change_note = models.CharField(max_length=250)

    body_html = models.TextField(editable=False)
    references_html = models.TextField(editable=False, blank=True)
    digest = models.GeneratedField(
        expression=Digest("title", "summary", "description", "body", "references", "body_html", "references_html"),
        output_field=models.CharField(max_length=64),
        db_persist=True,
    )
    source_digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Of the library file this was loaded from; empty: by hand"
    )

    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    sources_read_on = models.DateField(
        null=True, blank=True, editable=False, help_text="The oldest day on which one of the sources was opened"
    )

    signed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="signed_revisions", editable=False
    )
    signed_at = models.DateTimeField(null=True, blank=True, editable=False)
    signed_digest = models.CharField(max_length=64, null=True, blank=True, editable=False)  # noqa: DJ001  all or none

    signed_with = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        help_text="The account that signed; empty for the library's sample sign-offs",
    )

    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    checked_digest = models.CharField(max_length=64, null=True, blank=True, editable=False)  # noqa: DJ001  all or none

    publish_at = models.DateTimeField(null=True, blank=True, editable=False)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    is_live = models.BooleanField(default=False, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    objects: ClassVar[RevisionQuerySet] = RevisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-pk"]
        get_latest_by = "pk"
        constraints = [
            models.CheckConstraint(
                name="revision_live_is_signed",
                # A comparison with NULL is no "no" for a CHECK, so NULL is ruled out first.
                condition=Q(is_live=False) | Q(signed_digest__isnull=False, signed_digest=F("digest")),
            ),
            models.CheckConstraint(
                name="revision_live_has_date", condition=Q(is_live=False) | Q(published_at__isnull=False)
            ),
            models.CheckConstraint(
                name="revision_sign_off_whole",
                condition=Q(signed_by__isnull=True, signed_at__isnull=True, signed_digest__isnull=True)
                | Q(signed_by__isnull=False, signed_at__isnull=False, signed_digest__isnull=False),
            ),
            models.CheckConstraint(
                name="revision_check_whole",
                condition=Q(checked_by__isnull=True, checked_at__isnull=True, checked_digest__isnull=True)
                | Q(checked_by__isnull=False, checked_at__isnull=False, checked_digest__isnull=False),
            ),
            # Four eyes, and two acts: the writer, the one who checks the facts and the one who signs are three people.
            # Where one of them is NULL (the library's own acts) a CHECK lets the row pass.
            models.CheckConstraint(
                name="revision_not_signed_by_writer", condition=~Q(signed_with=F("written_by")) | Q(signed_with=None)
            ),
            models.CheckConstraint(
                name="revision_not_checked_by_writer", condition=~Q(checked_by=F("written_by")) | Q(checked_by=None)
            ),
            models.CheckConstraint(
                name="revision_not_signed_by_checker", condition=~Q(signed_with=F("checked_by")) | Q(signed_with=None)
            ),
            models.CheckConstraint(
                name="revision_schedule_whole",
                condition=Q(publish_at__isnull=True, scheduled_by__isnull=True)
                | Q(publish_at__isnull=False, scheduled_by__isnull=False, is_live=False),
            ),
            models.UniqueConstraint(name="revision_one_live", fields=["article"], condition=Q(is_live=True)),
        ]
        indexes = [
            models.Index(fields=["article", "-id"], name="revision_newest"),
            models.Index(fields=["article", "-id"], name="revision_drafts", condition=Q(published_at__isnull=True)),
            models.Index(fields=["publish_at"], name="revision_scheduled", condition=Q(publish_at__isnull=False)),
            models.Index(fields=["sources_read_on"], name="revision_live_sources", condition=Q(is_live=True)),
        ]
        permissions = [
            ("check_revision", "Can check the facts of a text"),
            ("sign_revision", "Can sign a text as the reviewer they are"),
            ("publish_revision", "Can publish and schedule a text"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"

    @property
    def is_signed(self) -> bool:
        """Whether the sign-off holds for the text as it stands."""
        return self.signed_digest is not None and self.signed_digest == self.digest

    @property
    def is_checked(self) -> bool:
        """Whether the fact check holds for the text as it stands."""
        return self.checked_digest is not None and self.checked_digest == self.digest

    def review_due_on(self) -> datetime.date | None:
        """The day, UTC, by which somebody looks at the text again: so many months after the sign-off."""
        if self.signed_at is None:
            return None
        return months_after(self.signed_at.date(), self.article.review_every_months)
