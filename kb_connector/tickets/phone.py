"""A phone number is shown only in part."""
from __future__ import annotations

import re


def masked(phone: str | None) -> str | None:
    """136****0404; of a short number only the last two digits remain."""
    if not phone:
        return None
    if len(phone) < 8:
        return "*" * max(len(phone) - 2, 1) + phone[-2:]
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"


def last4(phone: str | None) -> str | None:
    digits = re.sub(r"\D", "", phone or "")
    return digits[-4:] if len(digits) >= 4 else None


def hide_in(value, phone: str):
    """`value` (plain JSON) with every occurrence of `phone` masked."""
    if isinstance(value, str):
        return value.replace(phone, masked(phone))
    if isinstance(value, dict):
        return {key: hide_in(child, phone) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [hide_in(child, phone) for child in value]
    return value
