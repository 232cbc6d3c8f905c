"""The site's search: `entries` keeps what can be found, `asking` answers a question. No query is stored or logged.

A question becomes ideas (`ideas`): what was typed, mended (`spelling`), and the other names of it (`synonyms`). The
database names the entries that an idea meets, in which field (`postgresql`, `sqlite`: all SQL that differs); `ranking`
puts them in order, and `extracts` chooses the passage to show. All but those two modules is the same on both databases.
"""
