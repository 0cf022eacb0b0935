"""Assumes a role and runs jobs with its keys as any script would, and prints what it saw as one JSON object."""
import json
import time

import boto3
from botocore.exceptions import ClientError


def code_of(call):
    try:
        call()
        return None
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]]


seen = {}
sts = boto3.client("sts")
seen["caller"] = sts.get_caller_identity()["Arn"]
role = sts.assume_role(RoleArn="arn:aws:iam::210987654321:role/fleet/LogExport", RoleSessionName="export@1")
seen["assumed"] = role["AssumedRoleUser"]["Arn"]
seen["seconds"] = round(role["Credentials"]["Expiration"].timestamp() - time.time(), -2)
seen["denied"] = code_of(lambda: sts.assume_role(RoleArn="arn:aws:iam::210987654321:role/Denied", RoleSessionName="export"))
seen["invalid"] = code_of(lambda: sts.assume_role(RoleArn="arn:aws:iam::210987654321:user/LogExport", RoleSessionName="export"))

session = boto3.Session(
    aws_access_key_id=role["Credentials"]["AccessKeyId"],
    aws_secret_access_key=role["Credentials"]["SecretAccessKey"],
    aws_session_token=role["Credentials"]["SessionToken"],
)
seen["assumedCaller"] = session.client("sts").get_caller_identity()["Account"]
seen["chained"] = code_of(lambda: session.client("sts").assume_role(
    RoleArn="arn:aws:iam::210987654321:role/LogExport", RoleSessionName="export", DurationSeconds=7200))
batch = session.client("batch")
job = batch.submit_job(
    jobName="iot-log_1", jobQueue="slack", jobDefinition="generate",
    parameters={"Identifier": "THING00001", "Request": "r-1"}, timeout={"attemptDurationSeconds": 3600})
array = batch.submit_job(jobName="shards", jobQueue="slack", jobDefinition="generate", arrayProperties={"size": 3})


def ended(job_id):
    for _ in range(600):
        detail = batch.describe_jobs(jobs=[job_id])["jobs"][0]
        if detail["status"] in ("SUCCEEDED", "FAILED"):
            return detail
        time.sleep(0.05)
    return detail


detail = ended(job["jobId"])
seen["job"] = [detail["status"], detail["container"]["exitCode"], detail["container"]["command"], detail["parameters"]]
detail = ended(array["jobId"])
seen["array"] = [detail["status"], detail["arrayProperties"]["size"], detail["arrayProperties"]["statusSummary"]["SUCCEEDED"]]
seen["listed"] = [j["jobName"] for p in batch.get_paginator("list_jobs").paginate(
    jobQueue="slack", jobStatus="SUCCEEDED", PaginationConfig={"PageSize": 1}) for j in p["jobSummaryList"]]
seen["byName"] = [j["jobId"] == job["jobId"] for j in batch.list_jobs(
    jobQueue="slack", filters=[{"name": "JOB_NAME", "values": ["iot-log*"]}])["jobSummaryList"]]
slow = batch.submit_job(jobName="slow", jobQueue="slack", jobDefinition="slow")
for _ in range(600):
    if batch.describe_jobs(jobs=[slow["jobId"]])["jobs"][0]["status"] == "RUNNING":
        break
    time.sleep(0.05)
batch.terminate_job(jobId=slow["jobId"], reason="enough")
seen["terminated"] = ended(slow["jobId"])["statusReason"]
batch.cancel_job(jobId=slow["jobId"], reason="late")
batch.create_job_queue(jobQueueName="made", priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "spot"}])
registered = batch.register_job_definition(
    jobDefinitionName="absent", type="container", containerProperties={"image": "absent:1", "command": ["x"]},
    retryStrategy={"attempts": 2, "evaluateOnExit": [{"onReason": "CannotPull*", "action": "RETRY"}, {"onReason": "*", "action": "EXIT"}]})
absent = batch.submit_job(jobName="absent", jobQueue="made", jobDefinition=registered["jobDefinitionArn"], dependsOn=[{"jobId": job["jobId"]}])
detail = ended(absent["jobId"])
seen["absent"] = [detail["status"], len(detail["attempts"]), detail["container"]["reason"].split(":")[0]]
seen["definitions"] = [d["containerProperties"]["image"] for p in batch.get_paginator("describe_job_definitions").paginate(
    jobDefinitionName="absent") for d in p["jobDefinitions"]]
seen["noQueue"] = code_of(lambda: batch.submit_job(jobName="x", jobQueue="none", jobDefinition="generate"))
seen["wrongSecret"] = code_of(lambda: boto3.client("batch", aws_secret_access_key="wrong", aws_access_key_id="AKIAIOSFODNN7EXAMPLE").list_jobs(jobQueue="slack"))
print(json.dumps(seen))
