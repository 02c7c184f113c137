"""How wide a text is in our type, without a browser to ask."""

from __future__ import annotations

#: Widths in thousandths of the type size, as in Arial and Liberation Sans; other characters are as wide as an "n".
_WIDTHS = {
    char: wide
    for chars, wide in (
        ("ijl'‘’|", 222), ("ft.,:;!/I \N{NO-BREAK SPACE}·[]\\", 278), ("r()-“”", 333), ("ckszvxyJ", 500),
        ("FTZ", 611), ("ABEKPSVXY&", 667), ("CDHNRUw", 722), ("GOQ", 778), ("mM", 833), ("%", 889), ("W@…", 1000),
        ("+=<>", 584), ("*", 389),
    )
    for char in chars
}  # fmt: skip
_OTHER = 556
#: Bold type is wider.
_BOLD = 1.07


def text_px(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line of text in our type, in pixels."""
    return sum(_WIDTHS.get(char, _OTHER) for char in text) * size / 1000 * (_BOLD if bold else 1)


def wrapped(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Text cut into lines of at most ``width`` pixels at its spaces; a word that is wider is cut within."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if text_px(longer, size, bold=bold) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for char in word:
            if text_px(lines[-1] + char, size, bold=bold) > width:
                lines.append("")
            lines[-1] += char
    return lines
