"""A hundred and thirty-two texts that a browser would run, and what of them became part of a page."""

from __future__ import annotations

from html.parser import HTMLParser

#: Stands in every payload, as a tag, an attribute or a call; no page has it by itself.
MARK = "xq7"
_BREAKS = [
    "", '"', "'", '">', "'>", "</textarea>", "</title>", "--></style>", "</script>", "</option></select>", "]]>`",
]  # fmt: skip
_BODIES = [
    "<script>xq7()</script>", "<img src=x onerror=xq7()>", "<svg/onload=xq7()>", "<a href=javascript:xq7()>x</a>",
    "<iframe srcdoc='<xq7>'></iframe>", " onfocus=xq7() autofocus x=", "<style>@import'xq7'</style>",
    "{{7*7}}xq7{% raw %}", "<xq7 a=b>", "<math><mtext><xq7></math>", "<meta http-equiv=refresh content=0;xq7>",
    "[xq7](javascript:xq7())",
]  # fmt: skip
PAYLOADS = [before + body for before in _BREAKS for body in _BODIES]
#: Elements that no page of ours has.
_BANNED = {
    "iframe", "object", "embed", "base", "style", "math", "video", "audio", "img", "applet", "marquee", "frame",
    "foreignobject", "animate", "set", "template", "noscript",
}  # fmt: skip
_ADDRESSES = {"href", "src", "action", "formaction", "xlink:href", "data", "poster"}


class _Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = []
        self.texts = 0

    def handle_starttag(self, tag, attributes):
        if tag in _BANNED or MARK in tag:
            self.found.append(f"<{tag}>")
        names = [name for name, _ in attributes]
        if tag == "script" and (names != ["src"] and set(names) - {"src", "defer", "type"}):
            self.found.append(f"<script {names}>")
        if tag == "script" and not str(dict(attributes).get("src")).startswith("/static/"):
            self.found.append("<script> without a file of ours")
        if tag == "meta" and "http-equiv" in names:
            self.found.append("<meta http-equiv>")
        if tag == "link" and not str(dict(attributes).get("href")).startswith("/static/"):
            self.found.append("<link>")
        for name, value in attributes:
            if MARK in name or name.startswith("on") or name in {"style", "srcdoc", "autofocus"}:
                self.found.append(f"{tag} {name}=")
            if name in _ADDRESSES and not _leads_on(value or ""):
                self.found.append(f"{tag} {name}={value}")

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_comment(self, data):
        self.found.append(f"<!--{data[:40]}-->")

    def handle_data(self, data):
        self.texts += MARK in data


def _leads_on(address):
    scheme = address.strip().lower().split(":")[0]
    return ":" not in address.split("?")[0] or scheme in {"http", "https", "mailto", "tel"}


def became_markup(html):
    """Return what of the payloads a page has as elements, attributes or addresses, and how often as text."""
    page = _Page()
    page.feed(html)
    page.close()
    if "49" + MARK in html:
        page.found.append("a template was run")
    return page.found, page.texts
