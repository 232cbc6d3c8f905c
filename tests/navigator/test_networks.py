import pytest
from django.test import RequestFactory

from navigator.networks import network


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
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
def test_the_network_is_what_our_own_proxy_says(remote: str, forwarded: str, expected: str) -> None:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert network(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)) == expected
