"""What a benchmark sets for Django on a database of its own."""

from cryptography.fernet import Fernet


def settings(url: str) -> dict[str, str]:
    """Variables of the environment: the database at `url`, new keys, nothing of a deployment."""
    return {
        "DATABASE_URL": url,
        "DEBUG": "off",
        "DJANGO_SETTINGS_MODULE": "navigator.settings",
        "ENVIRONMENT": "test",
        "SECRET_KEY": "a key for this benchmark only, which guards nothing at all, and is long enough",
        "FIELD_KEYS": Fernet.generate_key().decode(),
        "LOOKUP_KEY": "a lookup key for this benchmark only",
    }
