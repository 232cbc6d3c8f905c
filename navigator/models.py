"""Two small tables that the whole site needs: the generation of the public pages, and a probe of the keys."""

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
