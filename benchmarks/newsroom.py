"""How long an editor waits for each page of the desk, among 3 articles and among 10,000 that have 100,000 texts.

    .venv/bin/python -m benchmarks.newsroom

Fills a throw-away PostgreSQL with the library's texts, many times over, with every constraint on. Opens each page as a
superuser at both sizes. Ends with 1 when a page asks the database more often at full size, or takes longer than the
limit.
"""

import argparse
import datetime
import sys
import time
from typing import Any

from benchmarks.staff_pages import Seen, look, signed_in, throw_away_site

FEW, MANY = 3, 10_000  # articles
TEXTS = 10  # of each article
BATCH = 250  # articles of one statement
ROUNDS = 15
LIMIT = 150.0  # milliseconds, for 95 of 100 requests at full size
WRITERS, CHECKER, SIGNER, CHIEF = 18, 19, 20, 21  # accounts: 1 to 18 write
AUTHORS, REVIEWERS = 40, 10  # one author for so many articles; reviewers are the first people
KINDS = ("article", "faq", "article", "term", "article", "page", "article", "faq", "article", "tool")

SEEDS = """
CREATE TEMPORARY TABLE seed (
    kind text, number int, title text, summary text, description text, body text, listed text, html text,
    listed_html text, PRIMARY KEY (kind, number)
)
"""

# Each text has its own last line, so that no two digests are the same.
WRITE = """
INSERT INTO content_revision (
    article_id, title, summary, description, body, "references", body_html, references_html, change_note,
    source_digest, written_by_id, created_at, is_live, sources_read_on
)
SELECT a.id, left(s.title, 140) || ' No. ' || a.id, s.summary, s.description,
       s.body || E'\n\nText ' || nth || ' of ' || a.id || E'.\n', s.listed,
       s.html || '<p>Text ' || nth || ' of ' || a.id || '.</p>', s.listed_html, 'Version ' || nth,
       '', 1 + a.id %% %(writers)s, now() - make_interval(days => 400 - 30 * nth), false,
       current_date - (a.id * 53 %% 420)::int
FROM generate_series(1, %(texts)s) nth, content_article a
JOIN (SELECT *, count(*) OVER (PARTITION BY kind) AS seeds FROM seed) s
    ON s.kind = a.kind AND s.number = a.id %% s.seeds
WHERE a.id BETWEEN %(start)s AND %(end)s ORDER BY nth, a.id
"""

# Of every fourth article the newest text is a draft: not checked, checked, signed, scheduled, or late. Everything older
# was published once, and the last of that is live.
PUBLISH = """
WITH counted AS (
    SELECT id, row_number() OVER (PARTITION BY article_id ORDER BY id) AS number,
           CASE WHEN article_id %% 4 = 1 THEN %(texts)s - 1 ELSE %(texts)s END AS last, article_id / 4 %% 5 AS stage
    FROM content_revision WHERE article_id BETWEEN %(start)s AND %(end)s
), steps AS (
    SELECT id, number = last AS live, CASE WHEN number <= last THEN 5 ELSE stage END AS stage FROM counted
)
UPDATE content_revision r SET
    checked_by_id = %(checker)s, checked_at = r.created_at + interval '1 day', checked_digest = r.digest,
    signed_by_id = CASE WHEN stage > 1 THEN 1 + r.article_id %% %(reviewers)s END,
    signed_with_id = CASE WHEN stage > 1 THEN %(signer)s::int END,
    signed_at = CASE WHEN stage > 1 THEN r.created_at + interval '2 days' END,
    signed_digest = CASE WHEN stage > 1 THEN r.digest END,
    publish_at = CASE stage WHEN 3 THEN now() + interval '9 days' WHEN 4 THEN now() - interval '1 hour' END,
    scheduled_by_id = CASE WHEN stage IN (3, 4) THEN %(checker)s::int END,
    published_at = CASE WHEN stage = 5 THEN r.created_at + interval '3 days' END,
    published_by_id = CASE WHEN stage = 5 THEN %(checker)s::int END,
    is_live = live
FROM steps WHERE steps.id = r.id AND stage > 0
"""


def prepare() -> None:
    """Accounts, topics, and the library's texts as seeds."""
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection

    from content import library
    from content.models import Article, Topic
    from content.publishing import check_text

    call_command("migrate", verbosity=0)
    User.objects.bulk_create(
        User(pk=pk, username=f"editor{pk}", is_staff=True, is_superuser=pk == CHIEF) for pk in range(1, CHIEF + 1)
    )
    Topic.objects.bulk_create(Topic(slug=slug, title=title) for slug, (title, _) in library.TOPICS.items())
    numbers: dict[str, int] = dict.fromkeys(KINDS, 0)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(SEEDS)
        for text in library.read(library.FOLDER):
            facts, kind = text.facts, text.facts["kind"]
            article = Article(kind=kind, path=facts["path"])
            listed, rendered = check_text(article=article, body=text.body, references=facts["references"])
            row = (kind, numbers[kind], facts["title"], facts["summary"], facts.get("description", ""), text.body)
            html = (listed, rendered.html, rendered.references_html)
            cursor.execute("INSERT INTO seed VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)", [*row, *html])
            numbers[kind] += 1


