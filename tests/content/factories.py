"""Rows for tests of content: small, explicit."""

from typing import Any

import factory
from django.contrib.auth import get_user_model
from django.utils import timezone

from content.models import Article, Person, Revision, Topic


class UserFactory(factory.django.DjangoModelFactory[Any]):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"editor{n}")
    is_staff = True


class TopicFactory(factory.django.DjangoModelFactory[Topic]):
    class Meta:
        model = Topic

    slug = factory.Sequence(lambda n: f"topic-{n}")
    title = factory.Sequence(lambda n: f"Topic {n}")
    summary = "What this is about."


class PersonFactory(factory.django.DjangoModelFactory[Person]):
    """A real author; `reviewer=True` makes a real reviewer with an account."""

    class Meta:
        model = Person

    class Params:
        reviewer = factory.Trait(role=Person.Role.REVIEWER, user=factory.SubFactory(UserFactory))
        sample = factory.Trait(is_sample=True, name=factory.Sequence(lambda n: f"Sample Person {n}"))

    slug = factory.Sequence(lambda n: f"person-{n}")
    name = factory.Sequence(lambda n: f"Person {n}")
    role = Person.Role.AUTHOR


class ArticleFactory(factory.django.DjangoModelFactory[Article]):
    class Meta:
        model = Article

    class Params:
        faq = factory.Trait(kind=Article.Kind.FAQ, path=factory.Sequence(lambda n: f"faq/question-{n}"))

    path = factory.Sequence(lambda n: f"article-{n}")
    topic = factory.SubFactory(TopicFactory)
    author = factory.SubFactory(PersonFactory)


# A text that no rule of the editors' check finds fault with.
CLEAN = ":::glance\n- Many plans help to pay.\n:::\n\nAsk your plan first."


class RevisionFactory(factory.django.DjangoModelFactory[Revision]):
    """A draft; `live=True` signs and publishes it without the verbs. `clean=True` passes the editors' check."""

    class Meta:
        model = Revision
        skip_postgeneration_save = True

    class Params:
        clean = factory.Trait(body=CLEAN, description="What plans pay.")

    article = factory.SubFactory(ArticleFactory)
    title = "Who pays?"
    summary = "Many plans help to pay."
    body = "Ask your plan."
    body_html = "<p>Ask your plan.</p>"
    change_note = "First version"

    @factory.post_generation
    def live(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted:
            sign(self)
            Revision.objects.filter(pk=self.pk).update(is_live=True, published_at=timezone.now())
            self.refresh_from_db()


def sign(revision: Revision, **changes: Any) -> None:
    """A sign-off by a real reviewer, straight into the row."""
    fields = {"signed_by": PersonFactory(reviewer=True), "signed_at": timezone.now(), "signed_digest": revision.digest}
    Revision.objects.filter(pk=revision.pk).update(**{**fields, **changes})
    revision.refresh_from_db()


def check(revision: Revision, **changes: Any) -> None:
    """A fact check by somebody, straight into the row."""
    fields = {"checked_by": UserFactory(), "checked_at": timezone.now(), "checked_digest": revision.digest}
    Revision.objects.filter(pk=revision.pk).update(**{**fields, **changes})
    revision.refresh_from_db()
