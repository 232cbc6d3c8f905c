"""Taking everything home: a file for people or for programs, stored nowhere on the way."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from intake import downloading
from intake.forms.my import DownloadForm
from intake.links import Opened
from intake.views.my.opening import for_family
from intake.views.question import show

TYPES = {"json": ("application/json", "my-request.json"), "text": ("text/plain; charset=utf-8", "my-request.txt")}


@require_http_methods(["GET", "HEAD", "POST"])
@for_family
def download(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    """A POST: that it was made is written down."""
    form = DownloadForm(request.POST if request.method == "POST" else None, person=opened.person)
    if form.is_bound and form.is_valid():
        kind = form.cleaned_data["file"]
        content_type, name = TYPES[kind]
        disposition = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        file = downloading.download(opened=opened, kind=kind)
        return HttpResponse(file, content_type=content_type, headers=disposition)
    back = reverse("my", args=[token])
    return show(request, "intake/my_download.html", form, title="Download everything", back=back, opened=opened)
