"""The peer of `benchmarks.pages`: a WSGI callable that knows some replies by heart, and nothing else.

BARE_PAGES names a JSON file: path -> [headers, body in base64].
"""

import base64
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

_pages = {
    path: ([(name, value) for name, value in headers], [base64.b64decode(body)])
    for path, (headers, body) in json.loads(Path(os.environ["BARE_PAGES"]).read_text()).items()
}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    headers, body = _pages[environ["PATH_INFO"]]
    start_response("200 OK", headers)
    return body
