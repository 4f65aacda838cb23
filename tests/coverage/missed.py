"""The branches that no test took, from gcovr's JSON on standard input: a line of the source each."""

import json
import pathlib
import sys

for file in json.load(sys.stdin)["files"]:
    source = pathlib.Path(file["file"]).read_text(encoding="utf-8").split("\n")
    for line in file["lines"]:
        branches = [branch for branch in line["branches"] if not branch.get("throw")]
        missed = sum(branch["count"] == 0 for branch in branches)
        if missed and not line["gcovr/noncode"]:
            number = line["line_number"]
            print(f'{file["file"]}:{number}: {missed} of {len(branches)}: {source[number - 1].strip()}')
