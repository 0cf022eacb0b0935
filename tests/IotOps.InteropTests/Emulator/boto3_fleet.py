"""Reads a fleet as any script would, and prints what it saw as one JSON object."""
import json

import boto3
from botocore.exceptions import ClientError


def code_of(call):
    try:
        call()
        return None
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]]


def pages(client, operation, member, size, **parameters):
    return [item for page in client.get_paginator(operation).paginate(PaginationConfig={"PageSize": size}, **parameters) for item in page[member]]


seen = {}
trail = boto3.client("cloudtrail")
events = pages(trail, "lookup_events", "Events", 2)
seen["events"] = [[event["EventName"], event["EventTime"].timestamp(), event["ReadOnly"], event["Username"]] for event in events]
seen["record"] = json.loads(events[0]["CloudTrailEvent"])["eventID"]
seen["resources"] = events[0]["Resources"]
wanted = [{"AttributeKey": "EventName", "AttributeValue": "DeleteThing"}]
seen["byName"] = len(pages(trail, "lookup_events", "Events", 50, LookupAttributes=wanted))
seen["tooMany"] = code_of(lambda: trail.lookup_events(LookupAttributes=wanted + wanted))
keys = trail.list_public_keys()["PublicKeyList"]
seen["keys"] = [[key["Fingerprint"], len(key["Value"]) > 200] for key in keys]

iot = boto3.client("iot")
found, token = [], {}
while True:
    page = iot.search_index(queryString="attributes.site:north", maxResults=1, **token)
    found += page["things"]
    if "nextToken" not in page:
        break
    token = {"nextToken": page["nextToken"]}
seen["things"] = [[thing["thingName"], json.loads(thing["shadow"])["reported"]["battery"], thing["connectivity"]["connected"]] for thing in found]
seen["badQuery"] = code_of(lambda: iot.search_index(queryString="attributes.site:("))
seen["groups"] = [group["groupName"] for group in pages(iot, "list_thing_groups", "thingGroups", 1)]
group = iot.describe_thing_group(thingGroupName="low")
seen["group"] = [group["queryString"], group["status"], group["version"], group["thingGroupArn"]]
seen["members"] = pages(iot, "list_things_in_thing_group", "things", 1, thingGroupName="low")
seen["noGroup"] = code_of(lambda: iot.describe_thing_group(thingGroupName="none"))
seen["findings"] = [[f["checkName"], f["severity"], f["findingTime"].timestamp()] for f in pages(iot, "list_audit_findings", "findings", 1, taskId="t")]
seen["badFindings"] = code_of(lambda: iot.list_audit_findings())
print(json.dumps(seen))
