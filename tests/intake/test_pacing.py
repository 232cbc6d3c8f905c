import pytest
from django.test import RequestFactory

from intake import pacing


@pytest.mark.parametrize(
    ("remote", "forwarded", "network"),
    [
        ("198.51.100.7", "", ""),  # a documentation address: nobody's
        ("8.8.4.4", "", "8.8.4.4"),
        ("8.8.4.4", "9.9.9.9", "8.8.4.4"),  # no proxy of ours: what it says does not count
        ("10.0.0.2", "1.1.1.1, 9.9.9.9", "9.9.9.9"),
        ("10.0.0.2", "9.9.9.9, nonsense", ""),
        ("10.0.0.2", "", ""),
        ("", "", ""),
        ("2606:4700:4700:1::1111", "", "2606:4700:4700:1::/64"),
        ("::ffff:8.8.4.4", "", "8.8.4.4"),
    ],
)
def test_the_network_is_what_our_own_proxy_says(remote: str, forwarded: str, network: str) -> None:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert pacing.network(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)) == network


def test_a_network_is_held_up_and_let_go_again() -> None:
    now = [0.0]
    pace = pacing.Pace(times=2, seconds=60, clock=lambda: now[0])
    assert [pace.allows("8.8.4.4") for _ in range(3)] == [True, True, False]
    assert pace.allows("9.9.9.9")
    now[0] = 61
    assert pace.allows("8.8.4.4")


def test_who_cannot_be_told_is_not_held_up() -> None:
    pace = pacing.Pace(times=1)
    assert all(pace.allows("") for _ in range(5))
    assert not pace.seen


def test_no_address_is_kept_and_not_too_many_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "MOST_NETWORKS", 3)
    pace = pacing.Pace(times=1)
    for last in range(9):
        pace.allows(f"8.8.4.{last}")
    assert len(pace.seen) == 3
    assert b"8.8.4" not in b"".join(pace.seen)
    assert not pace.allows("8.8.4.8")
    pace.forget()
    assert pace.allows("8.8.4.8")
