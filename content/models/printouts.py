"""What can be taken home of a text."""

from django.db import models

from content.models.revisions import Revision


class Printout(models.Model):
    """The PDF of one published text, made when it was published. `made_with` names the typesetting and the identity
    (who we are, who pays) that stand in it: another value, and it is made anew (`content.printouts`)."""

    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, related_name="printout", primary_key=True)
    pdf = models.BinaryField()
    made_with = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"PDF of {self.revision_id}"
