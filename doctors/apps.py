from django.apps import AppConfig


class DoctorsConfig(AppConfig):
    name = "doctors"

    def ready(self) -> None:
        from doctors import searching
        from navigator.search import entries

        entries.register(searching.NAME, searching.everything)
