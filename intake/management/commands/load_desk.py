"""`manage.py load_desk`: sample advocates with working hours and an admin login, for the demo only; with `--groups`
only the groups Advocates and Leads, which a real desk needs too."""

from intake.sample_desk import load_groups, load_sample_desk
from navigator.sample_people import SamplePeopleCommand


class Command(SamplePeopleCommand):
    help = "Create the sample advocates, their hours and an admin login. Refused in production."
    groups = load_groups
    people = load_sample_desk
    refusal = "These are sample people: enter your own advocates in the admin."
    greeting = "Sign in at"
