"""The smallest valid request of every operation that the emulator answers, and what it needs to be there first."""
import json
import time

ROLE = "arn:aws:iam::123456789012:role/walker"
QUEUE, DEFINITION = "walk-queue", "walk-definition"


class World:
    """A client and names that are used once."""

    def __init__(self, client, name):
        self.client, self.name, self.number, self.kept = client, name, 0, {}

    def unique(self):
        self.number += 1
        return f"walk-{self.name}-{self.number}"

    def once(self, key, make):
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]

    # CloudWatch Logs

    def group(self):
        name = self.unique()
        self.client.create_log_group(logGroupName=name)
        return name

    def stream(self):
        group = self.group()
        self.client.create_log_stream(logGroupName=group, logStreamName="one")
        return {"logGroupName": group, "logStreamName": "one"}

    def written(self):
        def make():
            where = self.stream()
            self.client.put_log_events(**where, logEvents=self.events())
            return where
        return dict(self.once("written", make))

    def events(self):
        return [{"timestamp": int(time.time() * 1000), "message": "hello"}]

    # S3

    def bucket(self):
        def make():
            name = self.unique()
            self.client.create_bucket(Bucket=name)
            return name
        return self.once("bucket", make)

    def object(self):
        def make():
            self.client.put_object(Bucket=self.bucket(), Key="kept", Body=b"kept")
            return {"Bucket": self.bucket(), "Key": "kept"}
        return dict(self.once("object", make))

    def upload(self):
        where = {"Bucket": self.bucket(), "Key": self.unique()}
        return {**where, "UploadId": self.client.create_multipart_upload(**where)["UploadId"]}

    # Batch

    def registry(self):
        def make():
            try:
                self.client.create_job_queue(jobQueueName=QUEUE, priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "walk"}])
            except self.client.exceptions.ClientException:
                pass
            self.client.register_job_definition(jobDefinitionName=DEFINITION, type="container", containerProperties={"image": "walk:1", "command": ["true"]})
            return True
        self.once("registry", make)

    def job(self):
        self.registry()
        return self.client.submit_job(jobName="walk", jobQueue=QUEUE, jobDefinition=DEFINITION)["jobId"]

    def ended_job(self):
        """A job with everything that its description can have."""
        job = self.job()
        while self.client.describe_jobs(jobs=[job])["jobs"][0]["status"] not in ("SUCCEEDED", "FAILED"):
            time.sleep(0.01)
        return job


class Scene:
    """
    build: makes the smallest request. values: what a member is given, by its path or name. drop, add: what is taken out of the request, or put into it, when a
    member is looked at; bases: another smallest request for a member. skip: members that the walk leaves alone, the reason beside them.
    """

    def __init__(self, build, values=None, drop=None, add=None, bases=None, skip=()):
        self.build, self.values, self.drop, self.add, self.bases, self.skip = build, values or {}, drop or {}, add or {}, bases or {}, set(skip)


def fixed(**params):
    return lambda world: json.loads(json.dumps(params))


def names_route(service, operation, message):
    """REST services have no name of an operation on the wire: their refusals name method and path."""
    path = operation.http["requestUri"]
    parameters = [part.split("=")[0] for part in path.partition("?")[2].split("&") if part]
    if service == "s3":
        # By the query parameter that makes the operation, or by the header that has to be there.
        return any(f" {name} " in f" {message} " or f"?{name}" in message for name in parameters) or operation.http["method"] in message
    return service in ("iot", "iot-data", "batch") and operation.http["method"] in message


VALUES = {
    "logs": {"logGroupIdentifier": "walk-none", "startTime": 0, "endTime": 4_102_444_800_000},
    "s3": {"Bucket": "walk-none", "Key": "none", "ExpectedBucketOwner": "123456789012", "ExpectedSourceBucketOwner": "123456789012"},
    "sts": {"RoleArn": ROLE},
    "batch": {},
    "iot": {},
    "iot-data": {},
    "cloudtrail": {},
    "sqs": {},
}

# Older names of operations: the request is that of the operation behind the colon.
SAME_ON_THE_WIRE = {service: {} for service in VALUES}
SAME_ON_THE_WIRE["s3"] = {"PutBucketLifecycle": "PutBucketLifecycleConfiguration", "GetBucketLifecycle": "GetBucketLifecycleConfiguration"}

SCENES = {service: {} for service in VALUES}


def load():
    """Fills SCENES; each service has its file."""
    import scenes_iot
    import scenes_jobs
    import scenes_logs
    import scenes_s3
    import scenes_sqs
    for module in (scenes_logs, scenes_s3, scenes_sqs, scenes_jobs, scenes_iot):
        module.fill(SCENES)
