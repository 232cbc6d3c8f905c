"""Somebody asked to have their link sent again."""

from django.db import models


class LinkAsk(models.Model):
    """The blind index of an e-mail address, whether we know it or not: the page that asks does the same work for
    everybody, and who answers it (`intake.resending`) looks later. Gone after a day."""

    email_hash = models.CharField(max_length=32, editable=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="link_ask_open", condition=models.Q(done_at=None))]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"
