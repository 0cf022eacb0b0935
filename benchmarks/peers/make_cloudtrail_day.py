#!/usr/bin/env python3
"""A day of CloudTrail log files: management and data events of AWS IoT, Greengrass and what goes with them, one event in a thousand twice.

make_cloudtrail_day.py DIRECTORY [MEGABYTES] [SEED]   the same arguments make the same bytes; megabytes are those of the JSON
"""
import datetime
import gzip
import json
import os
import random
import sys
import uuid

ACCOUNT = "123456789012"
REGIONS = ("eu-west-1", "us-west-2", "ap-southeast-2")
MIDNIGHT = datetime.datetime(2026, 1, 1)
FILE_BYTES = 4_000_000
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
AGENTS = (
    "aws-cli/2.15.30 Python/3.11.8 Linux/6.1.0 exe/x86_64.debian.12 prompt/off command/iot.update-certificate",
    "Boto3/1.34.1 md/Botocore#1.34.1 ua/2.0 os/linux#6.1 md/arch#x86_64 lang/python#3.11.7 cfg/retry-mode#standard Botocore/1.34.1",
    "aws-sdk-dotnet-coreclr/3.7.400.1 aws-sdk-dotnet-core/3.7.400.1 .NET_Core/8.0.1 OS/Linux_6.1 ClientAsync",
    "greengrass.amazonaws.com", "AWS Internal", "console.amazonaws.com",
)
DATA = {"GetDeploymentConfiguration": "AWS::GreengrassV2::Deployment", "ListThingGroupsForCoreDevices": "AWS::IoT::Thing",
        "PutCertificateAuthorities": "AWS::IoT::Thing", "GetObject": "AWS::S3::Object"}


