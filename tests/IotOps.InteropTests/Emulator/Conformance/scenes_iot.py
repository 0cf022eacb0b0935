"""AWS IoT's two planes and CloudTrail."""
import base64
import json

import mqtt_client
from scenes import Scene, fixed

THING = "walker"
PAYLOAD = json.dumps({"state": {"reported": {"a": 1}}}).encode()


def shadow(world):
    world.client.update_thing_shadow(thingName=THING, payload=PAYLOAD)
    return {"thingName": THING}


def retained(world):
    world.once("retained", lambda: world.client.publish(topic="walk/kept", payload=b"x", retain=True, qos=1))
    return {"topic": "walk/kept"}


def connected(world):
    world.once("connected", lambda: mqtt_client.connect("walk-client"))
    return {"clientId": "walk-client"}


def leaving(world):
    name = world.unique()
    world.kept[name] = mqtt_client.connect(name)
    return {"clientId": name}


def fill(scenes):
    named = {"shadowName": "climate"}
    message = {
        "qos": 1, "contentType": "text/plain", "responseTopic": "walk/answer", "messageExpiry": 60, "correlationData": base64.b64encode(b"1").decode(),
        "userProperties": json.dumps([{"a": "b"}]), "payloadFormatIndicator": "UTF8_DATA",
    }
    scenes["iot-data"] = {
        "Publish": Scene(fixed(topic="walk/published"), values=message),
        "GetRetainedMessage": Scene(retained),
        "ListRetainedMessages": Scene(fixed(), values={"nextToken": base64.b64encode(b"after:a").decode()}),
        "GetThingShadow": Scene(shadow),
        "UpdateThingShadow": Scene(lambda w: {"thingName": THING, "payload": PAYLOAD}, values=named),
        "DeleteThingShadow": Scene(shadow),
        "ListNamedShadowsForThing": Scene(fixed(thingName=THING), values={"nextToken": base64.b64encode(b"after:a").decode()}),
        "SendDirectMessage": Scene(lambda w: {**connected(w), "topic": "walk"}, values=message, add={"timeout": {"confirmation": True}}),
        "GetConnection": Scene(connected),
        "DeleteConnection": Scene(leaving),
    }
    scenes["iot"] = {
        "SearchIndex": Scene(fixed(queryString="*"), values={"indexName": "AWS_Things", "queryVersion": "2017-09-30", "nextToken": base64.b64encode(b"after:a").decode()}),
        "ListThingGroups": Scene(fixed(), values={"parentGroup": "walk-group", "nextToken": base64.b64encode(b"after:a").decode()}),
        "DescribeThingGroup": Scene(fixed(thingGroupName="walk-group")),
        "ListThingsInThingGroup": Scene(fixed(thingGroupName="walk-group"), values={"nextToken": base64.b64encode(b"after:a").decode()}),
        "ListAuditFindings": Scene(
            fixed(taskId="walk-task"), values={"nextToken": base64.b64encode(b"after:a").decode(), "startTime": 0, "endTime": 4_102_444_800},
            drop={"startTime": ["taskId"], "endTime": ["taskId"]}, add={"startTime": {"endTime": 4_102_444_800}, "endTime": {"startTime": 0}}),
    }
    scenes["cloudtrail"] = {
        "LookupEvents": Scene(fixed(), values={"EventCategory": "insight", "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "walk"}], "StartTime": 0, "EndTime": 4_102_444_800}),
        "ListPublicKeys": Scene(fixed(), values={"StartTime": 0, "EndTime": 4_102_444_800}, add={"StartTime": {"EndTime": 4_102_444_800}}),
    }
