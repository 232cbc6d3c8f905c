"""What families read. Included last: the addresses of articles are data, and match nearly everything."""

from django.urls import path

from content import views

urlpatterns = [
    path("", views.home, name="home"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("faq/", views.faq, name="faq"),
    path("about/people/", views.people, name="people"),
    path("about/people/<slug:slug>/", views.person, name="person"),
    path("<slug:slug>/", views.topic, name="topic"),
    path("<path:path>/", views.article, name="article"),
]
