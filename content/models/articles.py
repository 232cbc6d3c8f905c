"""Topics and articles: where a text stands. What it says is in its revisions."""

import datetime
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from content.models.people import Person

path_validator = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*\Z",
    "Use lower-case words with hyphens, parted by slashes, for example: costs/who-pays",
)


def list_of_words(value: object) -> None:
    """Validator: a list of short texts. Raises ValidationError."""
    if not isinstance(value, list) or not all(isinstance(word, str) and 0 < len(word) <= 80 for word in value):
        raise ValidationError('Write a list of words, for example: ["IHC", "cell stains"]')


class Topic(models.Model):
    """A shelf of articles."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=250, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The hub, or the article that has the topic's own path."""
        return reverse("topic", args=[self.slug])


class ArticleQuerySet(models.QuerySet["Article"]):
    def live(self) -> "ArticleQuerySet":
        """Those that readers see. Withdrawing takes the live revision down, so one question is enough."""
        return self.filter(revisions__is_live=True)


class Article(models.Model):
    """One address and one text over time. An FAQ answer and a page of policy are articles of another kind."""

    class Kind(models.TextChoices):
        ARTICLE = "article", "Article"
        FAQ = "faq", "FAQ answer"
        TERM = "term", "Glossary term"
        TOOL = "tool", "Tool to print"
        PAGE = "page", "Page about us"

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ARTICLE)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True, blank=True, related_name="articles")
    path = models.CharField(
        max_length=200, unique=True, validators=[path_validator], help_text="The address, without slashes at the ends"
    )
    shown_on = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="faqs",
        help_text="The article under which this FAQ answer also stands",
    )
    order = models.PositiveSmallIntegerField(default=0)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="articles")
    related = models.ManyToManyField(
        "self",
        blank=True,
        symmetrical=False,
        related_name="+",
        help_text="Articles that help next; none: those of the same topic",
    )
    also_called = models.JSONField(
        default=list,
        blank=True,
        validators=[list_of_words],
        help_text='A glossary term\'s other names, as a list: ["IHC", "cell stains"]. Search finds them.',
    )
    review_every_months = models.PositiveSmallIntegerField(default=12, help_text="6 for money and drugs")
    review_due_on = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text="Set when a text is published: so many months after its sign-off",
    )
    placed_by_hand = models.BooleanField(
        default=False, editable=False, help_text="Somebody changed this in the admin: the library leaves it alone"
    )
    first_published_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_reason = models.TextField(blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    objects: ClassVar[ArticleQuerySet] = ArticleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["kind", "order", "path"]
        constraints = [
            models.CheckConstraint(
                name="article_withdrawn_with_reason",
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
            ),
            models.CheckConstraint(
                name="article_only_faq_is_shown_on",
                condition=Q(shown_on__isnull=True) | Q(kind="faq"),
                violation_error_message="Only an FAQ answer is shown on another article.",
            ),
            models.CheckConstraint(
                name="article_has_review_cycle",
                condition=Q(review_every_months__gte=1, review_every_months__lte=24),
                violation_error_message="Enter a number of months from 1 to 24.",
            ),
            models.CheckConstraint(
                name="article_has_other_names_if_term",
                condition=Q(also_called=[]) | Q(kind="term"),
                violation_error_message="Only a glossary term has other names.",
            ),
        ]
        indexes = [models.Index(fields=["review_due_on"], name="article_review_due")]
        permissions = [("withdraw_article", "Can withdraw an article"), ("move_article", "Can change an address")]

    def __str__(self) -> str:
        return self.path

    def get_absolute_url(self) -> str:
        if self.kind == self.Kind.FAQ:
            return f"{reverse('faq')}#{self.anchor}"
        return reverse("article", args=[self.path])

    def is_overdue(self, today: datetime.date) -> bool:
        """Whether the live text should have been looked at again."""
        return self.review_due_on is not None and self.review_due_on < today

    @property
    def anchor(self) -> str:
        """The id of an FAQ answer on the FAQ page, and the start of every id in it."""
        return self.path.removeprefix("faq/").replace("/", "-")

    @property
    def slug(self) -> str:
        """The last word of the address: the name by which texts explain a term."""
        return self.path.rsplit("/", 1)[-1]
