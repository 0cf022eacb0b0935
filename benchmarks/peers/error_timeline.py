#!/usr/bin/env python3
"""The error timeline in plain Python: JSON line, 5-minute bucket, masks, Drain, count. error_timeline.py LOGS prints errors and buckets as JSON."""
import datetime
import json
import re
import sys
from collections import OrderedDict

STAR = "<*>"
MASKS = [(name, re.compile(pattern)) for name, pattern in [
    ("ARN", r"arn:aws[a-z-]*:[^\s\"',;)\]}]+"),
    ("UUID", r"(?<![0-9A-Za-z])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![0-9A-Za-z])"),
    ("IP", r"(?<![0-9.])(?:\d{1,3}\.){3}\d{1,3}(?![0-9.])"),
    ("HEX", r"(?<![0-9A-Za-z])(?:0x[0-9a-fA-F]+|(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{16,})(?![0-9A-Za-z])"),
    ("NUM", r"(?<![0-9A-Za-z.])[-+]?\d+(?:\.\d+)?(?![0-9A-Za-z])"),
]]


def mask(text):
    for name, pattern in MASKS:
        text = pattern.sub(f"<{name}>", text)
    return text


class Drain:
    """Depth 4, similarity 0.4, 100 children, 1,000 clusters."""

    def __init__(self):
        self.root, self.clusters, self.last = {}, OrderedDict(), 0

    def leaf(self, words, make):
        node = self.root.setdefault(len(words), {}) if make else self.root.get(len(words))
        if node is None or len(words) < 2:
            return node if node is None else node.setdefault("", [])
        following = node.get(words[0])
        if following is None and not make:
            following = node.get(STAR)
        if following is None:
            if not make:
                return None
            room = len(node) + (0 if STAR in node else 1) < 100
            key = STAR if any(c.isdigit() for c in words[0]) or not room else words[0]
            following = node.setdefault(key, {})
        return following.setdefault("", [])

    def add(self, line):
        words = line.split()
        best, most, stars = None, -1, -1
        for number in self.leaf(words, False) or []:
            template = self.clusters.get(number)
            if template is None:
                continue
            same = any_ = 0
            for a, b in zip(template, words):
                if a == STAR:
                    any_ += 1
                elif a == b:
                    same += 1
            if same > most or (same == most and any_ > stars):
                best, most, stars = number, same, any_
        if best is not None and (not words or most / len(words) >= 0.4):
            self.clusters[best] = [a if a == b else STAR for a, b in zip(self.clusters[best], words)]
            self.clusters.move_to_end(best)
            return best
        self.last += 1
        self.clusters[self.last] = words
        if len(self.clusters) > 1_000:
            self.clusters.popitem(last=False)
        self.leaf(words, True).append(self.last)
        return self.last


counts, drains, buckets, errors = {}, {}, {}, 0
with open(sys.argv[1]) as file:
    for line in file:
        entry = json.loads(line)
        if entry["logLevel"] != "ERROR":
            continue
        errors += 1
        time = entry["timestamp"]
        second = int(datetime.datetime(int(time[:4]), int(time[5:7]), int(time[8:10]), int(time[11:13]), int(time[14:16]), tzinfo=datetime.timezone.utc).timestamp())
        bucket = second // 300 * 300
        template = drains.setdefault(entry["eventType"], Drain()).add(mask(entry.get("details", "")))
        group = (bucket, entry["eventType"], entry.get("reason"), template)
        counts[group] = counts.get(group, 0) + 1
        buckets[bucket] = buckets.get(bucket, 0) + 1
print(json.dumps({"errors": errors, "buckets": [buckets[key] for key in sorted(buckets)]}))
