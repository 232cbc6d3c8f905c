from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "intake"
    verbose_name = "Requests"

    def ready(self) -> None:
        from intake import (
            metrics,  # noqa: F401  registers its figures
            readiness,  # noqa: F401  registers its probe
            sitemap,
        )
        from navigator import sitemaps

        sitemaps.register(sitemap.NAME, sitemap.pages)
