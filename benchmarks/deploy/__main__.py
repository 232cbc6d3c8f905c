"""A deployment, rehearsed: version "after" over "before", and the way back, while families ask and readers read.

    .venv/bin/python -m benchmarks.deploy                    what is here, and that with a migration and a mark
    .venv/bin/python -m benchmarks.deploy --before v1        from a commit, with all that was migrated since
    .venv/bin/python -m benchmarks.deploy --careless kill    both web processes at once: must fail
    .venv/bin/python -m benchmarks.deploy --careless schema  a migration that takes a column away: must fail

Needs nginx; `--before` needs git. Order, waits and stops are those of README.md, "Deploy". Limits: no page, style sheet
or form answers anything but what it should; every request that was accepted is stored, routed and acknowledged once,
and no rule of `intake.reconciling` is broken; the mark is on every page after the deployment and on none after the way
back; p99 of pages and of the last page of the match. One line a step; ends with 1 if a limit was passed.
"""

import argparse
import sys
import time
from collections import Counter

from benchmarks.chaos.__main__ import settle
from benchmarks.chaos.families import Crowd
from benchmarks.chaos.stack import median_of
from benchmarks.deploy.site import Site
from benchmarks.deploy.versions import MARK, Version, two
from benchmarks.deploy.visitors import FamilyBehindTheProxy, Readers

PAGE, SUBMIT = 2.0, 2.0  # seconds, p99, on two processors that also start four processes
SETTLES = 60.0
QUIET = 4.0  # seconds of visitors before, between and after


class Rehearsal:
    """A site with visitors; each step prints how long it took and who met what meanwhile."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.crowd = Crowd(site.home, visitor=FamilyBehindTheProxy)
        self.readers = Readers(site.home, MARK)
        self.failed: list[str] = []

    def step(self, says: str, began: float) -> None:
        readers = self.readers
        marked = sum(with_mark for _, with_mark in readers.seen[-50:])
        print(
            f"{says:<62} {time.monotonic() - began:5.1f} s   families {len(self.crowd.told):>4}, pages "
            f"{len(readers.seen):>5} (mark on {marked:>2} of the last {min(len(readers.seen), 50)}), "
            f"not answered {self.not_answered()}",
            flush=True,
        )

    def not_answered(self) -> int:
        told = sum(told.outcome != "done" for told in self.crowd.told)
        return self.crowd.turned_away + told + len(self.readers.wrong)

    def rest(self, says: str) -> None:
        began = time.monotonic()
        time.sleep(QUIET)
        self.step(says, began)

    def workers(self, version: Version) -> None:
        for name in ("worker", "beat"):
            began = time.monotonic()
            stopped = self.site.stop(name)
            self.site.start(name, version)
            self.step(f"{name} of version {version.name} (stopped in {stopped:.1f} s)", began)

    def web(self, version: Version, *, at_once: bool = False) -> None:
        if at_once:
            began = time.monotonic()
            self.site.kill("web-a", "web-b")
            for name in ("web-a", "web-b"):
                self.site.start(name, version)
            for name in ("web-a", "web-b"):
                self.site.wait_until_ready(name)
            self.step(f"careless: both web processes of version {version.name} at once", began)
            return
        for name in ("web-a", "web-b"):
            began = time.monotonic()
            stopped, ready = self.site.replace_web(name, version)
            self.step(f"{name} of version {version.name} (stopped in {stopped:.1f} s, ready in {ready:.1f} s)", began)
            if name == "web-a":
                self.rest("both versions at once")

    def mark(self, *, wanted: bool) -> None:
        """On every page that comes from now on, or on none."""
        before = len(self.readers.seen)
        self.rest("visitors see the version after" if wanted else "visitors see the version before")
        seen = [with_mark for _, with_mark in self.readers.seen[before + 2 :]]  # two were on their way
        if not seen or any(with_mark != wanted for with_mark in seen):
            self.failed.append(
                f"the mark is on {sum(seen)} of {len(seen)} pages, wanted on {'all' if wanted else 'none'}"
            )

    def judge(self, before: Version, *, page: float, submit: float) -> None:
        """All that must hold, after everybody is done."""
        began = time.monotonic()
        self.crowd.stop()
        self.readers.stop()
        took, wrong = settle(self.site, self.crowd, SETTLES)  # type: ignore[arg-type]  sql() is all it asks for
        self.step(f"settled in {took:.1f} of {SETTLES:g} s", began)
        self.failed += wrong
        try:
            self.site.manage(before, "reconcile")
        except RuntimeError as error:
            self.failed.append(str(error)[-300:])
        if missed := self.not_answered():
            outcomes = Counter(told.outcome for told in self.crowd.told if told.outcome != "done")
            self.failed.append(
                f"{missed} not answered: {self.crowd.turned_away} on the way, {dict(outcomes)} at the end, "
                f"readers {self.readers.wrong[:3]}"
            )
        self.failed += self.site.errors()[:5]
        pages, parts = [seconds for seconds, _ in self.readers.seen], self.readers.parts
        asked = [told.seconds for told in self.crowd.told]
        for says, values, limit in (("pages", pages, page), ("the last page of the match", asked, submit)):
            p99 = median_of(values, 0.99)
            print(f"{says:<62} p50 {median_of(values, 0.5):.3f} s, p99 {p99:.3f} of {limit:g} s, {len(values)} in all")
            if p99 > limit or not values:
                self.failed.append(f"{says}: p99 {p99:.2f} s")
        print(f"style sheets and scripts: {parts}")
        if not parts:
            self.failed.append("no page had a style sheet: nothing was seen of them")


def run(site: Site, before: Version, after: Version, *, careless: str, page: float, submit: float) -> list[str]:
    began = time.monotonic()
    for version in (before, after):
        site.build(version)
    site.prepare(before)
    for name in ("web-a", "web-b", "worker", "beat"):
        site.start(name, before)
    for name in ("web-a", "web-b"):
        site.wait_until_ready(name)
    rehearsal = Rehearsal(site)
    rehearsal.crowd.start()
    rehearsal.readers.start()
    rehearsal.step("version before serves", began)
    rehearsal.rest("visitors")

    began = time.monotonic()
    site.manage(after, "migrate", "-v", "0")
    site.manage(after, "make_roles")
    rehearsal.step("schema of version after", began)
    rehearsal.rest("version before on the schema of version after")
    rehearsal.workers(after)
    rehearsal.web(after, at_once=careless == "kill")
    rehearsal.mark(wanted=True)

    rehearsal.web(before)
    rehearsal.workers(before)
    rehearsal.mark(wanted=False)
    rehearsal.judge(before, page=page, submit=submit)
    return rehearsal.failed


def main() -> None:
    parser = argparse.ArgumentParser(description="A deployment and the way back, while visitors are there.")
    parser.add_argument("--before", default="", help="the commit that runs first; without it, what is here")
    parser.add_argument("--careless", choices=("kill", "schema"), default="", help="do it badly: must fail")
    parser.add_argument("--page", type=float, default=PAGE, help="seconds that a page may take (p99)")
    parser.add_argument("--submit", type=float, default=SUBMIT, help="seconds that the last page of the match may take")
    wanted = parser.parse_args()
    began = time.monotonic()
    with Site() as site, two(site.folder, before=wanted.before, careless=wanted.careless == "schema") as versions:
        failed = run(site, *versions, careless=wanted.careless, page=wanted.page, submit=wanted.submit)
    if failed:
        sys.exit("FAILED: " + "; ".join(failed))
    print(f"Nobody noticed; {time.monotonic() - began:.0f} s.")


if __name__ == "__main__":
    main()
