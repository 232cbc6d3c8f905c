"""Tries to sign in, counted in the database: a try is taken before the password is looked at, so that many at once are
no more tries than one after another.

Names and addresses are kept as keyed digests. Whether an account exists changes nothing of what is said or counted.
"""

from datetime import timedelta

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from navigator.encryption import lookup_hash
from navigator.limits import Limit
from navigator.models import SignInTries
from navigator.networks import network

NO_LIMIT = timedelta(days=36500)


PAIR = Limit(5, timedelta(minutes=15))  # one account from one network
NETWORK = Limit(20, timedelta(hours=1))
ACCOUNT = Limit(100, NO_LIMIT)  # since the last success, from anywhere


def take(account: str, request: HttpRequest) -> bool:
    """May somebody try now to be `account`? Counts the try. False when there were too many."""
    who, where = account_name(account), _network(request)
    pairs: tuple[tuple[str, str, Limit], ...] = ((who, where, PAIR), ("", where, NETWORK), (who, "", ACCOUNT))
    if not network(request):  # behind a proxy that does not say: everybody would be one network
        pairs = (pairs[0], pairs[2])
    counted = [_take_one(*pair) for pair in pairs]  # each, also when one says no
    return all(counted)


def succeeded(account: str, request: HttpRequest) -> None:
    """It was them: their tries count no more, and neither does this one of their network."""
    who, where = account_name(account), _network(request)
    SignInTries.objects.filter(account=who, network__in=["", where]).delete()
    SignInTries.objects.filter(account="", network=where, number__gt=0).update(number=F("number") - 1)


def unlock(account: str) -> bool:
    """Let an account try again at once. False if nothing was counted."""
    return bool(SignInTries.objects.filter(account=account_name(account)).delete()[0])


def account_name(account: str) -> str:
    """The name under which an account is counted."""
    return lookup_hash(f"account:{account.strip().lower()[:200]}")


def _network(request: HttpRequest) -> str:
    """The name under which a network is counted; one that cannot be told has a name too, for pairs."""
    return lookup_hash(f"network:{network(request)}")


def _take_one(account: str, network: str, limit: Limit) -> bool:
    now = timezone.now()
    row, _ = SignInTries.objects.get_or_create(account=account, network=network, defaults={"since": now})
    mine = SignInTries.objects.filter(pk=row.pk)
    mine.filter(since__lt=now - limit.period).update(since=now, number=0)
    return bool(mine.filter(number__lt=limit.most).update(number=F("number") + 1))
