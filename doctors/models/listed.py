"""What every row tells about itself: its address on the site, its sources, and who looked at which facts when."""

from typing import ClassVar, Self, TypeVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from doctors.freshness import Freshness, freshness
from doctors.states import CHOICES, STATES

Row = TypeVar("Row", bound=models.Model)

US_LATITUDES, LONGITUDES = (13, 72), (-180, 180)  # Guam to the north of Alaska: a swapped pair is refused

# A group of facts that one look settles -> how staff and readers call it.
GROUPS = {
    "contact": "Address, phone and website",
    "care": "What it treats and offers",
    "access": "Referral, records, languages and travel",
    "designation": "NCI designation",
    "post": "That the doctor works here",
}
HOW = [("website", "on the hospital's website"), ("phone", "by phone")]


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


def whole(group: str) -> models.CheckConstraint:
    """A look has a day and a way, or neither."""
    on, how = f"{group}_verified_on", f"{group}_verified_how"
    return models.CheckConstraint(
        condition=Q(**{f"{on}__isnull": True, how: ""}) | Q(**{f"{on}__isnull": False, f"{how}__in": dict(HOW)}),
        name=f"%(class)s_{group}_verified_whole",
    )


def yes_no_or_unknown(*names: str) -> models.CheckConstraint:
    """SQLite would store any number in such a column."""
    condition = Q()
    for name in names:
        condition &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__in": [True, False]})
    return models.CheckConstraint(condition=condition, name="%(class)s_yes_no_or_unknown")


class ListedQuerySet(models.QuerySet[Row]):
    def current(self) -> Self:
        """Those that have not ended."""
        return self.filter(ended_on__isnull=True)


class Listed(models.Model):
    """A listing. `facts` says which fields each group of facts has; a look at a group is `<group>_verified_on` and
    `<group>_verified_how`, and who looked stands in its history.

    `source_checked` is the date of the starter data's source and may be unknown. A listing that ended leaves every
    list, but keeps its page with a dated note.
    """

    facts: ClassVar[dict[str, tuple[str, ...]]]
    main_group: ClassVar[str] = "contact"
    sourced_groups: ClassVar[tuple[str, ...]]  # those that the source of the row speaks about

    slug = models.SlugField(unique=True, max_length=60)
    source_url = models.URLField(max_length=300, blank=True)
    source_checked = models.DateField(null=True, blank=True)
    notes = models.TextField(blank=True, help_text="For staff. Never shown to families.")
    ended_on = models.DateField(
        null=True, blank=True, help_text="The day it closed or stopped. It then leaves every list; its page stays."
    )
    ended_note = models.CharField(max_length=200, blank=True, help_text="What readers of its page are told, and why.")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_note="") | (Q(ended_on__isnull=False) & ~Q(ended_note="")),
                name="%(class)s_end_has_day_and_note",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def source_words(self) -> str:
        """What `source_checked` was held against."""
        return "a public page"

    def freshness_of(self, group: str) -> Freshness:
        """How far a group of facts may still be trusted, today."""
        return freshness(
            verified_on=getattr(self, f"{group}_verified_on"),
            verified_how=dict(HOW).get(getattr(self, f"{group}_verified_how"), ""),
            source_checked=self.source_checked if group in self.sourced_groups else None,
            source=self.source_words,
        )

    @property
    def freshness(self) -> Freshness:
        """How far the listing as a whole may be trusted: by the group that a family needs first."""
        return self.freshness_of(self.main_group)


_PHONE = RegexValidator(r"\A\+1[2-9]\d{9}\Z", "Enter the number as +1 and ten digits, for example +13125550142.")


class Located(models.Model):
    """A postal address and its point, in degrees."""

    street = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=40)
    state = models.CharField(max_length=2, choices=CHOICES)
    zip = models.CharField(max_length=5, validators=[RegexValidator(r"\A[0-9]{5}\Z", "Enter a 5-digit ZIP code.")])
    latitude = models.FloatField(validators=[MinValueValidator(US_LATITUDES[0]), MaxValueValidator(US_LATITUDES[1])])
    longitude = models.FloatField(validators=[MinValueValidator(LONGITUDES[0]), MaxValueValidator(LONGITUDES[1])])
    phone = models.CharField(max_length=12, blank=True, validators=[_PHONE])
    hours = models.CharField(
        max_length=80, blank=True, help_text="When the phone is answered, for example: Monday to Friday, 8 to 5 Central"
    )
    website = models.URLField(max_length=300, blank=True)
    contact_verified_on = models.DateField(null=True, blank=True)
    contact_verified_how = models.CharField(max_length=7, blank=True, choices=HOW)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(state__in=sorted(STATES)), name="%(class)s_state_is_real"),
            models.CheckConstraint(
                condition=Q(latitude__range=US_LATITUDES, longitude__range=LONGITUDES),
                name="%(class)s_point_on_the_map",
            ),
            whole("contact"),
        ]

    @property
    def state_name(self) -> str:
        return STATES[self.state].name

    @property
    def phone_text(self) -> str:
        """The phone as Americans write it: 312-555-0142. Empty if unknown."""
        return f"{self.phone[2:5]}-{self.phone[5:8]}-{self.phone[8:]}" if self.phone else ""


CONTACT_FACTS = ("street", "city", "state", "zip", "latitude", "longitude", "phone", "hours", "website")
