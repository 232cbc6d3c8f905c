"""A signed text that goes live on a day to come. Beat asks every minute (`content.tasks`); `manage.py publish_due` does
the same without any broker."""

import datetime
import logging

from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.utils import timezone

from content.models import Article, Revision
from content.publishing import PublishingError, publish, refuse_unless_publishable

log = logging.getLogger(__name__)


@transaction.atomic
def schedule(*, revision: Revision, at: datetime.datetime, by: User) -> Revision:
    """Only a signed text waits, and only one of each article. Raises PublishingError."""
    article = _lock(revision)
    revision = Revision.objects.select_related("signed_by").get(pk=revision.pk)
    refuse_unless_publishable(revision)
    if at <= timezone.now():
        raise PublishingError("That time has passed. Choose a later one, or publish now.")
    waiting = Revision.objects.filter(article=article, publish_at__isnull=False)
    waiting.update(publish_at=None, scheduled_by=None)
    Revision.objects.filter(pk=revision.pk).update(publish_at=at, scheduled_by=by)
    revision.refresh_from_db()
    return revision


def unschedule(*, revision: Revision) -> None:
    """The text stays signed and waits for nobody. Raises PublishingError."""
    if not Revision.objects.filter(pk=revision.pk, publish_at__isnull=False).update(publish_at=None, scheduled_by=None):
        raise PublishingError("This text is not waiting for a day.")


def publish_due(*, now: datetime.datetime | None = None) -> list[Revision]:
    """Publishes what is due, each in its own transaction, in the name of who scheduled it. One that is refused keeps
    its day and is named in the log; the editors' desk shows it as late. Harmless when run twice at once."""
    due = Revision.objects.filter(publish_at__lte=now or timezone.now()).order_by("publish_at", "pk")
    done = []
    for revision in due.select_related("scheduled_by"):
        try:
            with transaction.atomic():
                _lock(revision)
                if due.filter(pk=revision.pk).exists():  # nobody published it or chose another day meanwhile
                    done.append(publish(revision=revision, by=revision.scheduled_by))
        except (PublishingError, DatabaseError) as error:
            log.error("Revision %s is due and was not published: %s", revision.pk, error)
    return done


def _lock(revision: Revision) -> Article:
    """The article first, as `publish` does: two verbs that lock in another order wait for each other forever."""
    return Article.objects.select_for_update().get(pk=revision.article_id)
