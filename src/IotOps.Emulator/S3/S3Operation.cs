using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>Names the API operation that a request asks for; <see cref="HonouredMembers"/> then sees to what else it asks for.</summary>
internal static class S3Operation
{
    public static string Name(string method, S3Address address, QueryParameters query, bool isCopy) => (address.Bucket, address.Key) switch
    {
        ("", _) => method == "GET" ? "ListBuckets" : throw NotImplemented($"{method} on the account"),
        (_, "") => OnBucket(method, query),
        _ => OnObject(method, query, isCopy),
    };

    private static string OnBucket(string method, QueryParameters query) => (method, Subresource(query, NotEmulatedOperation.OfBucket)) switch
    {
        ("PUT", "") => "CreateBucket",
        ("PUT", "versioning") => "PutBucketVersioning",
        ("PUT", "lifecycle") => "PutBucketLifecycleConfiguration",
        ("DELETE", "") => "DeleteBucket",
        ("DELETE", "lifecycle") => "DeleteBucketLifecycle",
        ("HEAD", "") => "HeadBucket",
        ("POST", "delete") => "DeleteObjects",
        ("GET", "location") => "GetBucketLocation",
        ("GET", "acl") => "GetBucketAcl",
        ("GET", "versioning") => "GetBucketVersioning",
        ("GET", "lifecycle") => "GetBucketLifecycleConfiguration",
        ("GET", "versions") => "ListObjectVersions",
        ("GET", "uploads") => "ListMultipartUploads",
        ("GET", "") => query.Find("list-type") == "2" ? "ListObjectsV2" : "ListObjects",
        (_, { } subresource) => throw NotImplemented(NotEmulatedOperation.Name(method, subresource, isBucket: true)),
    };

    private static string OnObject(string method, QueryParameters query, bool isCopy) => (method, Subresource(query, NotEmulatedOperation.OfObject)) switch
    {
        ("PUT", "uploadId") => isCopy ? "UploadPartCopy" : "UploadPart",
        ("PUT", "tagging") => "PutObjectTagging",
        ("PUT", "") => isCopy ? "CopyObject" : "PutObject",
        ("GET", "uploadId") => "ListParts",
        ("GET", "acl") => "GetObjectAcl",
        ("GET", "tagging") => "GetObjectTagging",
        ("GET", "attributes") => "GetObjectAttributes",
        ("GET", "") => "GetObject",
        ("HEAD", "") => "HeadObject",
        ("DELETE", "uploadId") => "AbortMultipartUpload",
        ("DELETE", "tagging") => "DeleteObjectTagging",
        ("DELETE", "") => "DeleteObject",
        ("POST", "uploadId") => "CompleteMultipartUpload",
        ("POST", "uploads") => "CreateMultipartUpload",
        (_, { } subresource) => throw NotImplemented(NotEmulatedOperation.Name(method, subresource, isBucket: false)),
    };

    // Whatever else the query has is a parameter, which HonouredMembers knows or refuses.
    private static string Subresource(QueryParameters query, IReadOnlyCollection<string> known) =>
        query.All.Select(p => p.Key).FirstOrDefault(known.Contains) ?? "";

    private static Refusal NotImplemented(string what) => new(501, "NotImplemented", $"The emulator does not do {what}.");
}
