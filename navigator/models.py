"""Tables that the whole site needs: the generation of the public pages, a probe of the keys, what search finds, and how
staff sign in."""

from django.conf import settings
from django.db import models

from navigator.append_only import AppendOnly
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


class Device(models.Model):
    """The app on a member of staff's phone. `last_step` is the newest step of 30 seconds whose code was used."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="second_factor")
    key = EncryptedTextField()
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "second factor"

    def __str__(self) -> str:
        return str(self.user)


class BackupCode(models.Model):
    """A code on paper that was not used yet."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "digest"], name="backup_code_once")]

    def __str__(self) -> str:
        return "backup code"


class SignInTries(models.Model):
    """How often somebody tried to be `account` from `network` since `since`; both are keyed digests, and one of them
    may be empty (`navigator.staff.guessing`)."""

    account = models.CharField(max_length=32, blank=True)
    network = models.CharField(max_length=32, blank=True)
    since = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "network"], name="sign_in_tries_once")]

    def __str__(self) -> str:
        return f"{self.number} tries"


class Tally(models.Model):
    """How often something was done until `ends_at`; `name` is a keyed digest (`navigator.limits`)."""

    name = models.CharField(max_length=32, unique=True)
    ends_at = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.number} times"


class StaffEvent(AppendOnly):
    """Who signed in, failed to, got a second factor or lost it. `user` is empty for an account that there is not."""

    class What(models.TextChoices):
        SIGNED_IN = "signed_in", "Signed in"
        FAILED = "failed", "Wrong password"
        WRONG_CODE = "wrong_code", "Wrong second factor"
        SIGNED_OUT = "signed_out", "Signed out"
        LEFT_ALONE = "left_alone", "Signed out: nobody was there"
        ENROLLED = "enrolled", "Second factor set up"
        RESET = "reset", "Second factor taken away"
        UNLOCKED = "unlocked", "Allowed to try again"

    what = models.CharField(max_length=12, choices=What)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_what_display()}"
