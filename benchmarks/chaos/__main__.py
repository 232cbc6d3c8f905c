"""A chaos drill: a `make stack` of its own, families who ask all the while, and one fault after another.

    .venv/bin/python -m benchmarks.chaos                      the short mix, as in .ci/run
    .venv/bin/python -m benchmarks.chaos --all --times 3 --seconds 20
    .venv/bin/python -m benchmarks.chaos --random 30 --seed 7  faults in any order for 30 minutes

After each fault everything must fall into place within its time: each family that was told "we have it" is stored
once, with one advocate, acknowledged once; who was told nothing is stored once at the most; and no rule of
`intake.reconciling` is broken. Prints one line a fault, with its limits; ends with 1 if one was passed. At the end the
same is asked of a broken build (beat sleeps, so that nothing is swept), which must fail.
"""

import argparse
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable

import psycopg

from benchmarks.chaos.families import Crowd
from benchmarks.chaos.faults import FAULTS, SHORT, Fault
from benchmarks.chaos.stack import Stack, median_of

SUBMIT = 1.0  # seconds, p99 of the last page, where the fault is not in its way (on a machine of its own)
BEFORE, AFTER = 3.0, 2.0  # seconds of families before and after a fault

STORED = """
SELECT r.submission_key::text, r.reference, r.advocate_id IS NOT NULL,
    (SELECT count(*) FROM intake_history h WHERE h.help_request_id = r.id AND h.what = 'routed'),
    (SELECT count(*) FROM intake_message m JOIN intake_promise p ON p.id = m.promise_id
     WHERE m.help_request_id = r.id AND p.kind = 'acknowledge' AND m.sent_at IS NOT NULL)
FROM intake_helprequest r WHERE r.submission_key::text = ANY(%s)
"""
OWED = "SELECT count(*) FROM intake_promise WHERE done_at IS NULL AND gave_up_at IS NULL AND due_at <= now()"


def problems(stack: Stack, crowd: Crowd) -> list[str]:
    """What does not hold now, in words."""
    rows = stack.sql(STORED, [told.key for told in crowd.told])
    stored = Counter(key for key, *_ in rows)
    by_key = {key: rest for key, *rest in rows}
    found = Counter[str]()
    for told in crowd.told:
        number = stored[told.key]
        if number > 1:
            found["stored twice"] += 1
        elif told.outcome == "done":
            reference, has_advocate, routed, acknowledged = by_key.get(told.key, ("", False, 0, 0))
            found["lost"] += reference != told.reference
            found["with nobody"] += bool(reference) and not has_advocate
            found["routed more than once"] += routed > 1
            found["not acknowledged once"] += bool(reference) and acknowledged != 1
    (late,) = stack.sql(OWED)[0]
    found["promises due"] += late
    return [f"{name}: {number}" for name, number in found.items() if number]


def settle(stack: Stack, crowd: Crowd, limit: float) -> tuple[float, list[str]]:
    """Seconds until nothing is wrong, and what still is after `limit`."""
    started = time.monotonic()
    while True:
        try:
            wrong = problems(stack, crowd)
        except psycopg.OperationalError as error:
            wrong = [f"the database does not answer ({type(error).__name__})"]
        if not wrong or time.monotonic() - started > limit:
            return time.monotonic() - started, wrong
        time.sleep(0.5)


def drill(
    stack: Stack, fault: Fault, seconds: float, *, submit: float, limit: float | None = None
) -> tuple[Crowd, float, list[str]]:
    """Families, the fault, more families, and what was wrong when all had time to fall into place."""
    crowd = Crowd(stack.home)
    crowd.start()
    time.sleep(BEFORE)
    wrong: list[str] = []
    try:
        fault.begins(stack, seconds)
    except AssertionError as error:
        wrong.append(str(error))
    time.sleep(AFTER)
    crowd.stop()
    took, more = settle(stack, crowd, limit or fault.settles)
    wrong += more
    if not more:
        said = stack.manage("reconcile")
        wrong += [said.stderr.strip()[-200:]] if said.returncode else []
    slow = median_of([told.seconds for told in crowd.told if told.outcome == "done"], 0.99)
    if fault.quick and slow > submit:
        wrong.append(f"the last page took {slow:.2f} s")
    if fault.quick and (crowd.broken or crowd.turned_away):
        wrong.append(f"{crowd.turned_away} turned away")
    if not any(told.outcome == "done" for told in crowd.told):
        wrong.append("nobody could ask")
    return crowd, took, wrong


