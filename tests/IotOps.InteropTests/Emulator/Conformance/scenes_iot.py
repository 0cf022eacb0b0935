"""AWS IoT's two planes and CloudTrail."""
import base64
import json

import mqtt_client
from scenes import Scene, fixed

import subprocess

THING = "walker"
ARN = "arn:aws:iot:us-east-1:123456789012:"
PAGE = {"nextToken": base64.b64encode(b"after:a").decode(), "marker": base64.b64encode(b"after:a").decode()}
PROPERTIES = {"thingGroupProperties": {"thingGroupDescription": "walk", "attributePayload": {"attributes": {"a": "b"}}}}
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect","Resource":"*"}]}'
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


def certificate(world):
    return world.once("certificate", lambda: world.client.create_keys_and_certificate(setAsActive=True))


def principal(world):
    return {"thingName": THING, "principal": certificate(world)["certificateArn"]}


def policy(world):
    def make():
        world.client.create_policy(policyName="walk-policy", policyDocument=POLICY)
        return "walk-policy"
    return world.once("policy", make)


def target(world):
    return certificate(world)["certificateArn"]


def new_thing(world):
    name = world.unique()
    world.client.create_thing(thingName=name)
    return name


def new_group(world):
    name = world.unique()
    world.client.create_thing_group(thingGroupName=name)
    return name


def new_dynamic(world):
    name = world.unique()
    world.client.create_dynamic_thing_group(thingGroupName=name, queryString="*")
    return name


def foreign_certificate(world):
    """A certificate that nobody registered."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "/dev/null", "-subj", "/CN=" + world.unique(), "-days", "2"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def registry():
    """Things, certificates, policies and groups."""
    member = {"thingName": THING, "thingGroupName": "walk-group", "thingArn": ARN + "thing/walker", "thingGroupArn": ARN + "thinggroup/walk-group"}
    by_arn = {"thingArn": ["thingName"], "thingGroupArn": ["thingGroupName"]}
    return {
        "ListThings": Scene(fixed(), values={**PAGE, "attributeName": "site", "attributeValue": "north"}),
        "CreateThing": Scene(lambda w: {"thingName": w.unique()}, values={"attributes": {"a": "b"}}),
        "DescribeThing": Scene(fixed(thingName=THING)),
        "DeleteThing": Scene(lambda w: {"thingName": new_thing(w)}, values={"expectedVersion": 1}),
        "AttachThingPrincipal": Scene(principal),
        "DetachThingPrincipal": Scene(principal),
        "ListThingPrincipals": Scene(fixed(thingName=THING), values=PAGE),
        "ListPrincipalThings": Scene(lambda w: {"principal": target(w)}, values=PAGE),
        "AddThingToThingGroup": Scene(fixed(thingName=THING, thingGroupName="walk-group"), values=member, drop=by_arn),
        "RemoveThingFromThingGroup": Scene(fixed(thingName=THING, thingGroupName="walk-group"), values=member, drop=by_arn),
        "ListThingGroupsForThing": Scene(fixed(thingName=THING), values=PAGE),
        "CreateThingGroup": Scene(lambda w: {"thingGroupName": w.unique()}, values={**PROPERTIES, "parentGroupName": "walk-parent", "attributes": {"a": "b"}}),
        "DeleteThingGroup": Scene(lambda w: {"thingGroupName": new_group(w)}, values={"expectedVersion": 1}),
        "CreateDynamicThingGroup": Scene(
            lambda w: {"thingGroupName": w.unique(), "queryString": "*"}, values={**PROPERTIES, "indexName": "AWS_Things", "queryVersion": "2017-09-30", "attributes": {"a": "b"}}),
        "UpdateDynamicThingGroup": Scene(
            lambda w: {"thingGroupName": new_dynamic(w), **PROPERTIES},
            values={"queryString": "*", "indexName": "AWS_Things", "queryVersion": "2017-09-30", "expectedVersion": 1, "attributes": {"a": "b"}}),
        "DeleteDynamicThingGroup": Scene(lambda w: {"thingGroupName": new_dynamic(w)}, values={"expectedVersion": 1}),
        "CreateKeysAndCertificate": Scene(fixed()),
        "RegisterCertificateWithoutCA": Scene(lambda w: {"certificatePem": foreign_certificate(w)}, values={"status": "INACTIVE"}),
        "ListCertificates": Scene(fixed(), values=PAGE),
        "DescribeCertificate": Scene(lambda w: {"certificateId": certificate(w)["certificateId"]}),
        "UpdateCertificate": Scene(lambda w: {"certificateId": certificate(w)["certificateId"], "newStatus": "INACTIVE"}),
        "CreatePolicy": Scene(lambda w: {"policyName": w.unique(), "policyDocument": POLICY}, values={"tags": [{"Key": "a", "Value": "b"}]}),
        "GetPolicy": Scene(lambda w: {"policyName": policy(w)}),
        "AttachPolicy": Scene(lambda w: {"policyName": policy(w), "target": target(w)}),
        "DetachPolicy": Scene(lambda w: {"policyName": policy(w), "target": target(w)}),
        "ListAttachedPolicies": Scene(lambda w: {"target": target(w)}, values=PAGE),
        "ListTargetsForPolicy": Scene(lambda w: {"policyName": policy(w)}, values=PAGE),
        "GetIndexingConfiguration": Scene(fixed()),
        "UpdateIndexingConfiguration": Scene(fixed(), values={
            "thingIndexingMode": "REGISTRY_AND_SHADOW", "thingConnectivityIndexingMode": "STATUS", "thingGroupIndexingMode": "ON", "deviceDefenderIndexingMode": "VIOLATIONS",
            "namedShadowIndexingMode": "ON"}),
    }


RULE = {"sql": "SELECT * FROM 'walk/rule'", "actions": [{"sqs": {"roleArn": "arn:aws:iam::123456789012:role/walk", "queueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/walk"}}]}


def new_rule(world):
    name = world.unique().replace("-", "_")
    world.client.create_topic_rule(ruleName=name, topicRulePayload=RULE)
    return name


def rule(world):
    return {"ruleName": world.once("rule", lambda: new_rule(world))}


def rules():
    values = {"awsIotSqlVersion": "2016-03-23", "description": "walk", "tags": "a=b", **PAGE, "topic": "walk/rule", "errorAction": RULE["actions"][0]}
    return {
        "CreateTopicRule": Scene(lambda w: {"ruleName": w.unique().replace("-", "_"), "topicRulePayload": RULE}, values=values),
        "ReplaceTopicRule": Scene(lambda w: {**rule(w), "topicRulePayload": RULE}, values=values),
        "GetTopicRule": Scene(rule),
        "ListTopicRules": Scene(fixed(), values=values),
        "EnableTopicRule": Scene(rule),
        "DisableTopicRule": Scene(rule),
        "DeleteTopicRule": Scene(lambda w: {"ruleName": new_rule(w)}),
    }


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
        **registry(),
        **rules(),
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
