from django.apps import AppConfig


class NavigatorConfig(AppConfig):
    name = "navigator"
    verbose_name = "The site"

    def ready(self) -> None:
        from navigator import checks  # noqa: F401  registers the system checks
