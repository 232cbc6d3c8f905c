from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "intake"
    verbose_name = "Requests"

    def ready(self) -> None:
        from intake import readiness  # noqa: F401  registers its probe
