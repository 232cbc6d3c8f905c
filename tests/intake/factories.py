"""Rows for tests of intake: small, explicit, US."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import factory
from django.contrib.auth import get_user_model
from django.utils import timezone

from intake.models import Advocate, Conversation, HelpRequest, Promise, WorkingHours


class UserFactory(factory.django.DjangoModelFactory[Any]):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"staff{n}")
    is_staff = True


class AdvocateFactory(factory.django.DjangoModelFactory[Advocate]):
    """Works Monday to Friday, 9:00 to 17:00 Central, licensed in Illinois."""

    class Meta:
        model = Advocate
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    first_name = factory.Sequence(lambda n: f"Advocate{n}")
    email = factory.LazyAttribute(lambda a: f"{a.first_name.lower()}@desk.example")
    states = "IL"
    is_sample = True

    @factory.post_generation
    def hours(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for weekday in range(5) if extracted is None else extracted:
            WorkingHours.objects.create(advocate=self, weekday=weekday, starts=time(9), ends=time(17))


class HelpRequestFactory(factory.django.DjangoModelFactory[HelpRequest]):
    class Meta:
        model = HelpRequest

    submission_key = factory.LazyFunction(uuid4)
    fingerprint = "0" * 32
    kind = HelpRequest.Kind.DOCTOR_MATCH
    for_whom = HelpRequest.ForWhom.ME
    name = "Maria Sample"
    email = "maria@family.example"
    phone = "+13125550142"
    reach_by = HelpRequest.ReachBy.PHONE
    state = "IL"
    zip_prefix = "606"
    contact_by = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=4))


class ConversationFactory(factory.django.DjangoModelFactory[Conversation]):
    class Meta:
        model = Conversation

    help_request = factory.SubFactory(HelpRequestFactory, kind=HelpRequest.Kind.CONVERSATION)
    advocate = factory.SubFactory(AdvocateFactory)
    starts_at = factory.Sequence(lambda n: datetime(2030, 1, 7, 15, tzinfo=UTC) + timedelta(minutes=30 * n))


class PromiseFactory(factory.django.DjangoModelFactory[Promise]):
    class Meta:
        model = Promise

    kind = Promise.Kind.ROUTE
    help_request = factory.SubFactory(HelpRequestFactory)
    key = factory.Sequence(lambda n: f"test:{n}")
    due_at = factory.LazyFunction(lambda: timezone.now() - timedelta(seconds=1))
