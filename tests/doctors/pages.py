"""Public pages as tests read them."""

import json
import re
from typing import Any

from django.test import Client


def text(client: Client, path: str, **query: str) -> str:
    response = client.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


def graph(page: str) -> dict[str, dict[str, Any]]:
    """The structured data of a page, by type."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found
    return {thing["@type"]: thing for thing in json.loads(found.group(1))["@graph"]}
