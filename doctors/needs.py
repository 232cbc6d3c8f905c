"""What a family can ask a place for, each judged as yes, no or not known. Not known is never taken for no.

A need has one main column, which decides if it is known; else a column that says more than was asked decides for yes:
who offers HIPEC operates. The same rule is written once for a row in hand (`judge`) and once for the database (`yes`,
`unknown`); a test holds one against the other.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q


@dataclass(frozen=True)
class Need:
    """`label` names it in a form, `clause` says that a place meets it, `ask` what to ask where nobody knows."""

    label: str
    clause: str
    ask: str
    column: str
    wanted: bool = True
    also: str = ""

    def judge(self, place: Any) -> bool | None:
        """Yes, no, or None for not known. A column that the place does not have is not known of it."""
        known = getattr(place, self.column, None)
        if known is not None:
            return bool(known) is self.wanted
        return True if self.also and getattr(place, self.also, None) else None

    @property
    def yes(self) -> Q:
        """Programs that meet it."""
        met = Q(**{self.column: self.wanted})
        return met | Q(**{f"{self.column}__isnull": True, self.also: True}) if self.also else met

    @property
    def unknown(self) -> Q:
        """Programs of which nobody knows."""
        blank = Q(**{f"{self.column}__isnull": True})
        return blank & (Q(**{f"{self.also}__isnull": True}) | Q(**{self.also: False})) if self.also else blank


class Designated(Need):
    """That one is always known: NCI's list is whole."""

    def judge(self, place: Any) -> bool | None:
        return getattr(place, "center_id", True) is not None

    @property
    def yes(self) -> Q:
        return Q(center__isnull=False)

    @property
    def unknown(self) -> Q:
        return Q(pk__in=())


REMOTE = "remote_second_opinion"
NEEDS: dict[str, Need] = {
    "pleural": Need("Pleural", "", "whether they treat pleural mesothelioma", "pleural"),
    "peritoneal": Need("Peritoneal", "", "whether they treat peritoneal mesothelioma", "peritoneal"),
    "surgery": Need("Surgery", "it offers surgery", "whether they operate", "surgery", also="hipec"),
    "hipec": Need(
        "Surgery in the belly with heated chemotherapy (HIPEC)",
        "it offers surgery in the belly with heated chemotherapy (HIPEC)",
        "whether they offer HIPEC",
        "hipec",
    ),
    "trials": Need(
        "Clinical trials", "it takes part in clinical trials", "about clinical trials", column="clinical_trials"
    ),
    "team": Need(
        "Several kinds of specialists look at your case together",
        "several kinds of specialists look at a case together",
        "whether several kinds of specialists look at a case together",
        "multidisciplinary_clinic",
    ),
    "remote": Need(
        "A second opinion from a distance",
        "it offers a second opinion from a distance",
        "whether they give a second opinion from a distance",
        REMOTE,
    ),
    "nci": Designated("Part of an NCI-designated cancer center", "", "", "center"),
    "self_referral": Need(
        "No referral from your doctor needed",
        "it takes you without a referral",
        "whether you need a referral",
        "referral_required",
        wanted=False,
    ),
    # The way that a family chose: a remote offer counts, unless the place says that this very way is not among it.
    "video": Need("", "it sees people by video", "whether a doctor can see you by video", "video_visit", also=REMOTE),
    "records": Need(
        "",
        "you can send slides and scans without a visit",
        "whether you can send slides and scans without a visit",
        "records_review",
        also=REMOTE,
    ),
}


def asked(needs: Collection[str]) -> list[str]:
    """The needs in the order of NEEDS: the same question reads the same."""
    return [need for need in NEEDS if need in needs]


def refused(place: Any, needs: Iterable[str]) -> bool:
    """The place is known not to meet one of them."""
    return any(NEEDS[need].judge(place) is False for need in needs)


def open_needs(place: Any, needs: Collection[str]) -> list[str]:
    """Those of which nobody knows whether the place meets them."""
    return [need for need in asked(needs) if NEEDS[need].judge(place) is None]


def is_open(place: Any, needs: Iterable[str]) -> bool:
    """Of at least one of them nobody knows."""
    return any(NEEDS[need].judge(place) is None for need in needs)


def possible(needs: Iterable[str]) -> Q:
    """Programs that are not known to fail any of them."""
    condition = Q()
    for need in needs:
        condition &= NEEDS[need].yes | NEEDS[need].unknown
    return condition


def met(needs: Iterable[str]) -> Q:
    """Programs that are known to meet all of them."""
    condition = Q()
    for need in needs:
        condition &= NEEDS[need].yes
    return condition


def open_(needs: Iterable[str]) -> Q:
    """Programs of which, for at least one of them, nobody knows."""
    condition = Q(pk__in=())
    for need in needs:
        condition |= NEEDS[need].unknown
    return condition
