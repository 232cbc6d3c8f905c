"""Topics, people, and articles with what is live under each address."""

import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from content.models import Article, Person, Revision, Topic
from content.publishing import PublishingError, withdraw


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ["title", "slug", "order"]
    prepopulated_fields = {"slug": ["title"]}


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    list_display = ["name", "role", "is_sample", "user"]
    list_filter = ["role", "is_sample"]
    list_select_related = ["user"]
    raw_id_fields = ["user"]


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    """Where a text stands. What it says is written under Revisions."""

    list_display = ["path", "kind", "topic", "live", "next_review", "withdrawn_at"]
    list_filter = ["kind", "topic"]
    list_select_related = ["topic"]
    search_fields = ["path", "revisions__title"]
    autocomplete_fields = ["shown_on"]
    readonly_fields = ["first_published_at", "withdrawn_at", "withdrawn_reason", "steps"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        live = Prefetch(
            "revisions", Revision.objects.live().defer("body", "body_html", "references_html"), "live_texts"
        )
        return super().get_queryset(request).prefetch_related(live)

    @admin.display(description="Live text")
    def live(self, article: Article) -> str:
        text = _live(article)
        return text.title if text else "none"

    @admin.display(description="Next review due")
    def next_review(self, article: Article) -> datetime.date | None:
        text = _live(article)
        if text is None:
            return None
        text.article = article  # the cycle is on the article; without this, one query a row
        return text.next_review_on

    @admin.display(description="Next steps")
    def steps(self, article: Article) -> str:
        if not article.pk:
            return "Save this first, then write its text."
        return format_html(
            '<a href="{}?article={}">Write a new revision</a> · <a href="{}?article__id__exact={}">All revisions</a> · '
            '<a href="{}">Withdraw</a>',
            reverse("admin:content_revision_add"), article.pk,
            reverse("admin:content_revision_changelist"), article.pk,
            reverse("admin:content_article_withdraw", args=[article.pk]),
        )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        address = path(
            "<int:pk>/withdraw/", self.admin_site.admin_view(self.withdraw_view), name="content_article_withdraw"
        )
        return [address, *super().get_urls()]

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks for the reason, then takes the article away from readers."""
        article = get_object_or_404(Article, pk=pk)
        if not self.has_change_permission(request, article):
            return HttpResponse(status=403)
        if request.method == "POST":
            try:
                withdraw(article=article, reason=request.POST.get("reason", ""), by=request.user)  # type: ignore[arg-type]
            except PublishingError as error:
                messages.error(request, str(error))
            else:
                self.log_change(request, article, "Withdrawn")
                messages.success(request, f"{article} is withdrawn. Its address now says so.")
                return HttpResponseRedirect(reverse("admin:content_article_change", args=[pk]))
        context: dict[str, Any] = {**self.admin_site.each_context(request), "title": "Withdraw", "article": article}
        return render(request, "admin/content/withdraw.html", {**context, "opts": self.opts})


def _live(article: Article) -> Revision | None:
    texts: list[Revision] = article.live_texts  # type: ignore[attr-defined]  # prefetched in get_queryset
    return texts[0] if texts else None
