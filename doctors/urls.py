"""Where families can go. States share the folder of the centers: the converter matches nothing but states."""

from django.urls import path, register_converter

from doctors import views
from doctors.states import StateConverter

register_converter(StateConverter, "state")

urlpatterns = [
    path("find-care/near/", views.near, name="near"),
    path("find-care/centers/", views.centers, name="centers"),
    path("find-care/centers/<state:state>/", views.state, name="state"),
    path("find-care/centers/<slug:slug>/", views.center, name="center"),
    path("find-care/programs/<slug:slug>/", views.program, name="program"),
    path("find-care/specialists/<slug:slug>/", views.specialist, name="specialist"),
]
