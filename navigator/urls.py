"""All addresses. Articles come last: their addresses are data."""

from django.contrib import admin
from django.urls import include, path

from navigator import views

handler400 = "navigator.views.bad_request"
handler404 = "navigator.views.not_found"
handler500 = "navigator.views.server_error"

admin.site.site_header = "Staff desk"
admin.site.site_title = "Staff desk"
admin.site.index_title = "Today"

urlpatterns = [
    path("health/live", views.live, name="health-live"),
    path("health/ready", views.ready, name="health-ready"),
    path("metrics", views.figures, name="metrics"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("search/", views.search, name="search"),
    path("gallery/", views.gallery, name="gallery"),
    path("admin/", admin.site.urls),
    path("", include("doctors.urls")),
    path("", include("intake.urls")),
    path("", include("content.urls")),
]
