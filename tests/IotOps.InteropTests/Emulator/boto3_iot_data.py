"""Uses the IoT data plane as any script would, and prints what it saw as one JSON object."""
import json

import boto3
from botocore.exceptions import ClientError


def code_of(call):
    try:
        call()
        return None
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]]


def body(response):
    return json.loads(response["payload"].read())


seen = {}
iot = boto3.client("iot-data")
seen["updated"] = body(iot.update_thing_shadow(thingName="a:b", payload=json.dumps({"state": {"desired": {"led": True}}, "clientToken": "c"})))
seen["got"] = body(iot.get_thing_shadow(thingName="a:b"))
for name in ("one", "two", "three"):
    iot.update_thing_shadow(thingName="a:b", shadowName=name, payload=b'{"state":{}}')
seen["names"] = iot.list_named_shadows_for_thing(thingName="a:b", pageSize=2)["results"]
seen["deleted"] = body(iot.delete_thing_shadow(thingName="a:b", shadowName="one"))
seen["notFound"] = code_of(lambda: iot.get_thing_shadow(thingName="a:b", shadowName="one"))
seen["conflict"] = code_of(lambda: iot.update_thing_shadow(thingName="a:b", payload=b'{"state":{},"version":9}'))
seen["invalid"] = code_of(lambda: iot.update_thing_shadow(thingName="a:b", payload=b"{"))
seen["tooLarge"] = code_of(lambda: iot.update_thing_shadow(thingName="a:b", payload=json.dumps({"state": {"desired": {"a": "x" * 9000}}})))
iot.publish(topic="a/b c", qos=1, retain=True, payload=b"hello")
kept = iot.get_retained_message(topic="a/b c")
seen["retained"] = [kept["topic"], kept["payload"].decode(), kept["qos"]]
seen["retainedTopics"] = [t["topic"] for p in iot.get_paginator("list_retained_messages").paginate(PaginationConfig={"PageSize": 1}) for t in p["retainedTopics"]]
seen["noRetained"] = code_of(lambda: iot.get_retained_message(topic="none"))
seen["noConnection"] = code_of(lambda: iot.delete_connection(clientId="none"))
iot.update_thing_shadow(thingName="a:b", shadowName="$package", payload=b'{"state":{}}')
print(json.dumps(seen))
