"""Signs, with botocore, what comes as JSON on stdin; answers with a JSON list on stdout."""
import datetime
import json
import sys
from urllib.parse import unquote, urlsplit

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def request_of(item):
    query = "?" + item["query"] if item["query"] else ""
    request = AWSRequest(
        method=item["method"],
        url="https://" + item["host"] + item["path"] + query,
        data=item["body"].encode() if item["body"] else None,
    )
    request.headers["Host"] = item["host"]
    for name, value in item["headers"]:
        request.headers[name] = value
    return request


def sign(item):
    s3 = item["service"] == "s3"
    time = datetime.datetime.strptime(item["time"], "%Y%m%dT%H%M%SZ")
    botocore.auth.get_current_datetime = lambda *args, **kwargs: time
    credentials = Credentials(item["accessKey"], item["secretKey"], item["token"])
    request = request_of(item)
    if item["expires"]:
        signer = botocore.auth.S3SigV4QueryAuth if s3 else botocore.auth.SigV4QueryAuth
        signer(credentials, item["service"], item["region"], expires=item["expires"]).add_auth(request)
        return urlsplit(request.url).query
    signer = botocore.auth.S3SigV4Auth if s3 else botocore.auth.SigV4Auth
    signer(credentials, item["service"], item["region"]).add_auth(request)
    return request.headers["Authorization"]


def canonical(item):
    s3 = item["service"] == "s3"
    signer = (botocore.auth.S3SigV4Auth if s3 else botocore.auth.SigV4Auth)(
        Credentials(item["accessKey"], item["secretKey"], item["token"]), item["service"], item["region"])
    query, item["query"] = item["query"], ""
    request = request_of(item)
    request.params = [tuple(unquote(part) for part in pair.partition("=")[::2]) for pair in query.split("&")] if query else []
    request.headers["X-Amz-Date"] = item["time"]
    if item["token"] and not item["tokenUnsigned"]:
        request.headers["X-Amz-Security-Token"] = item["token"]
    if s3:
        request.headers["X-Amz-Content-SHA256"] = signer.payload(request)
    request.context["timestamp"] = item["time"]
    text = signer.canonical_request(request)
    return [text, signer.signature(signer.string_to_sign(request, text), request)]


items = json.load(sys.stdin)
json.dump([canonical(item) if item["canonical"] else sign(item) for item in items], sys.stdout)
