"""One listing of each kind, which belong together."""

import pytest

from doctors.models import Center, Program, Specialist
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make


@pytest.fixture
def places(db: None) -> tuple[Center, Program, Specialist]:
    center = make(CenterFactory, slug="lakeside", name="Lakeside Cancer Center")
    program = make(ProgramFactory, slug="lakeside-team", name="Lakeside Team", center=center)
    return center, program, make(SpecialistFactory, slug="alex-sample", program=program)
