"""Writes words.txt: ordinary words of one and two characters, by how often they stand in text.

Source: dict.txt of jieba (MIT), as the crate jieba-rs ships it. Kept are frequent words of ideographs that are no
names of persons, and those of our own hotline dictionary. `python3 make_words.py PATH/TO/dict.txt` needs nothing
but Python.
"""

import collections
import math
import pathlib
import sys

# Words of two characters that stand less often in jieba's corpus are left out, but for places.
LEAST = 30
# Words tagged as names are left out where the first character weighs more than this as a surname; the others are
# mostly ordinary words (查明), and so are those that stand often (顾问).
MOST_SURNAME = 0
NO_NAME = 1000
# Those of the hotline's dictionary stand at least so often.
HOTLINE = 300
CHARACTERS_A_LINE = 100
HEADER = """\
# Ordinary words, one after another. Each line begins with their length in characters and the natural logarithm,
# rounded, of how often they stand in jieba's corpus of sixty million words.
# From dict.txt of jieba (MIT) and hotline.txt. Made by make_words.py.
"""


def is_word(word: str) -> bool:
    return len(word) <= 2 and all("\u4e00" <= c <= "\u9fff" for c in word)


def main() -> None:
    tables = pathlib.Path(__file__).parent
    surnames: dict[str, int] = {}
    for line in (tables / "surnames.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            weight, characters = line.split(" ")
            surnames.update((character, int(weight)) for character in characters)
    frequencies: dict[str, int] = {}
    for line in pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        word, frequency, tag = line.split(" ")
        least = LEAST if len(word) == 2 and tag != "ns" else 3
        is_name = len(word) == 2 and tag.startswith("nr") and int(frequency) < NO_NAME
        is_name = is_name and surnames.get(word[0], -9) > MOST_SURNAME
        if is_word(word) and int(frequency) >= least and not is_name:
            frequencies[word] = int(frequency)
    hotline = (tables / "../dictionaries/hotline.txt").read_text(encoding="utf-8").splitlines()
    for word in (line.split(" ")[0] for line in hotline):
        if is_word(word):
            frequencies[word] = max(HOTLINE, frequencies.get(word, 0))
    by_class = collections.defaultdict(list)
    for word, frequency in sorted(frequencies.items()):
        by_class[len(word), round(math.log(frequency))].append(word)
    text = HEADER
    for (length, rank), words in sorted(by_class.items()):
        a_line = CHARACTERS_A_LINE // length
        for at in range(0, len(words), a_line):
            text += f"{length} {rank} {''.join(words[at : at + a_line])}\n"
    (tables / "words.txt").write_text(text, encoding="utf-8")
    print(len(frequencies), "words")


if __name__ == "__main__":
    main()
