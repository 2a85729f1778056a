"""Writes traditional.txt: traditional characters and the simplified ones they become, one pair a line.

Source: TSCharacters.txt of OpenCC (Apache-2.0), taken from its source package on PyPI, whose hash is checked.
Kept are pairs whose two characters stand in the CJK Unified Ideographs block and whose first simplified form
differs from the traditional one. `python3 make_traditional.py` needs nothing but Python.
"""

import hashlib
import io
import pathlib
import tarfile
import urllib.request

VERSION = "1.4.2"
URL = (
    "https://files.pythonhosted.org/packages/e0/12/"
    "09e62f051af1de7ca84be1d69154bd0514416ef72237e2081584cc268bc9/opencc-1.4.2.tar.gz"
)
SHA256 = "47977905f131d7d9cfcec29fba5d841154907e1da73103105a4a68744e0f4f1a"
# Ordinary in simplified text as they are: 哪吒, 蒜薹.
KEPT = "吒薹"
HEADER = f"""\
# Traditional and simplified characters, from TSCharacters.txt of OpenCC {VERSION} (Apache-2.0),
# https://github.com/BYVoid/OpenCC. Changed: only pairs within U+4E00-U+9FFF, only the first simplified form.
# Made by make_traditional.py.
"""


def main() -> None:
    with urllib.request.urlopen(URL) as response:
        package = response.read()
    found = hashlib.sha256(package).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{URL}: expected SHA-256 {SHA256}, found {found}")
    with tarfile.open(fileobj=io.BytesIO(package)) as tar:
        member = tar.extractfile(f"opencc-{VERSION}/data/dictionary/TSCharacters.txt")
        lines = member.read().decode("utf-8").splitlines()
    pairs = {}
    for line in lines:
        if line and not line.startswith("#"):
            traditional, simplified = line.split("\t")
            first = simplified.split(" ")[0]
            if first != traditional and traditional not in KEPT and all("\u4e00" <= c <= "\u9fff" for c in (traditional, first)):
                pairs[traditional] = first
    closed = {}
    for traditional, simplified in sorted(pairs.items()):
        while simplified in pairs:
            simplified = pairs[simplified]
        closed[traditional] = simplified
    text = HEADER + "".join(f"{traditional}{simplified}\n" for traditional, simplified in closed.items())
    pathlib.Path(__file__).with_name("traditional.txt").write_text(text, encoding="utf-8")
    print(len(closed), "pairs")


if __name__ == "__main__":
    main()
