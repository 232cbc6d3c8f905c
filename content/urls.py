"""What families read. Included last: the addresses of articles are data, and match every path of lower-case words."""

from django.urls import path, register_converter

from content import views


class ArticlePath:
    """Lower-case words parted by slashes (`content.models.path_validator`); all else is not found without a query."""

    regex = "[a-z0-9-]+(?:/[a-z0-9-]+)*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ArticlePath, "article")

urlpatterns = [
    path("", views.home, name="home"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("faq/", views.faq, name="faq"),
    path("about/people/", views.people, name="people"),
    path("about/people/<slug:slug>/", views.person, name="person"),
    path("<slug:slug>/", views.topic, name="topic"),
    path("<article:path>/", views.article, name="article"),
]
