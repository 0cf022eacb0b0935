"""AWS Batch and STS."""
import base64
import json
import time

from scenes import DEFINITION, QUEUE, ROLE, Scene, fixed


def with_registry(build):
    def made(world):
        world.registry()
        return build(world)
    return made


def token():
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
    claims = {"iss": "https://walk.test", "sub": "walker", "aud": "walk", "exp": int(time.time()) + 3600, "iat": int(time.time())}
    return f"{part({'alg': 'RS256', 'kid': 'k'})}.{part(claims)}.c2ln"


def new_queue(world):
    name = world.unique()
    world.client.create_job_queue(jobQueueName=name, priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "walk"}])
    return name


def definition(world):
    return {"jobDefinitionName": world.unique(), "type": "container", "containerProperties": {"image": "walk:1"}}


COMMON = {"retryStrategy.attempts": 2, "evaluateOnExit": [{"onExitCode": "3", "action": "EXIT"}], "action": "EXIT", "onExitCode": "3", "size": 2, "attemptDurationSeconds": 60, "tags": {"a": "b"},
          "parameters": {"a": "b"}, "type": "VCPU", "value": "1", "resourceRequirements": [{"type": "VCPU", "value": "1"}], "state": "ENABLED",
          "environment": [{"name": "A", "value": "b"}]}


def fill(scenes):
    scenes["batch"] = {
        "CreateJobQueue": Scene(
            lambda w: {"jobQueueName": w.unique(), "priority": 1, "computeEnvironmentOrder": [{"order": 1, "computeEnvironment": "walk"}]}, values=COMMON),
        "UpdateJobQueue": Scene(with_registry(lambda w: {"jobQueue": QUEUE}), values=COMMON),
        "DeleteJobQueue": Scene(lambda w: {"jobQueue": closed(w)}),
        "DescribeJobQueues": Scene(with_registry(lambda w: {}), values={"jobQueues": [QUEUE], "maxResults": 5, "nextToken": "1"}),
        "RegisterJobDefinition": Scene(definition, values={**COMMON, "type": "container", "containerProperties.resourceRequirements.type": "VCPU", "name": "A"}),
        "DeregisterJobDefinition": Scene(lambda w: {"jobDefinition": registered(w)}),
        "DescribeJobDefinitions": Scene(with_registry(lambda w: {}), values={"jobDefinitions": [DEFINITION], "jobDefinitionName": DEFINITION, "status": "ACTIVE", "maxResults": 5, "nextToken": "1"}),
        "SubmitJob": Scene(
            with_registry(lambda w: {"jobName": "walk", "jobQueue": QUEUE, "jobDefinition": DEFINITION}), values={**COMMON, "dependsOn": lambda w: [{"jobId": w.job()}], "name": "A"}),
        "DescribeJobs": Scene(lambda w: {"jobs": [w.once("ended", w.ended_job)]}),
        "ListJobs": Scene(
            with_registry(lambda w: {"jobQueue": QUEUE}), values={"jobStatus": "RUNNING", "maxResults": 5, "nextToken": "1", "filters": [{"name": "JOB_NAME", "values": ["walk"]}], "name": "JOB_NAME", "arrayJobId": "x"},
            drop={"arrayJobId": ["jobQueue"], "multiNodeJobId": ["jobQueue"]}),
        "TerminateJob": Scene(lambda w: {"jobId": w.once("job", w.job), "reason": "walk"}),
        "CancelJob": Scene(lambda w: {"jobId": w.once("job", w.job), "reason": "walk"}),
    }
    policies = {"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]}
    scenes["sts"] = {
        "AssumeRole": Scene(fixed(RoleArn=ROLE, RoleSessionName="walk"), values={**policies, "ExternalId": "abc", "SourceIdentity": "abc", "TokenCode": "123456", "DurationSeconds": 900,
                                                                                             "ProvidedContexts": [{"ProviderArn": "arn:aws:iam::aws:contextProvider/walk", "ContextAssertion": "walk"}]}),
        "AssumeRoleWithWebIdentity": Scene(lambda w: {"RoleArn": ROLE, "RoleSessionName": "walk", "WebIdentityToken": token()}, values=policies),
        "GetCallerIdentity": Scene(fixed()),
        "GetSessionToken": Scene(fixed(), values={"TokenCode": "123456"}),
    }


def closed(world):
    name = new_queue(world)
    world.client.update_job_queue(jobQueue=name, state="DISABLED")
    return name


def registered(world):
    made = definition(world)
    world.client.register_job_definition(**made)
    return made["jobDefinitionName"] + ":1"
