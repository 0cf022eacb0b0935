"""S3."""
import hashlib

from scenes import Scene, fixed

PARTS = 5 << 20
SSE = {
    "ACL": "bucket-owner-full-control", "ServerSideEncryption": "AES256", "BucketKeyEnabled": False, "StorageClass": "STANDARD", "RequestPayer": "requester", "Metadata": {"a": "b"},
    "ContentMD5": "", "WebsiteRedirectLocation": "/other", "Expires": 1_893_456_000, "CacheControl": "no-store", "TaggingDirective": "COPY",
}


SUMS = ("CRC32", "CRC32C", "SHA1", "SHA256")

# The client computes it from the body, and says what it likes about it.
LENGTH = ("ContentLength",)

# Of an upload with another checksum than the one at hand; MultipartChecksumTests has them all.
SUMS_OF_OTHERS = [f"{prefix}Checksum{name}" for prefix in ("", "MultipartUpload.Parts.") for name in ("CRC32C", "CRC64NVME", "SHA1", "SHA256")] + ["MultipartUpload.Parts.ChecksumCRC32"]


def with_bucket(world):
    return {"Bucket": world.bucket()}


def put(world):
    return {"Bucket": world.bucket(), "Key": world.unique(), "Body": b"abc"}


def part(world):
    where = world.once("upload", world.upload)
    return {**where, "PartNumber": 1, "Body": b"abc"}


def listed(world):
    return dict(world.once("upload", world.upload))


def again(world):
    return {**world.object(), "Body": b"kept"}


def announced(name):
    """A part of an upload that announces a checksum."""
    def build(world):
        where = {"Bucket": world.bucket(), "Key": world.unique()}
        made = world.once("upload " + name, lambda: world.client.create_multipart_upload(**where, ChecksumAlgorithm=name))
        return {"Bucket": made["Bucket"], "Key": made["Key"], "UploadId": made["UploadId"], "PartNumber": 1, "Body": b"abc"}
    return build


def whole(world):
    """An upload with a checksum of the whole object."""
    where = {"Bucket": world.bucket(), "Key": world.unique()}
    where["UploadId"] = world.client.create_multipart_upload(**where, ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")["UploadId"]
    etag = world.client.upload_part(**where, PartNumber=1, Body=b"abc", ChecksumCRC32="NSRBwg==")["ETag"]
    return {**where, "ChecksumType": "FULL_OBJECT", "MultipartUpload": {"Parts": [{"ETag": etag, "PartNumber": 1, "ChecksumCRC32": "NSRBwg=="}]}}


def complete(world, key=None):
    where = {"Bucket": world.bucket(), "Key": key or world.unique()}
    if key:
        world.object()
    where["UploadId"] = world.client.create_multipart_upload(**where)["UploadId"]
    etag = world.client.upload_part(**where, PartNumber=1, Body=b"abc")["ETag"]
    return {**where, "MultipartUpload": {"Parts": [{"ETag": etag, "PartNumber": 1}]}}


def token(world):
    world.bucket()
    world.client.create_bucket(Bucket=world.unique())
    return world.client.list_buckets(MaxBuckets=1)["ContinuationToken"]


def objects_token(world):
    for key in ("page-1", "page-2"):
        world.client.put_object(Bucket=world.bucket(), Key=key, Body=b"")
    return world.client.list_objects_v2(Bucket=world.bucket(), MaxKeys=1)["NextContinuationToken"]


def many(world):
    world.client.put_object(Bucket=world.bucket(), Key="gone", Body=b"")
    return {"Bucket": world.bucket(), "Delete": {"Objects": [{"Key": "gone"}]}}


def gone(world):
    world.client.put_object(Bucket=world.bucket(), Key="gone", Body=b"")
    return {"Bucket": world.bucket(), "Key": "gone"}


def copy(world):
    source = world.object()
    return {"Bucket": world.bucket(), "Key": world.unique(), "CopySource": f"{source['Bucket']}/{source['Key']}"}


RULE = {"ID": "walk", "Status": "Enabled", "Filter": {"Prefix": "a/"}, "Expiration": {"Days": 5}}
RULES = "LifecycleConfiguration.Rules."
RULE_VALUES = {
    "Rules": [RULE], "ID": "walk", "Status": "Enabled", "Filter": {"Prefix": "a/"}, "Prefix": "a/", "Tag": {"Key": "a", "Value": "b"}, "Tags": [{"Key": "a", "Value": "b"}], "Expiration": {"Days": 5},
    "And": {"Prefix": "a/", "Tags": [{"Key": "a", "Value": "b"}]}, "Days": 5, "Date": 1_893_456_000, "StorageClass": "GLACIER", "Transitions": [{"Days": 5, "StorageClass": "GLACIER"}],
    "NoncurrentVersionTransitions": [{"NoncurrentDays": 5, "StorageClass": "GLACIER"}], "NoncurrentVersionExpiration": {"NoncurrentDays": 5}, "NoncurrentDays": 5,
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 5}, "DaysAfterInitiation": 5, "TransitionDefaultMinimumObjectSize": "all_storage_classes_128K",
}


