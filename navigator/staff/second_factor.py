"""The second factor: six digits of an app on one's own phone (RFC 6238), or one of ten codes on paper.

The key is encrypted, a code on paper is kept as a keyed digest. Each code opens once.
"""

import hmac
import secrets
from typing import Any

import pyotp
import segno
from django.db import transaction
from django.utils import timezone

from navigator import identity
from navigator.encryption import lookup_hash
from navigator.models import BackupCode, Device, StaffEvent

DRIFT = (0, -1, 1)  # steps of 30 seconds that a phone's clock may be off
CODES = 10
LETTERS = "bcdfghjkmnpqrstvwxz23456789"  # cannot be misread


def new_key() -> str:
    return pyotp.random_base32()


def address(key: str, user: Any) -> str:
    """What the app reads: who we are, whose account, the key."""
    return pyotp.TOTP(key).provisioning_uri(name=user.get_username(), issuer_name=identity.current().name)


def drawing(text: str) -> str:
    """A QR code as SVG for the page itself: no picture is loaded, no style is inline."""
    return str(segno.make(text, error="m").svg_inline(scale=5, border=4, light="#fff", dark="#000", title="QR code"))


@transaction.atomic
def enroll(*, user: Any, key: str, code: str) -> list[str] | None:
    """Make `key` the user's own, if `code` is one of it now. The codes for paper, shown this once; None for a wrong
    code, or when there is a device already."""
    step = _step(key, code)
    if step is None or Device.objects.filter(user=user).exists():
        return None
    device = Device.objects.create(user=user, key=key, last_step=step)
    codes = [f"{_part()}-{_part()}" for _ in range(CODES)]
    BackupCode.objects.bulk_create([BackupCode(device=device, digest=_digest(device, each)) for each in codes])
    StaffEvent.objects.create(what=StaffEvent.What.ENROLLED, user=user, by=user)
    return codes


def is_right(*, user: Any, code: str) -> bool:
    """Is `code` the user's second factor? Then it opens this once and never again."""
    device = Device.objects.filter(user=user).first()
    if device is None:
        return False
    step = _step(device.key, code)
    if step is not None:
        return bool(Device.objects.filter(pk=device.pk, last_step__lt=step).update(last_step=step))
    return bool(BackupCode.objects.filter(device=device, digest=_digest(device, code)).delete()[0])


def reset(*, device: Device, by: Any) -> None:
    """Somebody lost their phone: at the next sign-in they enroll another."""
    StaffEvent.objects.create(what=StaffEvent.What.RESET, user=device.user, by=by)
    device.delete()


def _step(key: str, code: str) -> int | None:
    """The step of 30 seconds whose code this is. All are compared, in the time of one."""
    typed, now = "".join(code.split()).encode(), int(timezone.now().timestamp()) // 30
    right = {now + off: pyotp.TOTP(key).generate_otp(now + off).encode() for off in DRIFT}
    found = [step for step, wanted in right.items() if hmac.compare_digest(wanted, typed)]
    return found[0] if found else None


def _part() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(5))


def _digest(device: Device, code: str) -> str:
    plain = "".join(character for character in code.lower() if character.isalnum())[:40]
    return lookup_hash(f"backup code of {device.pk}: {plain}")
