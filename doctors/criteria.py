"""What a family asks for, as far as it decides a list of places."""

from dataclasses import dataclass, field

from doctors import zipcodes
from doctors.zipcodes import Place

FIT, MILES = "fit", "miles"
TRAVEL, VIDEO, RECORDS = "travel", "video", "records"


@dataclass(frozen=True)
class Criteria:
    """Without a `place`, the `state` decides, and miles from its middle. `radius` in miles, None for anywhere.

    `needs` (words of `doctors.needs.NEEDS`) must be met or not known; `wants` only become reasons. `way` is how the
    second opinion is given; only for travel does the distance count. `order` is by fit or by miles.
    """

    place: Place | None
    state: str = ""
    disease: str = "not_sure"
    radius: int | None = None
    video_first: bool = False
    wants: frozenset[str] = field(default_factory=frozenset)
    veteran: bool = False
    only_veterans: bool = False
    needs: frozenset[str] = field(default_factory=frozenset)
    way: str = TRAVEL
    order: str = FIT

    @property
    def all_needs(self) -> frozenset[str]:
        """With the one that the way brings along."""
        return self.needs if self.way == TRAVEL else self.needs | {self.way}

    @property
    def start(self) -> Place | None:
        """Where the order measures from: the place, or the middle of the state. Only miles from a place are shown."""
        return self.place or (zipcodes.middle(self.state) if self.state else None)

    @property
    def home_state(self) -> str:
        return self.place.state if self.place else self.state
