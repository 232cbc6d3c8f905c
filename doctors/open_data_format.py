"""The format of the open data: each fact, what it means, what it means when it is empty, and its name elsewhere.

The documentation page, the schema and both files are made from these lists, so that they cannot disagree. Each fact
stands in the group that one look settles, beside the day and the way of that look, so that nobody can take the one
without the other. Names are those of the Human Services Data Specification (HSDS 3, docs.openreferral.org) where it
has one. A field that is added raises the middle number of VERSION; one that goes or changes its meaning, the first.
"""

from dataclasses import dataclass
from typing import Any

from doctors.freshness import FOLDED, FRESH
from doctors.models import GROUPS, OFFERS, Audience, Evidence

VERSION = "1.0.0"

Schema = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """One fact. `kind` is a word of KINDS_OF_VALUE; `null` says what an empty value means, "" where there is none;
    `hsds` is the name in HSDS 3; `reads` the attribute of a listing if it is not `name`; `words` all values there are.
    """

    name: str
    kind: str
    meaning: str
    null: str = ""
    hsds: str = ""
    reads: str = ""
    words: tuple[str, ...] = ()

    @property
    def values(self) -> str:
        """What may stand there, for people."""
        return f"One of: {', '.join(self.words)}" if self.words else KINDS_OF_VALUE[self.kind][0]


