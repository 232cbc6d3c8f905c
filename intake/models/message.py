"""Each mail that we owe or sent: what was said, encrypted, shown on the request's page in admin."""

from django.db import models

from intake.models.help_request import HelpRequest
from intake.models.participant import Participant
from intake.models.promise import Promise
from navigator.encryption import EncryptedTextField


class Message(models.Model):
    """One promise, one mail: written before it is sent, so that a second try sends the same mail under the same
    Message-ID. `body` is null once the request is erased."""

    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="message")
    help_request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="messages")
    to_family = models.BooleanField()
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, null=True, blank=True)
    recipient = EncryptedTextField(null=True)
    subject = models.CharField(max_length=120)
    body = EncryptedTextField(null=True)
    message_id = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.subject