def with_rules(world):
    where = old_bucket(world)
    world.client.put_bucket_lifecycle_configuration(**where, LifecycleConfiguration={"Rules": [RULE]})
    return where


def kept_beside():
    """What S3 keeps beside the bytes: versions, tags, rules."""
    tags = {"TagSet": [{"Key": "a", "Value": "b"}]}
    one = {"VersionId": "null", "RequestPayer": "requester", "ChecksumAlgorithm": "CRC32"}
    return {
        "PutBucketVersioning": Scene(
            lambda w: {**old_bucket(w), "VersioningConfiguration": {"Status": "Enabled"}}, values={**one, "MFADelete": "Disabled", "Status": "Enabled"}),
        "GetBucketLifecycleConfiguration": Scene(with_rules),
        "PutBucketLifecycleConfiguration": Scene(
            lambda w: {**with_bucket(w), "LifecycleConfiguration": {"Rules": [RULE]}}, values={**one, **RULE_VALUES},
            drop={
                RULES + "Prefix": ["Filter"], RULES + "Expiration.ExpiredObjectDeleteMarker": ["Days"], RULES + "Expiration.Date": ["Days"],
                **{f"{RULES}Filter.{name}": ["Prefix"] for name in ("Tag", "And", "ObjectSizeGreaterThan", "ObjectSizeLessThan")},
            }),
        "DeleteBucketLifecycle": Scene(with_rules),
        "ListObjectVersions": Scene(
            with_bucket, values={"MaxKeys": 5, "EncodingType": "url", "RequestPayer": "requester", "OptionalObjectAttributes": ["RestoreStatus"], "VersionIdMarker": "null"},
            add={"VersionIdMarker": {"KeyMarker": "a"}}),
        "GetObjectAttributes": Scene(
            lambda w: {**w.object(), "ObjectAttributes": ["ETag"]}, values={**one, "MaxParts": 5, "PartNumberMarker": 0}),
        "GetObjectTagging": Scene(lambda w: w.object(), values=one),
        "PutObjectTagging": Scene(lambda w: {**w.object(), "Tagging": tags}, values={**one, **tags, "Key": "a", "Value": "b"}),
        "DeleteObjectTagging": Scene(lambda w: w.object(), values=one),
    }


def target(world):
    world.client.put_object(Bucket=world.bucket(), Key="target", Body=b"")
    return "target"


def new_bucket(world):
    return {"Bucket": world.unique()}


def old_bucket(world):
    name = world.unique()
    world.client.create_bucket(Bucket=name)
    return {"Bucket": name}


