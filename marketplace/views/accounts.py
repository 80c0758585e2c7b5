"""Signing in and out, by Django's own views; an address that is already signed in goes on."""

from django.contrib.auth.views import LoginView, LogoutView

from marketplace.forms import LoginForm

login = LoginView.as_view(
    template_name="marketplace/login.html", authentication_form=LoginForm, redirect_authenticated_user=True
)
logout = LogoutView.as_view()
