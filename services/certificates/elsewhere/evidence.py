"""What the credential of a certificate that was issued elsewhere says of that: the `evidence` of Open Badges 3.0."""

from typing import Any

ENTERED: list[dict[str, Any]] = [
    {
        "type": ["Evidence"],
        "name": "Issued elsewhere and entered on the platform · 在平台外颁发后录入平台",
        "narrative": (
            "The training-and-evaluation organization issued this certificate on paper or in a system of its own, and entered"
            " it on the platform, by whose working-day clock the entry was judged. The assessment was not held here."
            " 本证书由培训评价组织在平台外颁发，其后录入平台并按工作日时限考核；相应考核不在本平台进行。"
        ),
        "genre": "entry",
    }
]
