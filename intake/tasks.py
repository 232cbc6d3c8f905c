"""Celery tasks: thin. Messages carry primary keys and nothing else."""

from celery import shared_task
from django.core.management import call_command

from intake import absences, digests, outcomes, promises, reconciling, retention, sweeping


@shared_task(name="intake.keep_promise")
def keep_promise(*promise_pks: int) -> None:
    """The nudge: a few promises, now. What takes too long is left to the sweep."""
    promises.keep(promise_pks)


@shared_task(name="intake.sweep")
def sweep() -> None:
    """Everything that is due. Run by beat every five seconds; harmless when run twice at once."""
    sweeping.sweep()


@shared_task(name="intake.send_digests")
def send_digests() -> None:
    """The mail of a weekday morning. Run every few minutes; whoever's morning it is gets one."""
    digests.send_due()


@shared_task(name="intake.tidy")
def tidy() -> None:
    """Unfinished answers of families are gone an hour after their last touch."""
    call_command("clearsessions")


@shared_task(name="intake.hourly", soft_time_limit=600, time_limit=660)
def hourly() -> None:
    """What need not be at once: whose advocate is still away, the public numbers of a settled quarter, once a day
    letting go of what was kept long enough, and whether all holds that always holds. Each hour, because a beat that is
    started anew counts from its start."""
    for work in (absences.hand_over_all, outcomes.make, retention.nightly, reconciling.note):
        sweeping.guarded(work)