def fill(start: int, end: int) -> None:
    """Articles number `start` to `end` with all that belongs to them."""
    from django.db import connection
    from django.utils import timezone

    from content.models import Article, Change, ErrorReport, Helpful, OldAddress, Person, Revision, Topic

    numbers, topics = range(start, end + 1), list(Topic.objects.all())
    now, today = timezone.now(), timezone.localdate()
    known = Person.objects.count()
    Person.objects.bulk_create(
        Person(pk=pk, slug=f"person-{pk}", name=f"Person {pk}", role="reviewer" if pk <= REVIEWERS else "author")
        for pk in range(known + 1, REVIEWERS + 2 + end // AUTHORS)
    )
    Article.objects.bulk_create(
        Article(
            pk=n,
            kind=KINDS[n % len(KINDS)],
            topic=topics[n % len(topics)],
            path=f"{topics[n % len(topics)].slug}/made-{n}",
            author_id=REVIEWERS + 1 + n // AUTHORS,
            review_due_on=today + datetime.timedelta(days=n * 37 % 400 - 40),
            first_published_at=now - datetime.timedelta(days=400),
        )
        for n in numbers
    )
    accounts = {"writers": WRITERS, "checker": CHECKER, "signer": SIGNER, "reviewers": REVIEWERS, "texts": TEXTS}
    with connection.cursor() as cursor:
        for first in range(start, end + 1, BATCH):
            values = {**accounts, "start": first, "end": min(first + BATCH - 1, end)}
            cursor.execute(WRITE, values)
            cursor.execute(PUBLISH, values)
    live = dict(Revision.objects.live().filter(article__in=numbers).values_list("article", "pk"))
    Change.objects.bulk_create(
        Change(
            article_id=n,
            at=now - datetime.timedelta(hours=n),
            what="published",
            note=f"Version of {n}",
            revision_id=live[n],
            by_id=CHECKER,
        )
        for n in numbers
        if n % 2
    )
    ErrorReport.objects.bulk_create(error_report(n, live[n], now) for n in numbers if n % 20 == 1)
    Helpful.objects.bulk_create(Helpful(revision_id=live[n], yes=n * 7 % 90, no=n * 11 % 60) for n in numbers)
    OldAddress.objects.bulk_create(OldAddress(path=f"old/made-{n}", article_id=n) for n in numbers if n % 10 == 1)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def error_report(n: int, revision: int, now: datetime.datetime) -> Any:
    from content.models import ErrorReport

    report = ErrorReport(article_id=n, revision_id=revision, words=f"The phone number in text {n} has changed.")
    if n % 40 == 21:
        report.state, report.closed_at, report.closed_by_id, report.answer = "declined", now, CHECKER, "It is right."
    return report


def pages() -> dict[str, str]:
    from django.urls import reverse

    from content.models import Revision

    def listed(model: str, query: str = "") -> str:
        return reverse(f"admin:content_{model}_changelist") + query

    live = Revision.objects.live().get(article=2)
    word = max(live.title.split(), key=len)
    return {
        "first page of the admin": reverse("admin:index"),
        "editors' desk": reverse("admin:content_article_desk"),
        "articles": listed("article"),
        "articles, a search": listed("article", f"?q={word}"),
        "texts": listed("revision"),
        "texts, live": listed("revision", "?is_live__exact=1"),
        "texts, a search": listed("revision", f"?q={word}"),
        "people": listed("person"),
        "changes": listed("change"),
        "reports of errors": listed("errorreport"),
        "helpful": listed("helpful"),
        "old addresses": listed("oldaddress"),
        "one text": reverse("admin:content_revision_change", args=[live.pk]),
        "writing": reverse("admin:content_revision_add") + "?article=2",
    }


def measure(rounds: int) -> dict[str, Seen]:
    client = signed_in(CHIEF)
    return {name: look(client, url, rounds) for name, url in pages().items()}


def say(few: dict[str, Seen], many: dict[str, Seen]) -> list[str]:
    """Prints the table. Returns what is wrong."""
    print(f"{'':<24} {'queries':>11}   {f'{FEW} articles, ms':>17}   {f'{MANY:,} articles, ms':>19}")
    print(f"{'':<24} {f'{FEW}':>4} {f'{MANY:,}':>6}   {'p50':>8} {'p95':>8}   {'p50':>9} {'p95':>9}   limit")
    wrong = []
    for name, small in few.items():
        full = many[name]
        verdict = []
        if small.queries != full.queries:
            verdict.append("NOT CONSTANT")
        if full.p95 > LIMIT:
            verdict.append("TOO SLOW")
        print(
            f"{name:<24} {small.queries:>4} {full.queries:>6}   {small.p50:>8.1f} {small.p95:>8.1f}   "
            f"{full.p50:>9.1f} {full.p95:>9.1f}   {LIMIT:g} ms  {', '.join(verdict) or 'ok'}"
        )
        wrong += [f"{name}: {word.lower()}" for word in verdict]
    return wrong


def run(rounds: int) -> list[str]:
    """On the database of DATABASE_URL."""
    prepare()
    fill(1, FEW)
    few = measure(rounds)
    started = time.monotonic()
    fill(FEW + 1, MANY)
    print(f"{MANY} articles, {MANY * TEXTS} texts in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return say(few, measure(rounds))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--keep", action="store_true", help="wait for Enter before the database is thrown away")
    arguments = parser.parse_args()
    with throw_away_site(keep=arguments.keep):
        wrong = run(arguments.rounds)
    if wrong:
        sys.exit("FAILED: " + "; ".join(wrong))


if __name__ == "__main__":
    main()
