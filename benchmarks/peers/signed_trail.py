"""A day of log files with signed digests, served like S3 and CloudTrail on loopback, and ways to touch it."""
import base64
import glob
import gzip
import hashlib
import json
import os
import re
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

import rsa  # comes with awscli

ACCOUNT, REGION, BUCKET = "123456789012", "eu-west-1", "example-trail-bucket"
LOGS = f"AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/2026/01/01/"
DIGESTS = f"AWSLogs/{ACCOUNT}/CloudTrail-Digest/{REGION}/"


class SignedTrail:
    """Objects and their metadata by key."""

    def __init__(self, directory):
        public, private = rsa.newkeys(2_048)
        self.key = public.save_pkcs1("DER")
        self.fingerprint = hashlib.md5(self.key).hexdigest()
        self.objects, self.metadata, self.digests, self.bytes = {}, {}, [], 0
        by_hour = {}
        for path in sorted(glob.glob(directory + "/*.json.gz")):
            name = os.path.basename(path)
            with open(path, "rb") as file:
                self.objects[LOGS + name] = file.read()
            by_hour.setdefault(int(re.search(r"_2026\d{4}T(\d\d)", name).group(1)), []).append(LOGS + name)
        self.logs = sorted(self.objects)
        previous = None
        for hour in range(24):
            previous = self.sign(hour, by_hour.get(hour, []), previous, private)

    def sign(self, hour, logs, previous, private):
        start, end = f"2026-01-01T{hour:02d}:00:00Z", f"2026-01-01T{hour + 1:02d}:00:00Z" if hour < 23 else "2026-01-02T00:00:00Z"
        stamp = end.replace("-", "").replace(":", "")
        key = f"{DIGESTS}{end[:10].replace('-', '/')}/{ACCOUNT}_CloudTrail-Digest_{REGION}_ops_{REGION}_{stamp}.json.gz"
        files = []
        for log in logs:
            plain = gzip.decompress(self.objects[log])
            self.bytes += len(plain)
            files.append({"s3Bucket": BUCKET, "s3Object": log, "hashValue": hashlib.sha256(plain).hexdigest(), "hashAlgorithm": "SHA-256"})
        plain = json.dumps({
            "awsAccountId": ACCOUNT, "digestStartTime": start, "digestEndTime": end, "digestS3Bucket": BUCKET, "digestS3Object": key,
            "digestPublicKeyFingerprint": self.fingerprint, "digestSignatureAlgorithm": "SHA256withRSA",
            "previousDigestS3Bucket": BUCKET if previous else None, "previousDigestS3Object": previous and previous[0],
            "previousDigestHashValue": previous and previous[2], "previousDigestHashAlgorithm": "SHA-256" if previous else None,
            "previousDigestSignature": previous and previous[1], "logFiles": files}).encode()
        signed = f"{end}\n{BUCKET}/{key}\n{hashlib.sha256(plain).hexdigest()}\n{previous[1] if previous else 'null'}"
        signature = rsa.sign(signed.encode(), private, "SHA-256").hex()
        self.objects[key] = gzip.compress(plain)
        self.metadata[key] = {"signature": signature, "signature-algorithm": "SHA256withRSA"}
        self.digests.append(key)
        return key, signature, hashlib.sha256(plain).hexdigest()


FORGED = b'{"Records":[{"eventID":"forged"}]}'


def touched(trail, log, digest):
    """What can be done to a trail: name, and the objects that are put (None: gone)."""
    body = trail.objects[log]
    return {
        "nothing": {},
        "a log file changed": {log: gzip.compress(gzip.decompress(body).replace(b"us-west-2", b"us-west-1"))},
        "a log file gone": {log: None},
        "a log file cut off by 20 bytes": {log: body[:-20]},
        "a log file cut off by its checksum": {log: body[:-8]},
        "a log file compressed anew": {log: gzip.compress(gzip.decompress(body), 1)},
        "bytes behind a log file": {log: body + b"GARBAGE"},
        "a second gzip member behind a log file": {log: body + gzip.compress(FORGED)},
        "a log file added": {log.replace(".json.gz", "X.json.gz"): gzip.compress(FORGED)},
        "a digest gone": {trail.digests[digest]: None},
        "two digests gone": {trail.digests[digest]: None, trail.digests[digest + 1]: None},
        "the newest digest gone": {trail.digests[-1]: None},
        "bytes behind a digest": {trail.digests[digest]: trail.objects[trail.digests[digest]] + b"GARBAGE"},
        "a digest copied over another": {trail.digests[digest]: trail.objects[trail.digests[digest - 1]]},
    }


def serve(trail, objects):
    """Serves the objects; returns the server. GET of objects and listings, ListPublicKeys, DescribeTrails."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args):
            pass

        def answer(self, code, body, headers=None, kind="application/xml"):
            self.send_response(code)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
            answers = {
                "ListPublicKeys": {"PublicKeyList": [{
                    "Value": base64.b64encode(trail.key).decode(), "Fingerprint": trail.fingerprint,
                    "ValidityStartTime": 1_760_000_000, "ValidityEndTime": 1_990_000_000}]},
                "DescribeTrails": {"trailList": [{
                    "Name": "ops", "TrailARN": f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/ops", "S3BucketName": BUCKET, "HomeRegion": REGION,
                    "IsOrganizationTrail": False}]},
            }
            found = answers.get(operation)
            body = json.dumps(found or {"__type": "UnknownOperationException", "message": operation}).encode()
            self.answer(200 if found else 400, body, kind="application/x-amz-json-1.1")

        def do_GET(self):
            url = urllib.parse.urlparse(self.path)
            query = urllib.parse.parse_qs(url.query, keep_blank_values=True)
            key = urllib.parse.unquote(url.path).lstrip("/")
            key = key[len(BUCKET):].lstrip("/") if key.startswith(BUCKET) else key
            if "location" in query:
                self.answer(200, f'<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{REGION}</LocationConstraint>'.encode())
            elif not key:
                self.answer(200, listing(**{name: values[0] for name, values in query.items() if name in ("prefix", "marker", "delimiter")}))
            elif key in objects:
                headers = {"x-amz-meta-" + name: value for name, value in trail.metadata.get(key, {}).items()}
                self.answer(200, objects[key], headers, "application/gzip")
            else:
                self.answer(404, b"<Error><Code>NoSuchKey</Code><Message>no</Message></Error>")

    def listing(prefix="", marker="", delimiter=""):
        keys = sorted(key for key in objects if key.startswith(prefix) and key > marker)
        folders = sorted({key[:key.index(delimiter, len(prefix)) + 1] for key in keys if delimiter in key[len(prefix):]}) if delimiter else []
        keys = [key for key in keys if not delimiter or delimiter not in key[len(prefix):]]
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(objects[key])}</Size><LastModified>2026-01-01T12:00:00.000Z</LastModified>"
            f"<ETag>\"x\"</ETag><StorageClass>STANDARD</StorageClass></Contents>" for key in keys)
        rows += "".join(f"<CommonPrefixes><Prefix>{escape(folder)}</Prefix></CommonPrefixes>" for folder in folders)
        return (f'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>{BUCKET}</Name><Prefix>{escape(prefix)}</Prefix>'
                f"<KeyCount>{len(keys) + len(folders)}</KeyCount><MaxKeys>100000</MaxKeys><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>").encode()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
