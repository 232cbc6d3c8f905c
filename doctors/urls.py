"""Where families can go. States share the folder of the centers: the converter matches nothing but states."""

from django.urls import path, register_converter

from doctors.states import StateConverter
from doctors.views import compare, finder, listings, near, open_data, reports

register_converter(StateConverter, "state")

urlpatterns = [
    path("find-care/near/", near.near, name="near"),
    path("find-care/by-name/", near.by_name, name="by-name"),
    path("find-care/compare/", compare.compare, name="compare"),
    path("find-care/call-sheet/", compare.call_sheet, name="call-sheet"),
    path("find-care/centers/", finder.centers, name="centers"),
    path("find-care/centers.json", open_data.centers_json, name="centers-json"),
    path("find-care/centers.csv", open_data.centers_csv, name="centers-csv"),
    path("find-care/centers.schema.json", open_data.centers_schema, name="centers-schema"),
    path("find-care/open-data/", open_data.open_data_page, name="open-data"),
    path("find-care/centers/<state:state>/", finder.state, name="state"),
    path("find-care/centers/<slug:slug>/", listings.center, name="center"),
    path("find-care/programs/<slug:slug>/", listings.program, name="program"),
    path("find-care/specialists/<slug:slug>/", listings.specialist, name="specialist"),
    path("find-care/report/thanks/", reports.report_listing_thanks, name="report-listing-thanks"),
    path("find-care/report/<str:kind>/<slug:slug>/", reports.report_listing, name="report-listing"),
]
