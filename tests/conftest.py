"""What every test has: no way to other machines, a warning is an error, a fresh outbox of mail."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest

_connect = socket.socket.connect


def _here_only(self: socket.socket, address: Any) -> None:
    """Sockets to anywhere but this machine are an error."""
    if isinstance(address, tuple) and not ipaddress.ip_address(socket.gethostbyname(address[0])).is_loopback:
        raise AssertionError(f"A test tried to reach {address[0]}.")
    _connect(self, address)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _here_only)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """Tests change listings behind the verbs."""
    yield
    from doctors import small

    small.forget()
