"""`manage.py load_directory_desk`: an editor to try the directory's desk with, for the demo only; with `--groups` only
the group Directory editors, which a real desk needs too."""

from doctors.roles import load_groups, load_sample_editor
from navigator.sample_people import SamplePeopleCommand


class Command(SamplePeopleCommand):
    help = "Create the group of the directory's editors and a sample account. The account is refused in production."
    groups = load_groups
    people = load_sample_editor
    refusal = "This is a sample person: enter your own editors in the admin."
    greeting = "Directory's desk:"
