"""Recognizes the web views of apps by their User-Agent.

Stripe's pages work in browsers only, not in web views (https://docs.stripe.com/connect/hosted-onboarding).
Only a User-Agent that no browser sends is recognized. Apple's WKWebView sends the same User-Agent as a web
app on the Home Screen of an iPhone, so a WKWebView is not recognized (docs/decisions/0025). The in-app
browsers of the operating system (ASWebAuthenticationSession, SFSafariViewController, Custom Tabs and Auth
Tab) send the same User-Agent as the browser itself.
"""

import re

# Matches Android's web view (https://developer.chrome.com/docs/multidevice/user-agent), the in-app browsers
# of Facebook, Instagram, LINE, LinkedIn, Snapchat, TikTok and WeChat, and desktop applications.
_KNOWN = re.compile(
    r";\s?wv\)|\bFBA[NV]/|\bFB_IAB/|\bInstagram |\bLine/|\bLinkedInApp\b|\bSnapchat[ /]|\bBytedanceWebview\b"
    r"|\bmusical_ly|\bMicroMessenger/|\bElectron/"
)


def is_web_view(user_agent: str) -> bool:
    """Whether this is the User-Agent of a known web view."""
    return _KNOWN.search(user_agent) is not None
