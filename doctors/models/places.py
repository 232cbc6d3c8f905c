"""Cancer centers, and the mesothelioma programs in them and elsewhere."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from doctors.models.listed import (
    CONTACT_FACTS,
    HOW,
    Audience,
    Evidence,
    Listed,
    ListedQuerySet,
    Located,
    whole,
    yes_no_or_unknown,
)

# What a program can offer: the column, and its words. True: a source says so. False: a source says no. None: not known.
OFFERS = {
    "surgery": "Surgery",
    "hipec": "Surgery in the belly with heated chemotherapy (HIPEC)",
    "chemotherapy": "Chemotherapy",
    "immunotherapy": "Immunotherapy",
    "radiation": "Radiation",
    "clinical_trials": "Clinical trials",
    "remote_second_opinion": "A second opinion from a distance",
    "multidisciplinary_clinic": "Several kinds of specialists look at your case together",
    "palliative_care": "Relief of symptoms (palliative care)",
    "va_affiliated": "Part of VA health care",
}
# Filters of the finder that have an index of their own, so that a rare one is found among a million.
_INDEXED = ("pleural", "peritoneal", "surgery", "hipec", "clinical_trials", "remote_second_opinion")


class Destination(Listed, Located):
    """Somewhere to go, and how to get in: what a center and a program have in common."""

    audience = models.CharField(max_length=8, choices=Audience, default=Audience.ADULTS)
    referral_required = models.BooleanField(null=True, blank=True)
    second_opinion_url = models.URLField(
        max_length=300, blank=True, help_text="The hospital's page on how to ask for a second opinion or a first visit."
    )
    records_address = models.TextField(
        max_length=300, blank=True, help_text="Where records, scans and slides go, as the hospital says it."
    )
    video_visit = models.BooleanField(null=True, blank=True, help_text="A doctor can be seen by video.")
    records_review = models.BooleanField(
        null=True, blank=True, help_text="Slides and scans can be sent for an opinion without any visit."
    )
    languages = models.CharField(
        max_length=200, blank=True, help_text="For example: Spanish, and interpreters by phone for other languages"
    )
    travel_url = models.URLField(max_length=300, blank=True, help_text="The hospital's page on travel and lodging.")
    access_verified_on = models.DateField(null=True, blank=True)
    access_verified_how = models.CharField(max_length=7, blank=True, choices=HOW)

    class Meta:
        abstract = True
        constraints = [
            *Listed.Meta.constraints,
            *Located.Meta.constraints,
            whole("access"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="%(class)s_audience_word"),
        ]


ACCESS_FACTS = (
    "referral_required",
    "second_opinion_url",
    "records_address",
    "video_visit",
    "records_review",
    "languages",
    "travel_url",
)


_YES_NO = ("referral_required", "video_visit", "records_review")


class CenterQuerySet(ListedQuerySet["Center"]):
    pass


class ProgramQuerySet(ListedQuerySet["Program"]):
    pass


class Center(Destination):
    """A cancer center that the National Cancer Institute has designated."""

    facts = {
        "contact": CONTACT_FACTS,
        "access": ACCESS_FACTS,
        "designation": ("name", "institution", "designation", "treats_patients", "audience"),
    }
    sourced_groups = ("contact", "designation")

    name = models.CharField(max_length=120)
    institution = models.CharField(max_length=120)
    designation = models.CharField(
        max_length=16,
        choices=[
            ("comprehensive", "Comprehensive"),
            ("clinical", "Clinical"),
            ("basic_laboratory", "Basic laboratory"),
        ],
    )
    treats_patients = models.BooleanField()
    designation_verified_on = models.DateField(null=True, blank=True)
    designation_verified_how = models.CharField(max_length=7, blank=True, choices=HOW)

    objects = CenterQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [
            models.Index(fields=["state"], name="center_state"),
            models.Index(fields=["latitude", "longitude"], name="center_near"),
        ]
        constraints = [
            *Destination.Meta.constraints,
            whole("designation"),
            yes_no_or_unknown(*_YES_NO),
            models.CheckConstraint(
                condition=Q(designation__in=["comprehensive", "clinical", "basic_laboratory"]),
                name="center_designation_is_nci_word",
            ),
            models.CheckConstraint(
                condition=~Q(designation="basic_laboratory") | Q(treats_patients=False),
                name="center_laboratory_treats_nobody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("center", args=[self.slug])

    @property
    def source_words(self) -> str:
        return "the NCI list of cancer centers"


class Program(Destination):
    """A hospital's team that a source names for mesothelioma. Each offer is a column of its own: see OFFERS."""

    facts = {
        "contact": ("name", "center", "hospital", *CONTACT_FACTS),
        "care": ("pleural", "peritoneal", *OFFERS, "remote_second_opinion_url", "audience"),
        "access": ACCESS_FACTS,
    }
    sourced_groups = ("contact", "care", "access")

    name = models.CharField(max_length=120)
    center = models.ForeignKey(Center, null=True, blank=True, on_delete=models.PROTECT, related_name="programs")
    hospital = models.CharField(max_length=80)
    pleural = models.BooleanField(null=True, blank=True)
    peritoneal = models.BooleanField(null=True, blank=True)
    surgery = models.BooleanField(OFFERS["surgery"], null=True, blank=True)
    hipec = models.BooleanField(OFFERS["hipec"], null=True, blank=True)
    chemotherapy = models.BooleanField(OFFERS["chemotherapy"], null=True, blank=True)
    immunotherapy = models.BooleanField(OFFERS["immunotherapy"], null=True, blank=True)
    radiation = models.BooleanField(OFFERS["radiation"], null=True, blank=True)
    clinical_trials = models.BooleanField(OFFERS["clinical_trials"], null=True, blank=True)
    remote_second_opinion = models.BooleanField(OFFERS["remote_second_opinion"], null=True, blank=True)
    multidisciplinary_clinic = models.BooleanField(OFFERS["multidisciplinary_clinic"], null=True, blank=True)
    palliative_care = models.BooleanField(OFFERS["palliative_care"], null=True, blank=True)
    va_affiliated = models.BooleanField(OFFERS["va_affiliated"], null=True, blank=True)
    remote_second_opinion_url = models.URLField(max_length=300, blank=True)
    second_source_url = models.URLField(max_length=300, blank=True)
    evidence = models.CharField(max_length=13, choices=Evidence)
    care_verified_on = models.DateField(null=True, blank=True)
    care_verified_how = models.CharField(max_length=7, blank=True, choices=HOW)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [
            models.Index(fields=["state"], name="program_state"),
            models.Index(fields=["latitude", "longitude"], name="program_near"),
            *(
                models.Index(
                    fields=["latitude", "longitude"],
                    name=f"program_near_{word[:16]}",
                    condition=Q(**{word: True}),
                )
                for word in _INDEXED
            ),
            models.Index(
                fields=["latitude", "longitude"],
                name="program_near_apart",
                condition=Q(audience__in=["children", "study", "veterans"]),
            ),
        ]
        constraints = [
            *Destination.Meta.constraints,
            whole("care"),
            yes_no_or_unknown(*_YES_NO, "pleural", "peritoneal", *OFFERS),
            models.CheckConstraint(condition=Q(evidence__in=Evidence.values), name="program_evidence_word"),
            models.CheckConstraint(
                condition=Q(remote_second_opinion_url="")
                | Q(remote_second_opinion__isnull=False, remote_second_opinion=True),
                name="program_remote_address_means_yes",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("program", args=[self.slug])

    @property
    def offers(self) -> list[str]:
        """The offers that a source states, as words of OFFERS."""
        return [offer for offer in OFFERS if getattr(self, offer)]

    @property
    def source_words(self) -> str:
        return "the hospital's page" if self.evidence == Evidence.HOSPITAL else super().source_words

    @property
    def directories_only(self) -> bool:
        return self.evidence in (Evidence.DIRECTORIES, Evidence.ONE_DIRECTORY)
