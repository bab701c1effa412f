"""Recognizes the web views of apps by their User-Agent.

Stripe's pages work in browsers only, not in web views (https://docs.stripe.com/connect/hosted-onboarding).
Apps can send any User-Agent, so not every web view is recognized. The system's browsers inside apps send the
User-Agent of the browser: ASWebAuthenticationSession, SFSafariViewController, Custom Tabs and Auth Tab.
"""

import re

# Android's web view (https://developer.chrome.com/docs/multidevice/user-agent), the in-app browsers of
# Facebook, Instagram, LINE, LinkedIn, Snapchat, TikTok and WeChat, and desktop applications.
_KNOWN = re.compile(
    r";\s?wv\)|\bFBA[NV]/|\bFB_IAB/|\bInstagram |\bLine/|\bLinkedInApp\b|\bSnapchat[ /]|\bBytedanceWebview\b"
    r"|\bmusical_ly|\bMicroMessenger/|\bElectron/"
)


def is_web_view(user_agent: str) -> bool:
    """Whether this is the User-Agent of a web view in an app."""
    # Apple's WKWebView is WebKit without the token of a browser. All browsers have the token Safari.
    is_wkwebview = "AppleWebKit/" in user_agent and "Safari/" not in user_agent
    return is_wkwebview or _KNOWN.search(user_agent) is not None
