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


TRANSFORMATION = {"metricName": "walk", "metricNamespace": "Walk", "metricValue": "$.latency", "defaultValue": 0.0}
NAMED = {"filterName": "walk", "filterPattern": "{ $.latency = * }"}


def metric_filter(world):
    where = {"logGroupName": world.group(), "filterName": "walk"}
    world.client.put_metric_filter(**where, filterPattern="", metricTransformations=[{"metricName": "walk", "metricNamespace": "Walk", "metricValue": "1"}])
    return where


def subscription_filter(world):
    where = {"logGroupName": world.group(), "filterName": "walk"}
    world.client.put_subscription_filter(**where, filterPattern="", destinationArn="arn:aws:lambda:us-east-1:123456789012:function:walk")
    return where


def filters():
    return {
        "PutMetricFilter": Scene(
            lambda w: {**known_group(w), **NAMED, "metricTransformations": [TRANSFORMATION]},
            values={"dimensions": {"a": "$.a"}, "unit": "Count", "metricValue": "$.latency", "metricName": "walk", "metricNamespace": "Walk"},
            drop={"metricTransformations.dimensions": ["defaultValue"]}),
        "DescribeMetricFilters": Scene(
            lambda w: {"logGroupName": metric_filter(w)["logGroupName"]}, values={"nextToken": "0"},
            add={"metricName": {"metricNamespace": "Walk"}, "metricNamespace": {"metricName": "walk"}}),
        "DeleteMetricFilter": Scene(metric_filter),
        "TestMetricFilter": Scene(fixed(filterPattern="[a, b=x*]", logEventMessages=["1 xyz"]), values={"logEventMessages": ["1 xyz"]}),
        "PutSubscriptionFilter": Scene(
            lambda w: {**known_group(w), **NAMED, "destinationArn": "arn:aws:lambda:us-east-1:123456789012:function:walk"}, values={"roleArn": "arn:aws:iam::123456789012:role/walk"}),
        "DescribeSubscriptionFilters": Scene(lambda w: {"logGroupName": subscription_filter(w)["logGroupName"]}, values={"nextToken": "0"}),
        "DeleteSubscriptionFilter": Scene(subscription_filter),
    }


def started(world):
    return {"queryId": world.client.start_query(logGroupName=written(world), startTime=0, endTime=4_102_444_800, queryString="fields @message")["queryId"]}


def complete(world):
    where = started(world)
    world.client.get_query_results(**where)
    return where


def queries():
    groups = {"logGroupNames": ["logGroupName"], "logGroupIdentifiers": ["logGroupName"]}
    return {
        "StartQuery": Scene(
            lambda w: {"logGroupName": written(w), "startTime": 0, "endTime": 4_102_444_800, "queryString": "fields @message"},
            values={"logGroupNames": lambda w: [written(w)], "logGroupIdentifiers": lambda w: [arn(w)], "queryLanguage": "CWLI"}, drop=groups),
        "GetQueryResults": Scene(complete),
        "StopQuery": Scene(started),
        "StartLiveTail": Scene(lambda w: {"logGroupIdentifiers": [arn(w)]}, values={"logEventFilterPattern": "ERROR"}),
        "DescribeQueries": Scene(lambda w: started(w) and {}, values={"nextToken": "0", "queryLanguage": "CWLI", "logGroupName": written}),
    }


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
        **filters(),
        **queries(),
    }