class Day:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        thing = lambda: {"thingName": "THING%05d" % self.rng.randrange(99_999)}
        hex64 = lambda: "%064x" % self.rng.getrandbits(256)
        self.calls = (
            ("iot", "UpdateCertificate", False, lambda: ({"certificateId": hex64(), "newStatus": self.rng.choice(["INACTIVE", "ACTIVE"])}, None)),
            ("iot", "DescribeThing", True, lambda: (thing(), None)),
            ("iot", "AttachPolicy", False, lambda: ({"policyName": "DevicePolicy", "target": f"arn:aws:iot:eu-west-1:{ACCOUNT}:cert/{hex64()}"}, None)),
            ("iot", "ListThingPrincipals", True, lambda: (thing(), None)),
            ("greengrass", "CreateDeployment", False, self.deployment),
            ("greengrass", "ListInstalledComponents", True, lambda: ({"coreDeviceThingName": "CORE%03d" % self.rng.randrange(99)}, None)),
            ("greengrass", "GetDeploymentConfiguration", True, lambda: (None, None)),
            ("greengrass", "ListThingGroupsForCoreDevices", True, lambda: (None, None)),
            ("greengrass", "PutCertificateAuthorities", False, lambda: (None, None)),
            ("sts", "AssumeRole", True, self.assumed_role),
            ("s3", "GetObject", True, lambda: ({
                "bucketName": "example-artifacts", "Host": "example-artifacts.s3.eu-west-1.amazonaws.com",
                "key": "components/com.example.Agent/1.%d.0/agent.zip" % self.rng.randrange(30)}, None)),
            ("logs", "CreateLogStream", False, lambda: ({
                "logGroupName": "devices", "logStreamName": "THING%05d/syslog" % self.rng.randrange(99_999)}, None)),
            ("kms", "Decrypt", True, lambda: ({
                "encryptionContext": {"aws:s3:arn": "arn:aws:s3:::example-artifacts"}, "encryptionAlgorithm": "SYMMETRIC_DEFAULT"}, None)),
            ("iam", "PutRolePolicy", False, lambda: ({
                "roleName": "DeviceLogs", "policyName": "p",
                "policyDocument": '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:PutLogEvents","Resource":"*"}]}'}, None)),
        )

    def uuid(self):
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def address(self):
        return self.rng.choice(("192.0.2.", "198.51.100.", "203.0.113.")) + str(self.rng.randrange(1, 255))

    def number(self):
        return self.rng.randrange(10 ** 9)

    def deployment(self):
        request = {
            "targetArn": f"arn:aws:iot:eu-west-1:{ACCOUNT}:thinggroup/Cores", "deploymentName": "d%d" % self.rng.randrange(999),
            "components": {
                "aws.greengrass.Nucleus": {"componentVersion": "2.12.%d" % self.rng.randrange(9)},
                "com.example.Agent": {"componentVersion": "1.%d.0" % self.rng.randrange(30),
                                      "configurationUpdate": {"merge": '{"interval":%d}' % self.rng.randrange(300)}}},
            "deploymentPolicies": {"failureHandlingPolicy": "ROLLBACK", "componentUpdatePolicy": {"timeoutInSeconds": 60, "action": "NOTIFY_COMPONENTS"}},
            "iotJobConfiguration": {}}
        return request, {"deploymentId": self.uuid(), "iotJobId": self.uuid()}

    def assumed_role(self):
        request = {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/DeviceLogs", "roleSessionName": "s%d" % self.rng.randrange(9_999), "durationSeconds": 3600}
        return request, {
            "credentials": {"accessKeyId": "ASIAEXAMPLE%09d" % self.number(), "sessionToken": "EXAMPLE" * 20, "expiration": "Jan 1, 2026, 1:00:00 AM"},
            "assumedRoleUser": {"assumedRoleId": "AROAEXAMPLE0000000001:s", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/DeviceLogs/s"}}

    def caller(self):
        kind = self.rng.random()
        if kind < .55:
            role, session = self.rng.choice(("DeviceLogs", "FleetOps", "GreengrassV2TokenExchangeRole", "Deploy")), "session-%d" % self.rng.randrange(2_000)
            return {
                "type": "AssumedRole", "principalId": "AROAEXAMPLE%010d:%s" % (self.number(), session),
                "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}", "accountId": ACCOUNT, "accessKeyId": "ASIAEXAMPLE%09d" % self.number(),
                "sessionContext": {
                    "sessionIssuer": {"type": "Role", "principalId": "AROAEXAMPLE%010d" % self.number(), "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}",
                                      "accountId": ACCOUNT, "userName": role},
                    "webIdFederationData": {},
                    "attributes": {"creationDate": "2026-01-01T00:00:00Z", "mfaAuthenticated": self.rng.choice(("true", "false"))}}}
        if kind < .75:
            user = "operator%02d" % self.rng.randrange(20)
            return {"type": "IAMUser", "principalId": "AIDAEXAMPLE%010d" % self.number(), "arn": f"arn:aws:iam::{ACCOUNT}:user/{user}",
                    "accountId": ACCOUNT, "accessKeyId": "AKIAEXAMPLE%09d" % self.number(), "userName": user}
        if kind < .95:
            return {"type": "AWSService", "invokedBy": self.rng.choice(("greengrass.amazonaws.com", "iot.amazonaws.com", "lambda.amazonaws.com"))}
        if kind < .97:
            return {"type": "Root", "principalId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root", "accountId": ACCOUNT, "accessKeyId": ""}
        return {"type": "IdentityCenterUser", "accountId": ACCOUNT, "credentialId": self.uuid(),
                "onBehalfOf": {"userId": self.uuid(), "identityStoreArn": f"arn:aws:identitystore::{ACCOUNT}:identitystore/d-1234567890"}}

    def record(self):
        service, name, is_read, parts = self.rng.choice(self.calls)
        request, response = parts()
        region = self.rng.choice(REGIONS)
        record = {
            "eventVersion": self.rng.choice(("1.08", "1.09", "1.10", "1.11")), "userIdentity": self.caller(),
            "eventTime": (MIDNIGHT + datetime.timedelta(seconds=self.rng.randrange(86_400))).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "eventSource": service + ".amazonaws.com", "eventName": name, "awsRegion": region, "sourceIPAddress": self.address(),
            "userAgent": self.rng.choice(AGENTS)}
        if self.rng.random() < .06:
            record["errorCode"] = self.rng.choice(("AccessDenied", "ResourceNotFoundException", "ThrottlingException"))
            record["errorMessage"] = f'User is not authorized to perform: {service}:{name} on resource: \u00e9\u4e2d "x"'
        record.update(requestParameters=request, responseElements=response)
        if self.rng.random() < .1:
            record["additionalEventData"] = {
                "SignatureVersion": "SigV4", "CipherSuite": "TLS_AES_128_GCM_SHA256", "bytesTransferredIn": 0,
                "bytesTransferredOut": self.rng.randrange(99_999), "AuthenticationMethod": "AuthHeader", "x-amz-id-2": "EXAMPLE" * 8}
        record.update(requestID=self.uuid(), eventID=self.uuid(), readOnly=is_read)
        if name in DATA:
            record["resources"] = [{"accountId": ACCOUNT, "type": DATA[name], "ARN": f"arn:aws:iot:{region}:{ACCOUNT}:thing/CORE%03d" % self.rng.randrange(99)}]
        record.update(eventType="AwsApiCall", managementEvent=name not in DATA, recipientAccountId=ACCOUNT,
                      eventCategory="Data" if name in DATA else "Management")
        if self.rng.random() < .5:
            record["tlsDetails"] = {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
                                    "clientProvidedHostHeader": f"{service}.{region}.amazonaws.com"}
        return json.dumps(record, separators=(",", ":"), ensure_ascii=False)


def main(directory, megabytes=100.0, seed=1):
    day, total, count, last, number = Day(seed), 0, 0, None, 0
    os.makedirs(directory, exist_ok=True)
    while total < megabytes * 1e6:
        records, size = [], 0
        while size < FILE_BYTES and total + size < megabytes * 1e6:
            record = last if last is not None and day.rng.random() < .001 else day.record()
            last = record
            size += len(record.encode()) + 1
            records.append(record)
        content = ('{"Records":[' + ",".join(records) + "]}").encode()
        minute = number * 1_440 // max(1, round(megabytes * 1e6 / FILE_BYTES + .5))
        name = f"{ACCOUNT}_CloudTrail_eu-west-1_20260101T{minute // 60:02d}{minute % 60:02d}Z_{''.join(day.rng.choice(LETTERS) for _ in range(16))}.json.gz"
        with open(os.path.join(directory, name), "wb") as target, gzip.GzipFile(fileobj=target, mode="wb", mtime=0, filename="", compresslevel=6) as packed:
            packed.write(content)
        total, count, number = total + len(content), count + len(records), number + 1
    print(f"{number} files, {count} records, {total} bytes of JSON")


if __name__ == "__main__":
    main(sys.argv[1], *(float(x) for x in sys.argv[2:3]), *(int(x) for x in sys.argv[3:4]))
