"""How long staff wait for the queue and for home, among 50 requests and among 1,000,000.

    .venv/bin/python -m benchmarks.queue

Fills a throw-away PostgreSQL with every constraint and trigger on. Opens home, and the list with each of its filters,
as an advocate and as a lead, at both sizes. Ends with 1 when a page asks the database more often at full size, or takes
longer than the limit.
"""

import argparse
import sys
import time
from collections.abc import Iterator

from benchmarks.staff_pages import Seen, look, signed_in, throw_away_site

FEW, MANY = 50, 1_000_000  # requests
ADVOCATES = 40
ROUNDS = 9
LIMIT = 150.0  # milliseconds, the median of the rounds at full size
LOOK = 30.0  # seconds, for the hourly look at what always holds; nobody waits for it
OTHERS = 250.0  # the same for home, with its counts and charts, and for the ledgers
ADVOCATE, LEAD = 1, 2  # accounts

# Sent over five years. Three of ten are open, far more than people could work on; one in 50 is with nobody, and
# of the other open ones half have been reached.
FILL = """
INSERT INTO intake_helprequest (
    reference, link_id, submission_key, fingerprint, kind, for_whom, created_at, name, email, phone, email_hash,
    phone_hash, reach_by, may_leave_message, may_say_why, best_time, not_times, time_zone, language, gets, answers,
    state, zip_prefix, is_veteran, status, advocate_id, assigned_at, routing_reason, contact_by, first_contact_at,
    tries, next_step_on, waiting_since, news_since, escalated_at, closed_at, outcome
)
SELECT 'Q' || lpad(n::text, 7, '0'), 'queue' || n, gen_random_uuid(), repeat('0', 32),
    CASE WHEN n %% 3 = 0 THEN 'conversation' ELSE 'doctor_match' END, 'me', sent,
    %(sealed)s, %(sealed)s, %(sealed)s, md5('e' || n), md5('p' || n), 'phone', false, false, 'any', '',
    'America/Chicago', CASE WHEN n %% 17 = 0 THEN 'es' ELSE 'en' END, 'updates calls plan', %(sealed)s,
    (%(states)s::text[])[1 + (n * 1009) %% 51], '606', n %% 9 = 0,
    CASE WHEN closed THEN 'closed' WHEN nobody THEN 'new' WHEN reached THEN 'reached' ELSE 'assigned' END,
    CASE WHEN NOT nobody THEN 1 + n / 10 %% %(advocates)s END, CASE WHEN NOT nobody THEN sent END, '',
    CASE WHEN closed OR n %% 43 = 0 THEN sent + interval '4 hours' ELSE now() + make_interval(mins => 10 + n %% 20000)
        END,
    CASE WHEN reached THEN sent + make_interval(mins => 20 + (n * 1999) %% 4000) END, 0,
    CASE WHEN reached AND NOT closed AND n %% 7 = 0 THEN current_date + (n / 10 %% 60)::int - 1 END,
    CASE WHEN reached AND NOT closed AND n %% 11 = 0 THEN now() END,
    CASE WHEN NOT closed AND n %% 97 = 0 THEN now() END,
    CASE WHEN NOT closed AND NOT nobody AND n %% 4001 = 0 THEN now() END,
    CASE WHEN closed THEN LEAST(sent + interval '20 days', now()) END,
    CASE WHEN closed THEN (ARRAY['helped', 'answered', 'not_reached', 'not_needed', 'withdrawn', 'spam'])[1 + n %% 6]
        ELSE '' END
FROM (
    SELECT n, n %% 10 < 7 AS closed, n %% 50 = 8 AS nobody, n %% 10 < 7 OR n %% 20 >= 17 AND n %% 50 <> 8 AS reached,
        now() - make_interval(mins => (2628000 * random())::int) AS sent
    FROM generate_series(%(first)s::int, %(last)s::int) n
) drawn
"""

# Two lines for each request: sent, and looked at, now and then by the lead.
HISTORY = """
INSERT INTO intake_history (help_request_id, what, by_id, detail, at)
SELECT r.id, 'submitted', NULL, '', r.created_at FROM intake_helprequest r
WHERE r.reference BETWEEN %(first)s AND %(last)s
UNION ALL
SELECT r.id, 'looked', CASE WHEN r.id %% 9 = 0 THEN %(lead)s ELSE 1 + r.id / 10 %% %(advocates)s END, '',
    r.created_at + interval '1 hour'
FROM intake_helprequest r
WHERE r.reference BETWEEN %(first)s AND %(last)s
"""


