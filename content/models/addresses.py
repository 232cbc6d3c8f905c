"""Where texts stood before."""

from django.db import models

from content.models.articles import Article, path_validator


class OldAddress(models.Model):
    """An address that readers may have kept: it leads to where the text stands now (301)."""

    path = models.CharField(max_length=200, unique=True, validators=[path_validator])
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="old_addresses")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["path"]
        verbose_name_plural = "old addresses"

    def __str__(self) -> str:
        return self.path
