"""Signing in: django-allauth on our own User. The e-mail address is the only name (docs/adr/0014)."""

from typing import Any

from config import env

# Desks ask for a second step in production, elsewhere only where MFA_REQUIRED says so (production.py, local.py).
MFA_REQUIRED = False

ACCOUNT_ADAPTER = "marketplace.accounts.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "marketplace.accounts.sign_up_fields.SignUpFields"
ACCOUNT_FORMS = {
    "login": "marketplace.accounts.forms.SignInForm",
    "signup": "marketplace.accounts.forms.SignUpForm",
    "add_email": "marketplace.accounts.forms.NewAddressForm",
    "change_password": "marketplace.accounts.forms.NewPasswordForm",
    "set_password": "marketplace.accounts.forms.FirstPasswordForm",
    "reset_password": "marketplace.accounts.forms.ForgottenForm",
    "reauthenticate": "marketplace.accounts.forms.AgainForm",
    "reset_password_from_key": "marketplace.accounts.forms.ForgottenPasswordForm",
    "confirm_login_code": "marketplace.accounts.forms.SignInCodeForm",
    "confirm_email_verification_code": "marketplace.accounts.forms.AddressCodeForm",
    "confirm_password_reset_code": "marketplace.accounts.forms.ResetCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]  # a password is for those who want one
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = env.SITE_URL.split(":", 1)[0]

# Codes: six letters without vowels (64 million), three tries, a quarter of an hour.
CODE_SECONDS = 15 * 60
ALLAUTH_USER_CODE_FORMAT = {"length": 6, "dashed": False}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# Whether an address has an account is told to the address alone, by mail.
ACCOUNT_PREVENT_ENUMERATION = True

# Wrong passwords are counted by marketplace/sign_ins.py (address, account, both). These are floods and wrong second
# steps (login_failed), counted in the default cache: the process's own in the embedded form, which is one process;
# Redis, shared by all of them, in production.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "10/5m/key",
    "signup": "20/m/ip",
    "request_login_code": "30/m/ip,4/m/key",
}
# Whose address is counted behind a proxy: the one that our proxy saw, never what a client claims.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.BEHIND_TLS_PROXY else 0

MFA_ADAPTER = "marketplace.accounts.mfa_adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "marketplace.accounts.mfa_forms.SecondStepForm",
    "reauthenticate": "marketplace.accounts.mfa_forms.SecondStepAgainForm",
    "activate_totp": "marketplace.accounts.mfa_forms.AuthenticatorAppForm",
    "add_webauthn": "marketplace.accounts.mfa_forms.PasskeyForm",
    "edit_webauthn": "marketplace.accounts.mfa_forms.PasskeyNameForm",
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Windrow"
MFA_TOTP_TOLERANCE = 1

# Apps only: browsers use the pages, with cookies and CSRF tokens.
HEADLESS_CLIENTS = ("app",)
HEADLESS_TOKEN_STRATEGY = "marketplace.accounts.tokens.SessionTokens"  # noqa: S105 - a class
HEADLESS_ADAPTER = "marketplace.accounts.headless_adapter.HeadlessAdapter"
HEADLESS_SERVE_SPECIFICATION = False
HEADLESS_FRONTEND_URLS: dict[str, Any] = {}
