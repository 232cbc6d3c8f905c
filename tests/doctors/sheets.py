"""Rows of files to import: a good one of each kind. Each test says what it breaks."""

from typing import Any

from navigator.spreadsheets import written

PLACE = {
    "street": "100 Sample Street",
    "city": "Chicago",
    "state": "IL",
    "zip": "60614",
    "latitude": "41.92",
    "longitude": "-87.65",
    "phone": "312-555-0142",
    "website": "https://lakeside.example/",
}
CENTER = {
    "slug": "lakeside",
    "name": "Lakeside Cancer Center",
    "institution": "Lakeside University",
    "designation": "comprehensive",
    "treats_patients": "true",
    **PLACE,
    "source_url": "https://www.cancer.gov/",
    "source_checked": "2026-09-23",
    "notes": "",
}
PROGRAM = {
    "slug": "lakeside-mesothelioma",
    "name": "Lakeside mesothelioma program",
    "center_slug": "",
    "hospital": "Lakeside Hospital",
    **PLACE,
    "pleural": "true",
    "peritoneal": "",
    "offers": "surgery;clinical_trials",
    "referral_required": "",
    "remote_second_opinion_url": "",
    "source_url": "https://lakeside.example/mesothelioma",
    "second_source_url": "",
    "source_checked": "2026-09-23",
    "notes": "evidence: hospital site; seen",
    "not_offered": "hipec",
    "audience": "adults",
    "evidence": "hospital",
    "hours": "Monday to Friday, 8 to 5 Central",
    "second_opinion_url": "",
    "records_address": "",
    "video_visit": "true",
    "records_review": "",
    "languages": "",
    "travel_url": "",
    "ended_on": "",
    "ended_note": "",
}
SPECIALIST = {
    "slug": "alex-sample",
    "full_name": "Alex Sample",
    "credentials": "MD",
    "specialty": "thoracic_surgery",
    "program_slug": "lakeside-mesothelioma",
    "pleural": "true",
    "notes": "evidence: directories only",
}


def sheet(*rows: dict[str, Any], columns: list[str] | None = None) -> bytes:
    """A file with these rows, in the columns of the first one."""
    names = columns or list(rows[0])
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    return "".join(written(lines)).encode()


def raw(*lines: str) -> bytes:
    return "\r\n".join(lines).encode()
