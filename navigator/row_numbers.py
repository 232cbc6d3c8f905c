"""Numbers of rows, as addresses and forms bring them: whoever sends them sends anything."""

_LONGEST = 18  # digits: what has more may be beyond 64 bits, and beyond some thousands Python refuses to read it


def row_number(text: str | None) -> int:
    """The number of a row; 0, which no row has, for whatever is no number of one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _LONGEST else 0
