"""Uses S3 and CloudWatch Logs as any script would, and prints what it saw as one JSON object."""
import io
import json
import os
import time
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def code_of(call):
    try:
        call()
        return None
    except ClientError as error:
        return error.response["Error"]["Code"]


seen = {}
s3 = boto3.client("s3")
s3.create_bucket(Bucket="bucket")
big = os.urandom(20 << 20)
s3.upload_fileobj(io.BytesIO(big), "bucket", "dir/\u00e4 big+1.bin")
down = io.BytesIO()
s3.download_fileobj("bucket", "dir/\u00e4 big+1.bin", down)
seen["bigIsEqual"] = down.getvalue() == big
seen["bigParts"] = int(s3.head_object(Bucket="bucket", Key="dir/\u00e4 big+1.bin")["ETag"].strip('"').split("-")[1])

for algorithm in ("CRC32", "SHA1", "SHA256"):
    s3.put_object(Bucket="bucket", Key=algorithm, Body=b"123456789", ChecksumAlgorithm=algorithm)
seen["checksums"] = {
    a: s3.get_object(Bucket="bucket", Key=a, ChecksumMode="ENABLED")["Checksum" + a] for a in ("CRC32", "SHA1", "SHA256")
}
seen["keys"] = [o["Key"] for p in s3.get_paginator("list_objects_v2").paginate(Bucket="bucket", PaginationConfig={"PageSize": 2}) for o in p["Contents"]]
seen["folders"] = [p["Prefix"] for p in s3.list_objects_v2(Bucket="bucket", Delimiter="/")["CommonPrefixes"]]

version4 = boto3.client("s3", config=Config(signature_version="s3v4"))
seen["presigned"] = [
    urllib.request.urlopen(c.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "CRC32"})).read().decode() for c in (s3, version4)
]
put = urllib.request.Request(version4.generate_presigned_url("put_object", Params={"Bucket": "bucket", "Key": "put"}), data=b"by url", method="PUT")
put.add_header("Content-Type", "")
urllib.request.urlopen(put)
seen["putByUrl"] = s3.get_object(Bucket="bucket", Key="put")["Body"].read().decode()

seen["wrongSecret"] = code_of(boto3.client("s3", aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"], aws_secret_access_key="wrong").list_buckets)
seen["noSuchKey"] = code_of(lambda: s3.get_object(Bucket="bucket", Key="none"))
seen["ifNoneMatch"] = code_of(lambda: s3.put_object(Bucket="bucket", Key="put", Body=b"", IfNoneMatch="*"))
seen["deleted"] = [d["Key"] for d in s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": k} for k in seen["keys"]]})["Deleted"]]

logs = boto3.client("logs")
now = int(time.time() * 1000)
logs.create_log_group(logGroupName="g")
logs.put_retention_policy(logGroupName="g", retentionInDays=30)
for stream in ("a", "b"):
    logs.create_log_stream(logGroupName="g", logStreamName=stream)
    logs.put_log_events(
        logGroupName="g", logStreamName=stream, logEvents=[{"timestamp": now + i, "message": f"{stream}{i} \U0001f680 \"q\""} for i in range(3)]
    )
seen["events"] = [e["message"] for e in logs.get_log_events(logGroupName="g", logStreamName="a", startFromHead=True)["events"]]
pages = logs.get_paginator("filter_log_events").paginate(logGroupName="g", filterPattern='"\U0001f680"', PaginationConfig={"PageSize": 4})
seen["filtered"] = [e["message"][:2] for p in pages for e in p["events"]]
seen["rejected"] = logs.put_log_events(
    logGroupName="g", logStreamName="a", logEvents=[{"timestamp": now - 15 * 86400_000, "message": "old"}, {"timestamp": now, "message": "good"}]
)["rejectedLogEventsInfo"]
seen["noSuchGroup"] = code_of(lambda: logs.create_log_stream(logGroupName="none", logStreamName="s"))
seen["logsWrongSecret"] = code_of(boto3.client("logs", aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"], aws_secret_access_key="wrong").describe_log_groups)
seen["retention"] = logs.describe_log_groups()["logGroups"][0]["retentionInDays"]
print(json.dumps(seen))
