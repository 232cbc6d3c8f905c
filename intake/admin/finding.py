"""Finding a family's request by what they say on the phone, without it ever standing in an address or a log.

What staff type is sent in a POST and becomes a key: the public reference, or the blind index of a whole e-mail address
or phone number. Only the key goes into the address of the list.
"""

import re

import phonenumbers
from django.db.models import Q

from intake.models.help_request import REFERENCE_LETTERS
from navigator.encryption import lookup_hash
from navigator.security import clean_text

_REFERENCE = re.compile(f"([{REFERENCE_LETTERS}]{{3}})[- ]?([{REFERENCE_LETTERS}]{{4}})")


def key(typed: str) -> str:
    """What to look for; empty for nothing typed. A part of an address or number is the key of nobody."""
    typed = clean_text(typed)
    if reference := _REFERENCE.fullmatch(typed.upper()):
        return f"{reference[1]}-{reference[2]}"
    if "@" not in typed:
        try:
            number = phonenumbers.parse(typed, "US")
        except phonenumbers.NumberParseException:
            pass
        else:
            typed = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return lookup_hash(typed) if typed else ""


def found(key: str) -> Q:
    """The condition for the requests of `key`."""
    return Q(reference=key) | Q(email_hash=key) | Q(phone_hash=key)
