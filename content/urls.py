"""What families read. Included last: the addresses of articles are data, and match every path of lower-case words."""

from django.urls import path, register_converter

from content.views import articles, changes, downloads, glossary, readers, site_map


class ArticlePath:
    """Lower-case words parted by slashes (`content.models.path_validator`); all else is not found without a query."""

    regex = "[a-z0-9-]+(?:/[a-z0-9-]+)*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ArticlePath, "article")

urlpatterns = [
    path("", articles.home, name="home"),
    path("sitemap.xml", site_map.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", site_map.sitemap_part, name="sitemap-part"),
    path("site-map/", site_map.site_map, name="site-map"),
    path("faq/", articles.faq, name="faq"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("downloads/", downloads.downloads, name="downloads"),
    path("about/people/", articles.people, name="people"),
    path("about/people/<slug:slug>/", articles.person, name="person"),
    path("changes/", changes.changes, name="changes"),
    path("changes/feed.xml", changes.feed, name="changes-feed"),
    path("changes/<int:pk>/", changes.change, name="change"),
    path("changes/<article:path>/", changes.changes_of, name="changes-of"),
    path("report-an-error/thanks/", readers.report_thanks, name="report-thanks"),
    path("report-an-error/about/<article:path>/", readers.report_error, name="report-error"),
    path("helpful/yes/", readers.helpful_yes, name="helpful-yes"),
    path("helpful/no/", readers.helpful_no, name="helpful-no"),
    path("helpful/<int:pk>/", readers.helpful, name="helpful"),
    path("<article:path>.pdf", downloads.pdf, name="pdf"),
    path("<article:path>.txt", downloads.plain_text, name="plain_text"),
    path("<slug:slug>/", articles.topic, name="topic"),
    path("<article:path>/", articles.article, name="article"),
]
