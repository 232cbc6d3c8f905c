from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class NavigatorConfig(AppConfig):
    name = "navigator"
    verbose_name = "The site"

    def ready(self) -> None:
        from navigator import checks  # noqa: F401  registers the system checks


class StaffAdminConfig(AdminConfig):
    """Django's admin behind our own door."""

    default_site = "navigator.staff.site.StaffSite"
