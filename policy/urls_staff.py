"""The addresses below ``staff/``; each asks ``policy.permissions`` who may see it."""

from django.urls import path

from policy.views import staff

urlpatterns = [
    path("enter/<str:token>/", staff.enter, name="staff-enter"),
    path("leave/", staff.leave, name="staff-leave"),
    path("mails/", staff.all_mails, name="staff-mails"),
    path("mails/<int:pk>/", staff.one_mail, name="staff-mail"),
    path("mails/<int:pk>/resend/", staff.resend, name="staff-resend"),
    path("mails/<int:pk>/cancel/", staff.cancel, name="staff-cancel"),
]
