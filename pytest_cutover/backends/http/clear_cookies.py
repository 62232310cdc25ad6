"""Cookies that are marked Secure, where a backend is asked in the clear on this machine."""

from __future__ import annotations

import ipaddress

from pytest_cutover.backends.http import library as http


def kept_in_clear(cookies: http.Cookies, base_url: http.URL) -> http.Cookies:
    """Return the cookies; those marked Secure go to a backend of this machine without TLS too.

    Browsers and curl trust a loopback address: a session of an application that is configured for
    production holds where it is started for a test. Flags of cookies are compared elsewhere, as
    they were sent.
    """
    if base_url.scheme == "http" and _is_loopback(base_url.host):
        for one in cookies.jar:
            one.secure = False
    return cookies


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
