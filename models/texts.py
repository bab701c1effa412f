"""Rules for texts that the databases store."""


def is_storable(text: str) -> bool:
    """Whether both databases accept this text: it has no U+0000 and no unpaired surrogate."""
    if text.isascii():
        return "\x00" not in text
    try:
        return b"\x00" not in text.encode()
    except UnicodeEncodeError:
        return False
