"""Where families can go: cancer centers, the mesothelioma programs in them, and the doctors of those programs; what
happened to each row, and what families tell us about it.

A blank field means "not known", never "no". Each group of facts is fresh for 90 days after somebody looked
(`doctors.freshness`).
"""

from doctors.models.history import ListingChange
from doctors.models.import_file import ImportFile
from doctors.models.listed import GROUPS, Audience, Evidence, Listed, ListedQuerySet, Located
from doctors.models.places import OFFERS, Center, Destination, Program
from doctors.models.reports import Report
from doctors.models.specialist import Specialist

__all__ = [
    "GROUPS",
    "OFFERS",
    "Audience",
    "Center",
    "Destination",
    "Evidence",
    "ImportFile",
    "Listed",
    "ListedQuerySet",
    "ListingChange",
    "Located",
    "Program",
    "Report",
    "Specialist",
]
