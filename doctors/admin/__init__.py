"""Staff keep the directory true here. Every change goes through a verb of `doctors.keeping`, so that it has a line in
the history and shows on the public pages at once."""

from doctors.admin.history import ListingChangeAdmin
from doctors.admin.listings import CenterAdmin, ProgramAdmin, SpecialistAdmin
from doctors.admin.reports import ReportAdmin

__all__ = ["CenterAdmin", "ListingChangeAdmin", "ProgramAdmin", "ReportAdmin", "SpecialistAdmin"]
