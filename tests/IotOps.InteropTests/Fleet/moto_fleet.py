"""Sets a fleet up on moto, or says what became of it: one JSON object. Arguments: what to do, and its input as JSON."""
import json
import sys

import boto3


def make():
    logs, iot, states, roles = boto3.client("logs"), boto3.client("iot"), boto3.client("stepfunctions"), boto3.client("iam")
    logs.create_log_group(logGroupName="AWSIotLogsV2")
    logs.create_log_stream(logGroupName="AWSIotLogsV2", logStreamName="s")
    now = int(sys.argv[2])
    for first in range(0, 300, 100):
        logs.put_log_events(logGroupName="AWSIotLogsV2", logStreamName="s", logEvents=[
            {"timestamp": now + i, "message": json.dumps({"logLevel": "ERROR", "eventType": "Connect", "clientId": f"THING{i:05}", "reason": "AUTHORIZATION_FAILURE"})} for i in range(first, first + 100)])
    iot.create_thing_group(thingGroupName="all")
    iot.create_thing_group(thingGroupName="north", parentGroupName="all", thingGroupProperties={"thingGroupDescription": "Site 1", "attributePayload": {"attributes": {"site": "1"}}})
    for name in ("THING00001", "THING00002"):
        iot.create_thing(thingName=name, attributePayload={"attributes": {"site": name[-1]}})
        iot.add_thing_to_thing_group(thingGroupName="north", thingName=name)
    role = roles.create_role(RoleName="fleet", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    machine = states.create_state_machine(name="respond", roleArn=role, definition='{"StartAt":"a","States":{"a":{"Type":"Pass","End":true}}}')
    return {"machine": machine["stateMachineArn"]}


def executions():
    states = boto3.client("stepfunctions")
    found = states.list_executions(stateMachineArn=sys.argv[2])["executions"]
    return {"inputs": [states.describe_execution(executionArn=one["executionArn"])["input"] for one in found]}


def selectors():
    boto3.client("s3").create_bucket(Bucket="fleet-selectors")
    trail = boto3.client("cloudtrail")
    trail.create_trail(Name="fleet", S3BucketName="fleet-selectors")
    trail.put_event_selectors(TrailName="fleet", AdvancedEventSelectors=json.loads(sys.argv[2]))
    return {"selectors": trail.get_event_selectors(TrailName="fleet")["AdvancedEventSelectors"]}


print(json.dumps({"make": make, "executions": executions, "selectors": selectors}[sys.argv[1]]()))
