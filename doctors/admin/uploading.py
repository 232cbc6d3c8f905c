"""The one form of the site that takes a file.

Everywhere else a request with a file is refused before it is read (`DATA_UPLOAD_MAX_NUMBER_FILES` is 0), and that stays
so: this form reads its own body, after the account was checked, up to the size of an import and never onto a disk.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.http import parse_header_parameters

from doctors.planning import MOST_BYTES

FORM = 16 * 1024  # bytes around the file: the names of the parts, the token
PASSED_OVER = 64 * 1024 * 1024  # bytes of a file that is too large, read so that its sender can be told


class UploadError(ValueError):
    """What was sent cannot be taken. The message says what to do."""


@dataclass(frozen=True)
class Upload:
    """The file, and the token of the form."""

    content: bytes
    token: str


def read_upload(request: HttpRequest) -> Upload:
    """The parts `file` and `csrfmiddlewaretoken` of a form (RFC 7578). Must be asked before `request.POST`. Whether
    the token is right is left to the caller. Raises UploadError."""
    size = int(request.META.get("CONTENT_LENGTH") or 0)  # a number: `navigator.security.clean_request`
    if size > MOST_BYTES + FORM:
        _pass_over(request, size)
        raise UploadError(f"The file is larger than {MOST_BYTES // 2**20} MB. Send it in parts.")
    parts = dict(_parts(request))
    token = parts.get("csrfmiddlewaretoken", b"").decode("ascii", "replace")
    return Upload(parts.get("file", b""), token)


def _pass_over(request: HttpRequest, size: int) -> None:
    """Browsers read no answer while they still send. What is far too long is not read at all: it is cut off."""
    while size <= PASSED_OVER and request.read(FORM):
        pass


def _parts(request: HttpRequest) -> list[tuple[str, bytes]]:
    """Each part by its name: the boundary stands on a line of its own before each of them, and nowhere inside."""
    kind, options = parse_header_parameters(request.META.get("CONTENT_TYPE", ""))
    boundary = options.get("boundary", "").encode("ascii", "replace")
    if kind != "multipart/form-data" or not boundary:
        raise UploadError("Choose a file first.")
    body = b"\r\n" + request.read(MOST_BYTES + FORM)
    pieces = body.split(b"\r\n--" + boundary)[1:-1]
    return [_part(piece) for piece in pieces]


def _part(piece: bytes) -> tuple[str, bytes]:
    head, _, content = piece.partition(b"\r\n\r\n")
    for line in head.decode("utf-8", "replace").split("\r\n"):
        if line.lower().startswith("content-disposition:"):
            return parse_header_parameters(line.split(":", 1)[1].strip())[1].get("name", ""), content
    return "", content
