"""Addresses of signing in and of the account's safety; the names are those that allauth looks for."""

from allauth.account import views as account
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from marketplace.views import accounts, security

urlpatterns = [
    path("login/", accounts.login, name="login"),
    path("login/", accounts.login, name="account_login"),
    path("login/", accounts.login, name="account_request_login_code"),
    path("login/code/", accounts.login_code, name="account_confirm_login_code"),
    path("login/address/", accounts.address_code, name="account_email_verification_sent"),
    path("login/second-step/", accounts.second_step, name="mfa_authenticate"),
    path("login/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("login/password/", account.password_reset, name="account_reset_password"),
    path("login/password/code/", accounts.reset_code, name="account_confirm_password_reset_code"),
    path("login/password/new/", account.complete_password_reset, name="account_complete_password_reset"),
    path("login/password/done/", account.password_reset_from_key_done, name="account_password_reset_completed"),
    path("login/closed/", account.account_inactive, name="account_inactive"),
    path("signup/", accounts.sign_up, name="account_signup"),
    path("logout/", accounts.logout, name="logout"),
    path("logout/", accounts.logout, name="account_logout"),
    path("language/", accounts.language, name="language"),
    path("me/security/", security.security, name="security"),
    path("me/security/", security.security, name="mfa_index"),
    path("me/security/", security.security, name="mfa_list_webauthn"),
    path("me/security/second-step/", security.needs_second_step, name="needs_second_step"),
    path("me/security/again/", account.reauthenticate, name="account_reauthenticate"),
    path("me/security/again/code/", accounts.second_step_again, name="mfa_reauthenticate"),
    path("me/security/again/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("me/security/email/", accounts.address, name="account_email"),
    path("me/security/password/", account.password_change, name="account_change_password"),
    path("me/security/password/first/", account.password_set, name="account_set_password"),
    path("me/security/app/", accounts.add_app, name="mfa_activate_totp"),
    path("me/security/app/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("me/security/passkeys/add/", accounts.add_passkey, name="mfa_add_webauthn"),
    path("me/security/passkeys/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("me/security/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("me/security/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("me/security/recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "me/security/recovery-codes/file/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
    path("me/security/devices/end-others/", security.end_other_devices, name="end_other_devices"),
    path("me/security/devices/<int:session_id>/end/", security.end_device, name="end_device"),
]
