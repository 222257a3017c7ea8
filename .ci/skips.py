"""Fail where a test was skipped that the list does not name. Usage: skips.py RESULTS.xml LIST"""

import sys
from pathlib import Path
from xml.etree import ElementTree

results, listed = sys.argv[1:]
lines = [line.strip() for line in Path(listed).read_text().splitlines()]
allowed = {line.split(" | ")[0] for line in lines if line and not line.startswith("#")}
skipped = {
    f"{case.get('classname')}.{case.get('name')}": skip.get("message", "")
    for case in ElementTree.parse(results).iter("testcase")
    for skip in case.iter("skipped")
}
unlisted = {name: why for name, why in skipped.items() if name not in allowed}
for name, why in unlisted.items():
    print(f"skipped but not listed in {listed}: {name} ({why})")
print(f"{len(skipped)} skipped, {len(unlisted)} of them unlisted")
sys.exit(1 if unlisted else 0)
