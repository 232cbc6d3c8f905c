from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.signing import TimestampSigner

from intake import links
from tests.intake.factories import HelpRequestFactory

pytestmark = pytest.mark.django_db


def test_a_token_opens_its_own_request_only() -> None:
    first, second = HelpRequestFactory(), HelpRequestFactory()
    assert links.find(links.token(first)) == first
    assert links.find(links.token(second)) == second


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: "x" + t[1:], lambda t: "", lambda t: t + "é\x00"])
def test_a_tampered_token_opens_nothing(change: object) -> None:
    token = links.token(HelpRequestFactory())
    with pytest.raises(links.LinkError):
        links.find(change(token))  # type: ignore[operator]


def test_a_signature_for_another_purpose_opens_nothing() -> None:
    with pytest.raises(links.LinkError):
        links.find(TimestampSigner(salt="other").sign(HelpRequestFactory().link_id))


def test_two_families_tokens_cannot_be_mixed() -> None:
    first, second = links.token(HelpRequestFactory()), links.token(HelpRequestFactory())
    name, rest = first.split(":", 1)[0], second.split(":", 1)[1]
    with pytest.raises(links.LinkError):
        links.find(f"{name}:{rest}")


def test_an_old_token_opens_nothing() -> None:
    request = HelpRequestFactory()
    with time_machine.travel(datetime.now(UTC) - links.VALID_FOR - timedelta(days=1)):
        token = links.token(request)
    with pytest.raises(links.LinkError):
        links.find(token)
