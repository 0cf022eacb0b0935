#!/usr/bin/env python3
"""EventBridge events and event patterns out of a CloudTrail day: make_event_rules.py DAY OUT

OUT/events.jsonl has 25,000 events of about 1.4 KB, OUT/rules100.jsonl and OUT/rules10.jsonl the patterns: ten kinds in turn, each with a service.
"""
import glob
import gzip
import json
import os
import random
import sys

day, out = sys.argv[1], sys.argv[2]
random.seed(5)
os.makedirs(out, exist_ok=True)

count = 0
with open(f"{out}/events.jsonl", "w") as events:
    for name in sorted(glob.glob(f"{day}/*.json.gz")):
        for record in json.loads(gzip.open(name).read())["Records"]:
            if count == 25_000:
                break
            event = {
                "version": "0", "id": record["eventID"], "detail-type": "AWS API Call via CloudTrail",
                "source": "aws." + record["eventSource"].split(".")[0], "account": "123456789012", "time": record["eventTime"],
                "region": record["awsRegion"], "resources": [], "detail": record,
            }
            events.write(json.dumps(event, separators=(",", ":")) + "\n")
            count += 1


def detail(kind):
    return [
        lambda: {"eventName": ["UpdateCertificate", "AttachPolicy"]},
        lambda: {"eventName": [{"prefix": "List"}]},
        lambda: {"userAgent": [{"suffix": "Internal"}]},
        lambda: {"sourceIPAddress": [{"cidr": f"198.51.100.{random.randrange(16) * 16}/28"}]},
        lambda: {"errorCode": [{"exists": True}]},
        lambda: {"errorCode": [{"anything-but": ["AccessDenied", "ThrottlingException"]}]},
        lambda: {"userIdentity": {"type": [{"equals-ignore-case": "assumedrole"}], "arn": [{"wildcard": f"*:assumed-role/*/session-{random.randrange(99)}*"}]}},
        lambda: {"additionalEventData": {"bytesTransferredOut": [{"numeric": [">", random.randrange(99999)]}]}},
        lambda: {"$or": [{"readOnly": [False]}, {"errorCode": ["AccessDenied"]}]},
        lambda: {"requestParameters": {"thingName": [{"anything-but": {"prefix": "THING0"}}]}},
    ][kind]()


services = ["iot", "greengrass", "sts", "s3", "logs", "kms", "iam"]
rules = [json.dumps({"source": ["aws." + random.choice(services)], "detail": detail(i % 10)}) for i in range(100)]
for number in (10, 100):
    with open(f"{out}/rules{number}.jsonl", "w") as file:
        file.write("\n".join(rules[:number]) + "\n")
