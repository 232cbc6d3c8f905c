from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = "What families read"

    def ready(self) -> None:
        from content import checks, searching, sitemap  # noqa: F401  registers the database check
        from navigator import sitemaps
        from navigator.search import entries

        entries.register(searching.NAME, searching.everything)
        sitemaps.register(sitemap.NAME, sitemap.pages)