def prepare() -> None:
    """Accounts with their roles: an advocate, a lead, and advocates who have the rest of the work."""
    from django.contrib.auth.models import User
    from django.core.management import call_command

    from intake.models import Advocate
    from intake.sample_desk import ADVOCATES as GROUP
    from intake.sample_desk import LEADS, load_groups

    call_command("migrate", verbosity=0)
    groups = load_groups()
    for number in range(1, ADVOCATES + 1):
        user = User.objects.create(pk=number, username=f"staff{number}", is_staff=True)
        user.groups.add(groups[LEADS if number == LEAD else GROUP])
        Advocate.objects.create(
            pk=number, user=user, first_name=f"Advocate {number}", email="desk@made.example", is_lead=number == LEAD
        )


def fill(first: int, last: int) -> None:
    from django.db import connection

    from doctors.states import STATES
    from navigator.encryption import box

    values = {"sealed": box().encrypt(b"A value that nobody sees").decode(), "states": sorted(STATES)[:51]}
    values |= {"advocates": ADVOCATES, "lead": LEAD, "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(FILL, values)
        cursor.execute(HISTORY, values | {"first": f"Q{first:07}", "last": f"Q{last:07}"})
        cursor.execute("VACUUM ANALYZE")


def pages() -> Iterator[tuple[str, str]]:
    from django.urls import reverse

    from intake.admin.piles import PILES
    from intake.models import HelpRequest

    queue = reverse("admin:intake_helprequest_changelist")
    yield "home", reverse("admin:index")
    yield "the queue", queue
    yield "the queue, page 20", f"{queue}?p=20"
    narrowed = [f"desk={name}" for name in PILES]
    narrowed += [f"kind={kind}" for kind in HelpRequest.Kind.values]
    narrowed += ["state=CA", "state=GU", "language=es", "state=WY&kind=conversation&language=es"]
    narrowed += ["desk=unassigned&state=WY", "desk=overdue&state=WY", "desk=raised&kind=conversation"]
    narrowed += [f"desk=closed&outcome={outcome}" for outcome in ("helped", "spam", "duplicate")]
    narrowed += ["q=Q00-00025", "q=0123456789abcdef0123456789abcdef"]
    for query in narrowed:
        yield query, f"{queue}?{query}"
    for ledger in ("history", "promise", "consent"):
        yield f"the ledger: {ledger}", reverse(f"admin:intake_{ledger}_changelist")


def measure(rounds: int) -> dict[tuple[str, str], Seen]:
    found = {}
    for who, pk in (("advocate", ADVOCATE), ("lead", LEAD)):
        client = signed_in(pk)
        found |= {(who, name): look(client, url, rounds) for name, url in pages()}
    return found


def say(few: dict[tuple[str, str], Seen], many: dict[tuple[str, str], Seen], size: int) -> list[str]:
    """Prints the table. Returns what is wrong."""
    print(f"{'':<52} {'queries':>15}   {'server time, ms':>18}")
    print(f"{'':<52} {FEW:>6} {size:>8,}   {FEW:>8} {size:>9,}   limit")
    wrong = []
    for (who, name), small in few.items():
        full = many[who, name]
        verdict = []
        if small.queries != full.queries:
            verdict.append("NOT CONSTANT")
        limit = OTHERS if name == "home" or name.startswith("the ledger") else LIMIT
        if full.p50 > limit:
            verdict.append("TOO SLOW")
        print(
            f"{who:<9} {name:<42} {small.queries:>6} {full.queries:>8}   {small.p50:>8.1f} {full.p50:>9.1f}   "
            f"{limit:g} ms  {', '.join(verdict) or 'ok'}",
            flush=True,
        )
        wrong += [f"{who}, {name}: {word.lower()}" for word in verdict]
    return wrong


def run(rounds: int, size: int) -> list[str]:
    """On the database of DATABASE_URL."""
    prepare()
    fill(1, FEW)
    few = measure(rounds)
    started = time.monotonic()
    fill(FEW + 1, size)
    print(f"{size:,} requests in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return say(few, measure(rounds), size) + hourly_look()


def hourly_look() -> list[str]:
    """What a worker does every hour, among all of them. Returns what is wrong."""
    from intake import reconciling

    started = time.monotonic()
    reconciling.reconcile()  # made-up rows break rules: only the time counts here
    took = time.monotonic() - started
    print(f"{'every hour: what always holds is looked at':<79} {took * 1000:>9.0f}   {LOOK:g} s")
    return ["the hourly look is too slow"] if took > LOOK else []


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--size", type=int, default=MANY)
    parser.add_argument("--keep", action="store_true", help="wait for Enter before the database is thrown away")
    arguments = parser.parse_args()
    with throw_away_site(keep=arguments.keep):
        wrong = run(arguments.rounds, arguments.size)
    if wrong:
        sys.exit("FAILED: " + "; ".join(wrong))


if __name__ == "__main__":
    main()