@dataclass(frozen=True)
class Group:
    """Facts that one look settles. `fields` are these, and then what is known of that look."""

    name: str
    title: str
    of: str  # which listings have it
    facts: tuple[Field, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        return (*self.facts, *CHECK)


# Kind -> its words on the documentation page, and its type in the schema.
KINDS_OF_VALUE = {
    "text": ("Text", {"type": "string"}),
    "word": ("One word", {"type": "string"}),
    "yes_no": ("Yes or no", {"type": "boolean"}),
    "number": ("Number", {"type": "number"}),
    "date": ("Date", {"type": "string", "format": "date"}),
    "link": ("Web address", {"type": "string", "format": "uri"}),
}
UNKNOWN = "not known"
NOBODY = "nobody has looked yet"

LISTING = (
    Field("id", "text", "Our name for the listing. It never changes.", hsds="service.id"),
    Field("kind", "word", "A cancer center, or one hospital team.", words=("center", "program")),
    Field("slug", "text", "The last part of the address of its page."),
    Field("page", "link", "Its page on this site: the source to link to."),
    Field("name", "text", "The name of the center or program.", hsds="service.name"),
    Field("organization", "text", "The hospital or university it is part of.", hsds="organization.name"),
    Field(
        "center_id", "text", "The id of the cancer center that a program belongs to.",
        null="it is a center, or belongs to none in this file", hsds="organization.parent_organization_id",
    ),
    Field("audience", "word", "Whom it treats.", hsds="service.eligibility_description", words=tuple(Audience.values)),
    Field(
        "evidence", "word",
        "What stands behind the listing: the NCI's list of centers, a page of the hospital, or mesothelioma "
        "directories, some with one other source. Law firms pay for such directories.",
        words=("nci", *Evidence.values),
    ),
    Field(
        "source_url", "link", "The page of the NCI or the hospital that the listing was taken from.",
        null="it comes from directories, and we do not link to them",
    ),
    Field(
        "changed_on", "date", "The day of the last change or check that we wrote down.",
        null="none since the listing was first loaded", hsds="metadata.last_action_date",
    ),
)  # fmt: skip

CHECK = (
    Field("checked_on", "date", "The day of the last look at this group.", null=NOBODY, hsds="service.assured_date"),
    Field(
        "checked_how", "word", "How: on the hospital's website, by phone, or against the source of the listing.",
        null=NOBODY, words=("website", "phone", "source"),
    ),
    Field(
        "freshness", "word",
        f"How far to trust it today: fresh for {FRESH.days} days after the look, stale for {FOLDED.days}, then old; "
        f"unchecked if nobody has looked. An old group is not current. Do not show it as if it were.",
        words=("fresh", "stale", "old", "unchecked"),
    ),
)  # fmt: skip

CONTACT = (
    Field("address_1", "text", "Street and number.", UNKNOWN, "address.address_1", "street"),
    Field("city", "text", "City.", hsds="address.city"),
    Field("state_province", "text", "State, in two letters.", hsds="address.state_province", reads="state"),
    Field("postal_code", "text", "ZIP code, five digits.", hsds="address.postal_code", reads="zip"),
    Field("latitude", "number", "Degrees north.", hsds="location.latitude"),
    Field("longitude", "number", "Degrees east: less than zero in most of the country.", hsds="location.longitude"),
    Field("phone", "text", "Phone in the United States, like 312-555-0142.", UNKNOWN, "phone.number", "phone_text"),
    Field("hours", "text", "When the phone is answered.", UNKNOWN, "schedule.description"),
    Field("website", "link", "The hospital's own page.", UNKNOWN, "service.url"),
)
CARE = (
    Field("pleural", "yes_no", "Treats pleural mesothelioma (lining of the lung).", UNKNOWN, "attribute"),
    Field("peritoneal", "yes_no", "Treats peritoneal mesothelioma (lining of the belly).", UNKNOWN, "attribute"),
    *(Field(name, "yes_no", f"{words}.", UNKNOWN, "attribute") for name, words in OFFERS.items()),
    Field("remote_second_opinion_url", "link", "How a second opinion from a distance works.", UNKNOWN),
)
ACCESS = (
    Field("referral_required", "yes_no", "A doctor has to send you.", UNKNOWN),
    Field("second_opinion_url", "link", "How to ask for a second opinion.", UNKNOWN, "service.application_process"),
    Field("records_address", "text", "Where records, scans and slides go.", UNKNOWN),
    Field("video_visit", "yes_no", "A doctor can be seen by video.", UNKNOWN),
    Field("records_review", "yes_no", "Slides and scans can be sent for an opinion, without a visit.", UNKNOWN),
    Field("languages", "text", "Languages and interpreters.", UNKNOWN, "service.interpretation_services"),
    Field("travel_url", "link", "Travel and a place to stay.", UNKNOWN, "location.transportation"),
)
DESIGNATION = (
    Field(
        "level", "word",
        "What the National Cancer Institute (NCI) has designated the center as. This is about research, not about "
        "how many people with mesothelioma it treats.",
        hsds="service.accreditations", reads="designation", words=("comprehensive", "clinical"),
    ),
)  # fmt: skip
GROUPS_GIVEN = {
    name: Group(name, GROUPS[name], of, facts)
    for name, of, facts in (
        ("contact", "Every listing has this group.", CONTACT),
        ("care", "Programs have this group. For a center it is null.", CARE),
        ("access", "Every listing has this group.", ACCESS),
        ("designation", "Centers have this group. For a program it is null.", DESIGNATION),
    )
}


def columns() -> list[str]:
    """A field of a group is `<group>_<field>` in the CSV."""
    grouped = [f"{name}_{field.name}" for name, group in GROUPS_GIVEN.items() for field in group.fields]
    return [field.name for field in LISTING] + grouped


def of_listing(fields: tuple[Field, ...] = LISTING, groups: dict[str, Group] = GROUPS_GIVEN) -> Schema:
    """A listing, or without `groups` the fields of one group, as a JSON Schema. Nothing else may stand in it."""
    properties = {field.name: _value(field) for field in fields}
    for name, group in groups.items():
        properties[name] = {"anyOf": [of_listing(group.fields, {}), {"type": "null"}], "description": group.of}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _value(field: Field) -> Schema:
    _, kind = KINDS_OF_VALUE[field.kind]
    found: Schema = {**kind, "description": field.meaning}
    if field.words:
        found["enum"] = [*field.words, *([None] if field.null else [])]
    if field.null:
        found["type"] = [found["type"], "null"]
    return found
