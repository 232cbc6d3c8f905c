"""The doctors of the programs."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from doctors.models.listed import HOW, Evidence, Listed, ListedQuerySet, whole, yes_no_or_unknown
from doctors.models.places import Program


class SpecialistQuerySet(ListedQuerySet["Specialist"]):
    def listed(self) -> Self:
        """Those a family may see: an official source places them, or one of us has checked; and nothing has ended."""
        return self.evident().filter(ended_on__isnull=True, program__ended_on__isnull=True)

    def evident(self) -> Self:
        """Those whom an official source or one of us places there, now or before."""
        return self.filter(Q(evidence=Evidence.HOSPITAL) | Q(post_verified_on__isnull=False))


class Specialist(Listed):
    """A doctor whom a source places at a program: public professional facts only, no rating."""

    facts = {"post": ("full_name", "credentials", "specialty", "program", "pleural", "peritoneal")}
    main_group = "post"
    sourced_groups = ("post",)

    full_name = models.CharField(max_length=80)
    credentials = models.CharField(max_length=20, blank=True)
    specialty = models.CharField(
        max_length=18,
        choices=[
            ("thoracic_surgery", "Chest surgery (thoracic surgery)"),
            ("medical_oncology", "Cancer drug treatment (medical oncology)"),
            ("surgical_oncology", "Cancer surgery (surgical oncology)"),
            ("radiation_oncology", "Radiation treatment (radiation oncology)"),
            ("pulmonology", "Lung medicine (pulmonology)"),
            ("pathology", "Study of tissue (pathology)"),
            ("palliative", "Relief of symptoms (palliative care)"),
        ],
    )
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="specialists")
    pleural = models.BooleanField(null=True, blank=True)
    peritoneal = models.BooleanField(null=True, blank=True)
    second_source_url = models.URLField(max_length=300, blank=True)
    evidence = models.CharField(max_length=13, choices=Evidence)
    post_verified_on = models.DateField(null=True, blank=True)
    post_verified_how = models.CharField(max_length=7, blank=True, choices=HOW)

    objects = SpecialistQuerySet.as_manager()

    class Meta:
        ordering = ["full_name"]
        constraints = [
            *Listed.Meta.constraints,
            whole("post"),
            yes_no_or_unknown("pleural", "peritoneal"),
            models.CheckConstraint(condition=Q(evidence__in=Evidence.values), name="specialist_evidence_word"),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.credentials}" if self.credentials else self.full_name

    def get_absolute_url(self) -> str:
        return reverse("specialist", args=[self.slug])
