"""`python security/new_secrets.py KNOWN FOUND`: what FOUND has that KNOWN has not, both as detect-secrets writes them.

A known one may stand on another line. Exits with 1 when there is a new one, and says where; never what it is.
"""

import json
import sys
from pathlib import Path


def secrets(path: str) -> dict[tuple[str, str], str]:
    """Each by its file and digest, with where it stands and what it looks like."""
    results = json.loads(Path(path).read_text(encoding="utf-8"))["results"]
    return {
        (name, each["hashed_secret"]): f"{name}:{each['line_number']} looks like a secret ({each['type']})"
        for name, found in results.items()
        for each in found
    }


if __name__ == "__main__":
    known, found = (secrets(path) for path in sys.argv[1:])
    new = [where for key, where in found.items() if key not in known]
    sys.stdout.write("".join(f"{line}\n" for line in new))
    sys.exit(bool(new))
