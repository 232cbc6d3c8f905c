from django.apps import AppConfig


class DoctorsConfig(AppConfig):
    name = "doctors"
    verbose_name = "Directory"

    def ready(self) -> None:
        from doctors import searching, sitemap
        from navigator import sitemaps
        from navigator.search import entries

        entries.register(searching.NAME, searching.everything)
        sitemaps.register(sitemap.NAME, sitemap.pages)
