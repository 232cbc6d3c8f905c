"""Small style sheets, one per component, served as two files: what every page needs, and what the forms add.

There is no build step: the finder joins the parts in the order of `BUNDLES` when a file is asked for or collected.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage

# Bundle -> its parts, in order: files under static/. A part that is missing is an error.
BUNDLES: dict[str, tuple[str, ...]] = {
    "css/site.css": (
        "css/tokens.css",
        "css/base.css",
        "css/components/header.css",
        "css/components/footer.css",
        "css/components/button.css",
        "css/components/box.css",
        "css/components/card.css",
        "css/components/control.css",
        "css/components/word.css",
        "css/pages/places.css",
        "css/print.css",
    ),
    "css/finder.css": (
        "css/pages/finder.css",
        "css/pages/map.css",
        "css/pages/listing.css",
    ),
    "css/home.css": ("css/pages/home.css",),
    "css/search.css": ("css/pages/search.css",),
    "css/tools.css": ("css/pages/tool.css",),
    "css/tasks.css": (
        "css/components/form.css",
        "css/pages/task.css",
        "css/pages/tasks-times.css",
    ),
}

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*\n\s*")


def joined(bundle: str) -> str:
    """The parts of `bundle`, without comments and indentation. Raises FileNotFoundError, KeyError."""
    folder = Path(settings.BASE_DIR) / "static"
    text = "\n".join((folder / part).read_text(encoding="utf-8") for part in BUNDLES[bundle])
    return _SPACE.sub("\n", _COMMENT.sub("", text)).strip() + "\n"


class BundleStorage(Storage):
    """The bundles as files that exist only when they are read."""

    def _open(self, name: str, mode: str = "rb") -> File:
        return ContentFile(joined(name).encode(), name)

    def exists(self, name: str) -> bool:
        return name in BUNDLES

    def path(self, name: str) -> str:
        """WhiteNoise and runserver want a real file: a copy that is as new as the newest part."""
        target = Path(settings.BUNDLE_FOLDER) / name
        text = joined(name)
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return str(target)

    def get_modified_time(self, name: str) -> Any:
        raise NotImplementedError("collected anew each time")


class BundleFinder(BaseFinder):
    """Staticfiles finder for `BUNDLES`."""

    storage = BundleStorage()

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in BUNDLES:
            return []
        found = self.storage.path(path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Any:
        for name in BUNDLES:
            yield name, self.storage

    def check(self, **kwargs: Any) -> Any:
        return []