def fill(scenes):
    now = 4_000_000_000
    sums = {
        "ChecksumCRC32": "NSRBwg==", "ChecksumCRC32C": "Nks/tw==", "ChecksumSHA1": "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=",
        "ChecksumSHA256": "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", "ContentMD5": "kAFQmDzST7DWlj99KOF/cg==",
    }
    read = {
        "IfMatch": "*", "IfNoneMatch": '"none"', "IfModifiedSince": 1, "IfUnmodifiedSince": now, "Range": "bytes=0-1", "PartNumber": 1, "ChecksumMode": "ENABLED",
        "ResponseContentEncoding": "identity", "ResponseExpires": now, "RequestPayer": "requester", "VersionId": "null",
    }
    listing = {"MaxKeys": 5, "MaxUploads": 5, "EncodingType": "url", "RequestPayer": "requester", "OptionalObjectAttributes": ["RestoreStatus"], "StartAfter": "a", "FetchOwner": True}
    writing = {**SSE, **sums, "IfNoneMatch": "*", "ChecksumAlgorithm": "CRC32"}
    scenes["s3"] = {
        "ListBuckets": Scene(fixed(), values={"MaxBuckets": 5, "BucketRegion": "us-east-1", "ContinuationToken": token}),
        "CreateBucket": Scene(new_bucket, values={"CreateBucketConfiguration.LocationConstraint": "us-west-2", "DataRedundancy": "SingleAvailabilityZone", "CreateBucketConfiguration.Bucket": {"Type": "Directory"}}),
        "DeleteBucket": Scene(old_bucket),
        "HeadBucket": Scene(with_bucket),
        "GetBucketLocation": Scene(with_bucket),
        "GetBucketAcl": Scene(with_bucket),
        "GetBucketVersioning": Scene(with_bucket),
        "ListObjects": Scene(with_bucket, values=listing),
        "ListObjectsV2": Scene(with_bucket, values={**listing, "ContinuationToken": objects_token}),
        "ListMultipartUploads": Scene(with_bucket, values=listing, add={"UploadIdMarker": {"KeyMarker": "a"}}),
        "GetObject": Scene(lambda w: w.object(), values=read, drop={"PartNumber": ["Range"]}),
        "HeadObject": Scene(lambda w: w.object(), values=read),
        "GetObjectAcl": Scene(lambda w: w.object(), values=read),
        "PutObject": Scene(put, values={**writing, "IfMatch": "*"}, bases={"IfMatch": again}, skip=LENGTH),
        "CopyObject": Scene(copy, values={
            **SSE, "MetadataDirective": "COPY", "CopySourceIfMatch": "*", "CopySourceIfNoneMatch": '"none"', "CopySourceIfModifiedSince": 1, "CopySourceIfUnmodifiedSince": now, "IfNoneMatch": "*", "IfMatch": "*"},
            bases={"IfMatch": lambda w: {**copy(w), "Key": target(w)}}),
        "DeleteObject": Scene(gone, values={"VersionId": "null", "IfMatch": "*", "RequestPayer": "requester"}),
        "DeleteObjects": Scene(many, values={"RequestPayer": "requester", "ChecksumAlgorithm": "CRC32", "Delete.Quiet": True, "ETag": "*", "VersionId": "null"}),
        "CreateMultipartUpload": Scene(lambda w: {"Bucket": w.bucket(), "Key": w.unique()}, values={**SSE, "ChecksumAlgorithm": "CRC32", "ChecksumType": "COMPOSITE"}, add={"ChecksumType": {"ChecksumAlgorithm": "CRC32"}}),
        "UploadPart": Scene(
            part, values={**sums, "RequestPayer": "requester", "ChecksumAlgorithm": "CRC32"}, bases={f"Checksum{name}": announced(name) for name in SUMS}, skip=LENGTH),
        "UploadPartCopy": Scene(
            lambda w: {**listed(w), "PartNumber": 2, "CopySource": "{Bucket}/{Key}".format(**w.object())},
            values={"CopySourceIfMatch": "*", "CopySourceIfNoneMatch": '"none"', "CopySourceIfModifiedSince": 1, "CopySourceIfUnmodifiedSince": now, "CopySourceRange": "bytes=0-1", "RequestPayer": "requester"}),
        "CompleteMultipartUpload": Scene(complete, values={"IfNoneMatch": "*", "MpuObjectSize": "3", "RequestPayer": "requester", "ChecksumType": "FULL_OBJECT", "IfMatch": "*", "ChecksumCRC32": sums["ChecksumCRC32"]},
            bases={"IfMatch": lambda w: complete(w, key="kept"), "ChecksumCRC32": whole, "ChecksumType": whole}, skip=SUMS_OF_OTHERS),
        "AbortMultipartUpload": Scene(lambda w: w.upload(), values={"RequestPayer": "requester"}),
        **kept_beside(),
        "ListParts": Scene(listed, values={"MaxParts": 5, "PartNumberMarker": 0, "RequestPayer": "requester"}),
    }
