"""Makes topics and queues on moto, and says what is in them: one JSON object. Arguments: what to do, and its input."""
import json
import sys

import boto3


def topic():
    sns = boto3.client("sns")
    name = sys.argv[2]
    arn = sns.create_topic(Name=name, Attributes={"FifoTopic": "true"} if name.endswith(".fifo") else {})["TopicArn"]
    if len(sys.argv) > 3:
        sns.subscribe(TopicArn=arn, Protocol="http", Endpoint=sys.argv[3], Attributes={"FilterPolicy": json.dumps({"kind": ["detect"]})})
    return {"topic": arn}


def queue():
    sqs = boto3.client("sqs")
    dead = sqs.create_queue(QueueName=f"{sys.argv[2]}-dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    url = sqs.create_queue(QueueName=sys.argv[2], Attributes={"VisibilityTimeout": "1", "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "2"})})["QueueUrl"]
    for body in sys.argv[3:]:
        sqs.send_message(QueueUrl=url, MessageBody=body)
    return {"queue": url, "dead": dead}


def left():
    sqs = boto3.client("sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    counts = sqs.get_queue_attributes(QueueUrl=sys.argv[2], AttributeNames=names)["Attributes"]
    return {"count": sum(int(counts[name]) for name in names)}


print(json.dumps({"topic": topic, "queue": queue, "left": left}[sys.argv[1]]()))
