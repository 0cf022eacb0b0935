"""SQS."""
from scenes import Scene, fixed


def queue(world):
    def make():
        return world.client.create_queue(QueueName="walk-queue")["QueueUrl"]
    return {"QueueUrl": world.once("queue", make)}


def new_queue(world):
    return {"QueueUrl": world.client.create_queue(QueueName=world.unique())["QueueUrl"]}


def received(world):
    where = new_queue(world)
    world.client.send_message(**where, MessageBody="walk")
    return {**where, "ReceiptHandle": world.client.receive_message(**where)["Messages"][0]["ReceiptHandle"]}


def entry(world, **members):
    where = received(world)
    return {"QueueUrl": where["QueueUrl"], "Entries": [{"Id": "one", "ReceiptHandle": where["ReceiptHandle"], **members}]}


def fill(scenes):
    names = {"AttributeNames": ["All"], "MessageSystemAttributeNames": ["All"], "QueueNamePrefix": "walk", "QueueOwnerAWSAccountId": "123456789012"}
    scenes["sqs"] = {
        "CreateQueue": Scene(lambda w: {"QueueName": w.unique()}, values={"Attributes": {"VisibilityTimeout": "30"}}),
        "DeleteQueue": Scene(new_queue),
        "GetQueueUrl": Scene(lambda w: queue(w) and {"QueueName": "walk-queue"}, values=names),
        "ListQueues": Scene(fixed(), values={**names, "MaxResults": 5}),
        "GetQueueAttributes": Scene(queue, values=names),
        "SetQueueAttributes": Scene(lambda w: {**queue(w), "Attributes": {"VisibilityTimeout": "30"}}),
        "PurgeQueue": Scene(new_queue),
        "SendMessage": Scene(lambda w: {**queue(w), "MessageBody": "walk"}, values={"DelaySeconds": 1}),
        "SendMessageBatch": Scene(lambda w: {**queue(w), "Entries": [{"Id": "one", "MessageBody": "walk"}]}, values={"DelaySeconds": 1}),
        "ReceiveMessage": Scene(new_queue, values={**names, "MaxNumberOfMessages": 1, "VisibilityTimeout": 1, "WaitTimeSeconds": 0, "MessageAttributeNames": ["All"]}),
        "DeleteMessage": Scene(received),
        "DeleteMessageBatch": Scene(lambda w: entry(w)),
        "ChangeMessageVisibility": Scene(lambda w: {**received(w), "VisibilityTimeout": 1}),
        "ChangeMessageVisibilityBatch": Scene(lambda w: entry(w, VisibilityTimeout=1)),
    }
