"""Second factors and what happened at the door, for leads and auditors. Nothing here can be edited; a lead takes away
the second factor of somebody who lost their phone, or lets them try again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from navigator.models import Device, StaffEvent
from navigator.read_only import ReadOnlyAdmin
from navigator.staff import guessing, second_factor


@admin.register(Device)
class DeviceAdmin(ReadOnlyAdmin):
    list_per_page = 50
    list_display = ("user", "created_at")
    list_select_related = ("user",)
    fields = ("user", "created_at")
    actions = ("take_away", "let_try_again")

    def has_reset_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("navigator.delete_device")

    @admin.action(description="Take away the second factor: they set up another", permissions=["reset"])
    def take_away(self, request: HttpRequest, queryset: QuerySet[Device]) -> None:
        """Never one's own: whoever has the session of a lead must not get around the lead's own phone."""
        for device in queryset.select_related("user"):
            if device.user_id == request.user.pk:
                self.message_user(request, "Ask another lead about your own.", messages.ERROR)
                continue
            second_factor.reset(device=device, by=request.user)
            self.message_user(request, f"{device.user}: sets up another at the next sign-in.", messages.SUCCESS)

    @admin.action(description="Let them try to sign in again", permissions=["reset"])
    def let_try_again(self, request: HttpRequest, queryset: QuerySet[Device]) -> None:
        for device in queryset.select_related("user"):
            guessing.unlock(device.user.get_username())
            guessing.unlock(f"second factor of {device.user_id}")
            StaffEvent.objects.create(what=StaffEvent.What.UNLOCKED, user=device.user, by_id=request.user.pk)
            self.message_user(request, f"{device.user} may try again.", messages.SUCCESS)


@admin.register(StaffEvent)
class StaffEventAdmin(ReadOnlyAdmin):
    list_per_page = 50
    list_display = ("at", "what", "user", "by")
    list_filter = ("what",)
    list_select_related = ("user", "by")
    fields = ("at", "what", "user", "by")
