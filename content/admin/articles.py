"""Topics, people, and articles with what is live under each address."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from content.admin import searching
from content.admin.choosing import ChooseOne, ChooseSome
from content.admin.desk import desk_view
from content.admin.revisions import HEAVY
from content.models import Article, OldAddress, Person, Revision, Topic
from content.moving import move
from content.publishing import PublishingError, set_review_cycle, withdraw
from navigator.read_only import ReadOnlyAdmin


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


@admin.register(OldAddress)
class OldAddressAdmin(ReadOnlyAdmin):
    """Made by moving an article; to be read."""

    list_display = ["path", "article", "since"]
    list_select_related = ["article"]
    search_fields = ["path", "article__path"]


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    """Where a text stands. What it says is written under Revisions."""

    list_display = ["path", "kind", "topic", "live", "review_due_on", "withdrawn_at"]
    list_filter = ["kind", "topic"]
    list_select_related = ["topic"]
    search_fields = ["path"]  # and titles: `get_search_results`
    search_help_text = "Address, or a title that a text of it has or had; the first 1,000"
    list_per_page = 50
    autocomplete_fields = ["shown_on", "related"]
    readonly_fields = [
        "first_published_at", "review_due_on", "withdrawn_at", "withdrawn_reason", "placed_by_hand", "steps",
    ]  # fmt: skip
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        live = Prefetch("revisions", Revision.objects.live().defer(*HEAVY), "live_texts")
        return super().get_queryset(request).prefetch_related(live)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        return searching.articles(queryset, search_term), False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = ChooseOne(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = ChooseSome(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        """An address is changed by moving the text, so that the old one keeps leading to it."""
        return self.readonly_fields if obj is None else ["path", "kind", *self.readonly_fields]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What readers have seen is withdrawn, with a reason; it does not vanish."""
        return False

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """From now on the library leaves this place alone."""
        obj.placed_by_hand = True
        super().save_model(request, obj, form, change)
        if "review_every_months" in form.changed_data:
            set_review_cycle(article=obj, months=obj.review_every_months)

    @admin.display(description="Live text")
    def live(self, article: Article) -> str:
        texts: list[Revision] = article.live_texts  # type: ignore[attr-defined]  # prefetched
        return texts[0].title if texts else "none"

    @admin.display(description="Next steps")
    def steps(self, article: Article) -> str:
        if not article.pk:
            return "Save this first, then write its text."
        return format_html(
            '<a href="{}?article={}">Write a new revision</a> · <a href="{}?article__id__exact={}">All revisions</a> · '
            '<a href="{}">Withdraw</a> · <a href="{}">Change the address</a>',
            reverse("admin:content_revision_add"), article.pk,
            reverse("admin:content_revision_changelist"), article.pk,
            reverse("admin:content_article_withdraw", args=[article.pk]),
            reverse("admin:content_article_move", args=[article.pk]),
        )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("desk/", guard(desk_view), name="content_article_desk"),
            path("<int:pk>/withdraw/", guard(self.withdraw_view), name="content_article_withdraw"),
            path("<int:pk>/move/", guard(self.move_view), name="content_article_move"),
            *super().get_urls(),
        ]

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks for the reason, then takes the article away from readers."""
        return self._ask(request, pk, "withdraw", "reason", "Withdrawn", withdraw)

    def move_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks for the new address; the old one keeps leading to the text."""
        return self._ask(request, pk, "move", "path", "Moved", move)

    def _ask(self, request: HttpRequest, pk: int, verb: str, field: str, done: str, act: Any) -> HttpResponse:
        """A page with one question, and the verb that its answer is for. What was typed stays when it is refused."""
        article = get_object_or_404(Article, pk=pk)
        if not request.user.has_perm(f"content.{verb}_article"):
            return HttpResponse(status=403)
        typed = request.POST.get(field, "")
        if request.method == "POST":
            try:
                act(article=article, by=request.user, **{field: typed})
            except PublishingError as error:
                messages.error(request, str(error))
            else:
                self.log_change(request, article, done)
                messages.success(request, f"{done}: /{article.path}/")
                return HttpResponseRedirect(reverse("admin:content_article_change", args=[pk]))
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": {"withdraw": "Withdraw", "move": "Change the address"}[verb],
            "article": article,
            "typed": typed,
        }
        return render(request, f"admin/content/{verb}.html", context)
