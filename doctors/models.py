"""Where families can go: cancer centers, the mesothelioma programs in them, and the doctors of those programs.

A blank field means "not known", never "no". A row is fresh for 90 days after somebody looked (`doctors.freshness`).
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from doctors.freshness import Freshness, freshness
from doctors.states import CHOICES, STATES

US_LATITUDES, LONGITUDES = (13, 72), (-180, 180)  # Guam to the north of Alaska: a swapped pair is refused


class Evidence(models.TextChoices):
    """What kind of source stands behind a row, from the `evidence:` label of the starter data."""

    HOSPITAL = "hospital", "Hospital or official source"
    TWO_SOURCES = "two_sources", "Directory and one other source"
    DIRECTORIES = "directories", "Directories only"
    ONE_DIRECTORY = "one_directory", "One directory page only"


class Audience(models.TextChoices):
    """Whom a place treats."""

    ADULTS = "adults", "Adults"
    CHILDREN = "children", "Children"
    VETERANS = "veterans", "Veterans enrolled in VA health care"
    STUDY = "study", "People who join one of its studies"


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


def known_offers(offers: object) -> None:
    """Validator: a list of words from OFFERS, each once. Raises ValidationError."""
    if not isinstance(offers, list) or len(set(map(str, offers))) != len(offers) or set(map(str, offers)) - set(OFFERS):
        raise ValidationError(f"Use a list of these words, each once: {', '.join(OFFERS)}.")


_PHONE = RegexValidator(r"\A\+1[2-9]\d{9}\Z", "Enter the number as +1 and ten digits, for example +13125550142.")


class Listed(models.Model):
    """What every row tells about itself: its address on the site, its sources, and who looked when.

    `verified_*` is our own look; `source_checked` is the date of the starter data's source and may be unknown.
    """

    slug = models.SlugField(unique=True, max_length=60)
    source_url = models.URLField(max_length=300, blank=True)
    source_checked = models.DateField(null=True, blank=True)
    notes = models.TextField(blank=True, help_text="For staff. Never shown to families.")
    verified_on = models.DateField(null=True, blank=True)
    verified_how = models.CharField(
        max_length=7, blank=True, choices=[("website", "on the hospital's website"), ("phone", "by phone")]
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_on__isnull=True, verified_how="")
                | Q(verified_on__isnull=False, verified_how__in=["website", "phone"]),
                name="%(class)s_verified_on_and_how",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def source_words(self) -> str:
        """What `source_checked` was held against."""
        return "a public page"

    @property
    def freshness(self) -> Freshness:
        """How far the row may still be trusted, today."""
        return freshness(
            verified_on=self.verified_on,
            verified_how=self.get_verified_how_display(),
            source_checked=self.source_checked,
            source=self.source_words,
        )


class Located(models.Model):
    """A postal address and its point, in degrees."""

    street = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=40)
    state = models.CharField(max_length=2, choices=CHOICES)
    zip = models.CharField(max_length=5, validators=[RegexValidator(r"\A[0-9]{5}\Z", "Enter a 5-digit ZIP code.")])
    latitude = models.FloatField(validators=[MinValueValidator(US_LATITUDES[0]), MaxValueValidator(US_LATITUDES[1])])
    longitude = models.FloatField(validators=[MinValueValidator(LONGITUDES[0]), MaxValueValidator(LONGITUDES[1])])
    phone = models.CharField(max_length=12, blank=True, validators=[_PHONE])
    website = models.URLField(max_length=300, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(state__in=sorted(STATES)), name="%(class)s_state_is_real"),
            models.CheckConstraint(
                condition=Q(latitude__range=US_LATITUDES, longitude__range=LONGITUDES),
                name="%(class)s_point_on_the_map",
            ),
        ]

    @property
    def state_name(self) -> str:
        return STATES[self.state].name

    @property
    def phone_text(self) -> str:
        """The phone as Americans write it: 312-555-0142. Empty if unknown."""
        return f"{self.phone[2:5]}-{self.phone[5:8]}-{self.phone[8:]}" if self.phone else ""


class Center(Listed, Located):
    """A cancer center that the National Cancer Institute has designated."""

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
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.ADULTS)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["state"], name="center_state")]
        constraints = [
            *Listed.Meta.constraints,
            *Located.Meta.constraints,
            models.CheckConstraint(
                condition=Q(designation__in=["comprehensive", "clinical", "basic_laboratory"]),
                name="center_designation_is_nci_word",
            ),
            models.CheckConstraint(
                condition=~Q(designation="basic_laboratory") | Q(treats_patients=False),
                name="center_laboratory_treats_nobody",
            ),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="center_audience_word"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("center", args=[self.slug])

    @property
    def source_words(self) -> str:
        return "the NCI list of cancer centers"


class Program(Listed, Located):
    """A hospital's team that a source names for mesothelioma."""

    name = models.CharField(max_length=120)
    center = models.ForeignKey(Center, null=True, blank=True, on_delete=models.PROTECT, related_name="programs")
    hospital = models.CharField(max_length=80)
    pleural = models.BooleanField(null=True, blank=True)
    peritoneal = models.BooleanField(null=True, blank=True)
    offers = models.JSONField(default=list, blank=True, validators=[known_offers])
    referral_required = models.BooleanField(null=True, blank=True)
    remote_second_opinion_url = models.URLField(max_length=300, blank=True)
    second_source_url = models.URLField(max_length=300, blank=True)
    evidence = models.CharField(max_length=13, choices=Evidence)
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.ADULTS)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["state"], name="program_state")]
        constraints = [
            *Listed.Meta.constraints,
            *Located.Meta.constraints,
            models.CheckConstraint(
                condition=Q(referral_required__isnull=True) | Q(referral_required__in=[True, False]),
                name="program_referral_yes_no_or_unknown",
            ),
            models.CheckConstraint(condition=Q(evidence__in=Evidence.values), name="program_evidence_word"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="program_audience_word"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("program", args=[self.slug])

    @property
    def source_words(self) -> str:
        return "the hospital's page" if self.evidence == Evidence.HOSPITAL else super().source_words

    @property
    def directories_only(self) -> bool:
        return self.evidence in (Evidence.DIRECTORIES, Evidence.ONE_DIRECTORY)


class SpecialistQuerySet(models.QuerySet["Specialist"]):
    def listed(self) -> "SpecialistQuerySet":
        """Those a family may see: an official source places them, or one of us has checked."""
        return self.filter(Q(evidence=Evidence.HOSPITAL) | Q(verified_on__isnull=False))


class Specialist(Listed):
    """A doctor whom a source places at a program: public professional facts only, no rating."""

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

    objects = SpecialistQuerySet.as_manager()

    class Meta:
        ordering = ["full_name"]
        constraints = [
            *Listed.Meta.constraints,
            models.CheckConstraint(condition=Q(evidence__in=Evidence.values), name="specialist_evidence_word"),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.credentials}" if self.credentials else self.full_name

    def get_absolute_url(self) -> str:
        return reverse("specialist", args=[self.slug])
