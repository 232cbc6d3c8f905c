"""The digest of a text, computed by the database itself, so that no UPDATE can change signed words unnoticed."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Func
from django.db.models.sql.compiler import SQLCompiler


class Digest(Func):
    """SHA-256, in hex, of all its arguments, each written as `length:text` so that no letter can move to a neighbor.

    Only immutable functions, because it fills a stored generated column. PostgreSQL has `sha256(bytea)` built in and
    needs no pgcrypto; doubling the backslashes makes text that bytea reads back letter for letter. On SQLite, Django
    registers SHA256 on every connection.
    """

    output_field = CharField(max_length=64)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        text, params = self._joined(compiler)
        return f"encode(sha256(replace({text}, '\\', '\\\\')::bytea), 'hex')", params

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        text, params = self._joined(compiler)
        return f"SHA256({text})", params

    def _joined(self, compiler: SQLCompiler) -> tuple[str, tuple[Any, ...]]:
        pieces: list[str] = []
        params: list[Any] = []
        for expression in self.get_source_expressions():
            sql, values = compiler.compile(expression)
            pieces.append(f"CAST(length({sql}) AS text) || ':' || {sql}")
            params.extend([*values, *values])
        return "(" + " || ".join(pieces) + ")", tuple(params)
