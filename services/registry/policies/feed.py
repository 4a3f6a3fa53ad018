"""The policies as a feed for readers and machines: Atom (RFC 4287), in Chinese or English."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID
from xml.etree import ElementTree as xml

from services.registry.policies.models import Policy, PolicyAttachment

MEDIA_TYPE = "application/atom+xml"
LANGUAGES = ("zh", "en")
_ATOM = "http://www.w3.org/2005/Atom"
_XML = "http://www.w3.org/XML/1998/namespace"
_TITLE = {"zh": "1+X 证书制度政策文件", "en": "Policy documents of the 1+X certificate system"}
_TAG = {"zh": "zh-CN", "en": "en"}
_AUTHOR = "OneX"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# What XML 1.0 (section 2.2) has no place for: an encoder writes it, and then no reader can read the feed.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

xml.register_namespace("", _ATOM)


def address(public_url: str, language: str) -> str:
    """Where the feed in this language is."""
    return f"{public_url}/registry/v1/policies/feed.atom?lang={language}"


def page_address(public_url: str, policy_id: UUID | None = None) -> str:
    """Where people read the library, or one policy of it."""
    return f"{public_url}/registry/policies" + (f"/{policy_id}" if policy_id else "")


def file_address(public_url: str, attachment: PolicyAttachment) -> str:
    """Where a file of a policy is downloaded."""
    return f"{public_url}/registry/v1/policies/{attachment.policy_id}/attachments/{attachment.id}"


def write(
    policies: Sequence[Policy], files: Mapping[UUID, Sequence[PolicyAttachment]], public_url: str, language: str
) -> bytes:
    """The feed, the policy that was published or changed last first."""
    feed = xml.Element(f"{{{_ATOM}}}feed", {f"{{{_XML}}}lang": _TAG[language]})
    _text(feed, "id", address(public_url, language))
    _text(feed, "title", _TITLE[language])
    _text(feed, "updated", _moment(max((one.updated_at for one in policies), default=_NEVER)))
    _text(_child(feed, "author"), "name", _AUTHOR)
    _text(feed, "generator", _AUTHOR)
    _link(feed, "self", address(public_url, language), MEDIA_TYPE, hreflang=_TAG[language])
    _link(feed, "alternate", page_address(public_url), "text/html")
    for other in LANGUAGES:
        if other != language:
            _link(feed, "related", address(public_url, other), MEDIA_TYPE, hreflang=_TAG[other])
    for policy in policies:
        _entry(feed, policy, files.get(policy.id, ()), public_url, language)
    return xml.tostring(feed, encoding="utf-8", xml_declaration=True)


def _entry(
    feed: xml.Element, policy: Policy, files: Sequence[PolicyAttachment], public_url: str, language: str
) -> None:
    entry = _child(feed, "entry")
    title, summary = (policy.title_zh, policy.summary_zh) if language == "zh" else (policy.title_en, policy.summary_en)
    _text(entry, "id", f"urn:uuid:{policy.id}")
    _text(entry, "title", title)
    _text(entry, "updated", _moment(policy.updated_at))
    _text(entry, "published", _moment(policy.published_at or policy.updated_at))
    _text(_child(entry, "author"), "name", policy.source)
    _child(entry, "category", term=policy.kind)
    _child(entry, "category", term=policy.state)
    _link(entry, "alternate", page_address(public_url, policy.id), "text/html")
    if policy.superseded_by_id:
        _link(entry, "related", page_address(public_url, policy.superseded_by_id), "text/html")
    for one in files:
        _link(entry, "enclosure", file_address(public_url, one), one.media_type, length=str(one.size), title=one.name)
    # An entry without content needs a summary only where a file is its content, yet every reader shows one.
    parts = (policy.number, policy.source, str(policy.issued_on), summary)
    _text(entry, "summary", "\n".join(part for part in parts if part))


def _child(parent: xml.Element, name: str, **attributes: str) -> xml.Element:
    clean = {key: _NOT_XML.sub("", value) for key, value in attributes.items()}
    return xml.SubElement(parent, f"{{{_ATOM}}}{name}", clean)


def _text(parent: xml.Element, name: str, text: str) -> None:
    _child(parent, name).text = _NOT_XML.sub("", text)


def _link(parent: xml.Element, rel: str, href: str, media_type: str, **more: str) -> None:
    _child(parent, "link", rel=rel, href=href, type=media_type, **more)


def _moment(moment: datetime) -> str:
    """As RFC 3339 writes it, to the microsecond: two changes in a second are two."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
