"""A text as people see it: no invisible characters, plain line breaks, characters instead of their look-alikes."""

from __future__ import annotations

import re
import unicodedata

from search.text.profiles import without_unseen

_BREAKS = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_UNPRINTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ue000-\uf8ff]")
# Fonts of PDF often lead to the sign of a radical (⼯, U+2F2F) instead of the character 工, and to ligatures.
_LOOK_ALIKE = re.compile("[\u2f00-\u2fd5\u2ea0-\u2ef3\uf900-\ufaff\ufb00-\ufb06]")
_BLANKS = re.compile("[^\\S\n]+(?=\n|\\Z)")
_EMPTY_LINES = re.compile("\n{3,}")
# Whoever writes a mark at the beginning of a file, or lets Word divide words, hides nothing.
_HARMLESS = re.compile("\\A\ufeff|\u00ad|[\ufe00-\ufe0f]")


def cleaned(text: str) -> tuple[str, bool]:
    """Return a text as it is seen, and whether it held invisible characters that nobody types."""
    typed = _HARMLESS.sub("", text)
    shown = without_unseen(typed)
    has_unseen = shown != typed
    shown = _UNPRINTED.sub("", _BREAKS.sub("\n", shown))
    shown = _LOOK_ALIKE.sub(lambda found: unicodedata.normalize("NFKC", found.group()), shown)
    shown = shown.replace("\u00a0", " ").replace("\u3000", " ")
    return _EMPTY_LINES.sub("\n\n", _BLANKS.sub("", shown)).strip("\n"), has_unseen
