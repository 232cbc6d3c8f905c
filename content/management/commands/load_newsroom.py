"""`manage.py load_newsroom`: an author, an editor and a reviewer to try the editors' desk with, for the demo only; with
`--groups` only the groups Authors, Editors and Medical reviewers, which a real newsroom needs too."""

from content.roles import load_groups, load_sample_newsroom
from navigator.sample_people import SamplePeopleCommand


class Command(SamplePeopleCommand):
    help = "Create the groups of the editors' desk and sample accounts. The accounts are refused in production."
    groups = load_groups
    people = load_sample_newsroom
    refusal = "These are sample people: enter your own editors in the admin."
    greeting = "Editors' desk:"
