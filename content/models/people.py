"""Who writes and who signs."""

from django.conf import settings
from django.db import models
from django.urls import reverse


class Person(models.Model):
    """An author or a reviewer, as readers see them.

    `user` is the account that may sign in this person's name (`content.publishing`). A sample person is fictional, is
    labelled so wherever the name stands, and never appears in structured data.
    """

    class Role(models.TextChoices):
        AUTHOR = "author", "Author"
        REVIEWER = "reviewer", "Medical reviewer"

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=10, choices=Role)
    title = models.CharField(max_length=160, blank=True, help_text="For example: Oncology nurse")
    credentials = models.CharField(max_length=160, blank=True, help_text="Degrees and board certification, as earned")
    biography = models.TextField(blank=True)
    disclosure = models.TextField(
        blank=True, help_text="Who pays this person, for this work and by companies in the field"
    )
    is_sample = models.BooleanField(default=False, help_text="A fictional person of the starter texts")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
        help_text="The account that may sign as this person",
    )

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.slug])