def say(code: str, fault: Fault, crowd: Crowd, took: float, wrong: list[str], submit: float) -> None:
    outcomes = Counter(told.outcome for told in crowd.told)
    slow = median_of([told.seconds for told in crowd.told if told.outcome == "done"], 0.99)
    told = f"{outcomes['done']:>4} done {outcomes['refused']:>3} refused {outcomes['unknown']:>3} unknown"
    print(
        f"{code:<4} {fault.says:<50} {told} {crowd.turned_away:>4} turned away   last page p99 {slow:5.2f} s"
        f"{f' of {submit:g}' if fault.quick else '':<5}   settled in {took:5.1f} of {fault.settles:g} s   "
        f"{'; '.join(wrong) or 'ok'}",
        flush=True,
    )


def run(stack: Stack, codes: Iterable[str], seconds: float, submit: float) -> list[str]:
    failed = []
    for code in codes:
        crowd, took, wrong = drill(stack, FAULTS[code], seconds, submit=submit)
        say(code, FAULTS[code], crowd, took, wrong, submit)
        failed += [f"{code} {what}" for what in wrong]
    return failed


def fails_when_broken(stack: Stack, seconds: float) -> bool:
    """Without the sweep the same drill must see what is lost."""
    beat = stack.family(stack.pids["beat"])
    stack.signal(signal.SIGSTOP, *beat)
    fault = FAULTS["F8"]
    crowd, took, wrong = drill(stack, fault, seconds, submit=SUBMIT, limit=20)
    say("F8", fault, crowd, took, [f"without the sweep: {what}" for what in wrong], SUBMIT)
    stack.signal(signal.SIGCONT, *beat)
    return any("with nobody" in what for what in wrong)


def leaks(stack: Stack) -> list[str]:
    """Files of the stack (database, broker, logs) that hold a value of a family. Mail goes to its reader."""
    needles = (b"Canary Family", b"@family.example", b"312-555-01", b"+1312555")
    found = []
    for path in stack.folder.rglob("*"):
        if path.is_file() and stack.mail not in path.parents:
            data = path.read_bytes()
            found += [f"{path.relative_to(stack.folder)}: {needle.decode()}" for needle in needles if needle in data]
    if not any(b"Canary Family" in path.read_bytes() for path in stack.mail.glob("*")):
        found.append("the mails name nobody: this search would find nothing")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Faults, families, and what must hold.")
    parser.add_argument("--faults", nargs="*", default=SHORT, choices=FAULTS, metavar="F", help="the short mix")
    parser.add_argument("--all", action="store_true", help="every fault")
    parser.add_argument("--times", type=int, default=1, help="each so often")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long a silence lasts")
    parser.add_argument("--random", type=float, default=0, metavar="MINUTES", help="faults in any order for so long")
    parser.add_argument("--submit", type=float, default=SUBMIT, help="seconds that the last page may take")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    wanted = parser.parse_args()
    codes = [code for code in (FAULTS if wanted.all else wanted.faults) for _ in range(wanted.times)]
    began = time.monotonic()
    with Stack() as stack:
        print(f"The stack is up after {time.monotonic() - began:.0f} s.", flush=True)
        if wanted.random:
            print(f"--seed {wanted.seed}", flush=True)
            draw, end = random.Random(wanted.seed), time.monotonic() + 60 * wanted.random
            failed = []
            while time.monotonic() < end:
                failed += run(stack, [draw.choice(list(FAULTS))], draw.uniform(1, 3 * wanted.seconds), wanted.submit)
        else:
            failed = run(stack, codes, wanted.seconds, wanted.submit)
        found = leaks(stack)
        print(f"Files with a family's name, address or number in clear: {len(found)}", *found, sep="\n  ", flush=True)
        failed += found
        if not fails_when_broken(stack, wanted.seconds):
            failed.append("a build without the sweep passed: this drill sees nothing")
    if failed:
        sys.exit("FAILED: " + "; ".join(failed))
    print(f"All held; {time.monotonic() - began:.0f} s.")


if __name__ == "__main__":
    main()
