"""Takes a lock in S3 as scripts do, put if none match, is refused, and goes on at once; and walks the installed service model."""
import json
import sys
import time

import boto3
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session


def timed(call):
    start = time.monotonic()
    try:
        call()
        code = None
    except ClientError as error:
        code = error.response["Error"]["Code"]
    return [code, time.monotonic() - start < 10]


seen = {}
s3 = boto3.client("s3", config=Config(retries={"max_attempts": 0}, read_timeout=60))
s3.create_bucket(Bucket="lock")
s3.put_object(Bucket="lock", Key="lock", Body=b"me")
seen["steps"] = [
    timed(lambda: s3.put_object(Bucket="lock", Key="lock", Body=b"me", IfNoneMatch="*")),
    timed(lambda: s3.put_object(Bucket="lock", Key="other", Body=b"x")),
    timed(lambda: s3.put_object(Bucket="lock", Key="lock", Body=b"", IfNoneMatch="*")),
    timed(lambda: s3.put_object(Bucket="lock", Key="other", Body=b"y")),
    timed(lambda: s3.put_object(Bucket="lock", Key="lock", Body=b"me", IfMatch='"other"')),
    timed(lambda: s3.get_object(Bucket="lock", Key="other")["Body"].read()),
    timed(lambda: s3.put_object(Bucket="no-such-bucket", Key="k", Body=b"x")),
    timed(lambda: s3.list_objects_v2(Bucket="lock")),
    timed(lambda: s3.put_object(Bucket="lock", Key="k", Body=b"x", ServerSideEncryption="aws:kms")),
    timed(lambda: s3.delete_object(Bucket="lock", Key="lock", IfMatch='"other"')),
    timed(lambda: s3.delete_object(Bucket="lock", Key="lock")),
]
seen["other"] = s3.get_object(Bucket="lock", Key="other")["Body"].read().decode()

# Members of the installed model that our table, made from another version of it, does not have.
known = {(m["operation"], m["name"]) for m in map(json.loads, open(sys.argv[1], encoding="utf-8"))}
dealt_with = {"Content-Length", "uploadId", "partNumber", "x-amz-copy-source", "x-amz-meta-"}
operations = sorted({operation for operation, _ in known})
credentials = boto3.Session().get_credentials().get_frozen_credentials()
endpoint = s3.meta.endpoint_url
urls = {"Object": "/lock/other", "Bucket": "/lock", "": "/"}
session = URLLib3Session()
seen["unknown"] = []
for operation in operations:
    model = s3.meta.service_model.operation_model(operation)
    uri = model.http["requestUri"].replace("{Bucket}", "lock").replace("{Key+}", "other")
    for member in model.input_shape.members.values():
        place, name = member.serialization.get("location"), member.serialization.get("name")
        if place not in ("header", "querystring") or name in dealt_with or (operation, name) in known:
            continue
        url = endpoint + uri + (("&" if "?" in uri else "?") + name + "=x" if place == "querystring" else "")
        request = AWSRequest(model.http["method"], url, headers={name: "x"} if place == "header" else {}, data=b"")
        S3SigV4Auth(credentials, "s3", "us-east-1").add_auth(request)
        seen["unknown"].append([operation, name, session.send(request.prepare()).status_code])
print(json.dumps(seen))
