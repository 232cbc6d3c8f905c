"""Tables that the whole site needs: the generation of the public pages, a probe of the keys, and what search finds."""

from django.db import models

from navigator.encryption import EncryptedTextField


class Generation(models.Model):
    """One row. Its number rises in the transaction that changes what a public page says (`navigator.caching`)."""

    number = models.PositiveBigIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="generation_is_one_row")]

    def __str__(self) -> str:
        return str(self.number)


class KeyProbe(models.Model):
    """One row, written with the keys of the first start. A start whose keys do not fit it is refused."""

    sealed = EncryptedTextField()
    lookup = models.CharField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="keyprobe_is_one_row")]

    def __str__(self) -> str:
        return "key probe"


class SearchEntry(models.Model):
    """Something that readers can find: a text or a place. Written by `navigator.search.entries` alone.

    The migration adds what each database searches by: three computed columns on PostgreSQL, a full-text table that
    triggers fill on SQLite. Django makes a SQLite table anew when it changes it: then make the triggers anew too.
    """

    class Kind(models.TextChoices):
        ARTICLE = "article", "Article"
        FAQ = "faq", "Question"
        TERM = "term", "Word explained"
        TOOL = "tool", "To print"
        PAGE = "page", "About us"
        FINDER = "finder", "Find care"
        CENTER = "center", "Cancer center"
        PROGRAM = "program", "Program"

    key = models.CharField(max_length=250, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=250)
    path = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)
    words = models.TextField(blank=True, help_text="Other names, which count like the title")

    def __str__(self) -> str:
        return self.key


class SearchWord(models.Model):
    """A word that entries use: what is rare tells most, what is unknown may be misspelled.

    `heads` counts the entries that have it in title, other names or summary: what none has there, few look for.
    """

    word = models.CharField(max_length=40, unique=True)
    stem = models.CharField(max_length=40, db_index=True)
    entries = models.PositiveIntegerField()
    heads = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.word
