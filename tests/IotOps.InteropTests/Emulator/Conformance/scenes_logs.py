"""CloudWatch Logs."""
from scenes import Scene, fixed

TIMES = {"startTime": 0, "endTime": 4_102_444_800_000}
IDENTIFIER = {"logGroupIdentifier": ["logGroupName"]}
TAGS = {"tags": {"a": "b"}}


def written(world):
    return world.written()["logGroupName"]


def arn(world):
    return "arn:aws:logs:us-east-1:123456789012:log-group:" + named(world)


def group(world):
    return {"logGroupName": world.group()}


def known_group(world):
    return {"logGroupName": world.once("group", world.group)}


def named(world):
    return known_group(world)["logGroupName"]


def fill(scenes):
    scenes["logs"] = {
        "CreateLogGroup": Scene(
            lambda w: {"logGroupName": w.unique()},
            values={"kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/abc", "tags": {"a": "b"}, "logGroupClass": "STANDARD", "deletionProtectionEnabled": True}),
        "DeleteLogGroup": Scene(group),
        "DescribeLogGroups": Scene(fixed(), values={"nextToken": "0", "logGroupNamePattern": "walk", "logGroupNamePrefix": "walk"}),
        "PutRetentionPolicy": Scene(lambda w: {**known_group(w), "retentionInDays": 7}),
        "DeleteRetentionPolicy": Scene(known_group),
        "PutLogGroupDeletionProtection": Scene(
            lambda w: {"logGroupIdentifier": w.group(), "deletionProtectionEnabled": True}),
        "CreateLogStream": Scene(lambda w: {**known_group(w), "logStreamName": w.unique()}),
        "DeleteLogStream": Scene(lambda w: w.stream()),
        "DescribeLogStreams": Scene(lambda w: {"logGroupName": w.written()["logGroupName"]}, values={"logGroupIdentifier": written, "nextToken": "0", "logStreamNamePrefix": "one"}, drop=IDENTIFIER),
        "PutLogEvents": Scene(
            lambda w: {**w.stream(), "logEvents": w.events()},
            values={"sequenceToken": "1", "entity": {"keyAttributes": {"Type": "Service", "Name": "walk"}, "attributes": {"a": "b"}}}),
        "GetLogEvents": Scene(lambda w: w.written(), values={**TIMES, "logGroupIdentifier": written, "nextToken": "f/" + "0" * 56}, drop=IDENTIFIER),
        "FilterLogEvents": Scene(
            lambda w: {"logGroupName": w.written()["logGroupName"]},
            values={**TIMES, "logGroupIdentifier": written, "nextToken": "0" * 56, "logStreamNames": ["one"], "logStreamNamePrefix": "one", "filterPattern": "hello"}, drop=IDENTIFIER),
        "TagResource": Scene(lambda w: {"resourceArn": arn(w), **TAGS}),
        "UntagResource": Scene(lambda w: {"resourceArn": arn(w), "tagKeys": ["a"]}),
        "ListTagsForResource": Scene(lambda w: {"resourceArn": arn(w)}),
        "TagLogGroup": Scene(lambda w: {**known_group(w), **TAGS}),
        "UntagLogGroup": Scene(lambda w: {**known_group(w), "tags": ["a"]}),
        "ListTagsLogGroup": Scene(known_group),
    }
