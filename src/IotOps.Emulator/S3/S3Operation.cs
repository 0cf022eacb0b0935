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

    private static string OnBucket(string method, QueryParameters query) => method switch
    {
        "PUT" => "CreateBucket",
        "DELETE" => "DeleteBucket",
        "HEAD" => "HeadBucket",
        "POST" when query.Has("delete") => "DeleteObjects",
        "GET" when query.Has("location") => "GetBucketLocation",
        "GET" when query.Has("acl") => "GetBucketAcl",
        "GET" when query.Has("versioning") => "GetBucketVersioning",
        "GET" when query.Has("uploads") => "ListMultipartUploads",
        "GET" when query.Find("list-type") == "2" => "ListObjectsV2",
        "GET" => "ListObjects",
        _ => throw NotImplemented($"{method} on a bucket"),
    };

    private static string OnObject(string method, QueryParameters query, bool isCopy) => (method, query.Has("uploadId")) switch
    {
        ("PUT", true) => isCopy ? "UploadPartCopy" : "UploadPart",
        ("PUT", false) => isCopy ? "CopyObject" : "PutObject",
        ("GET", true) => "ListParts",
        ("GET", false) => query.Has("acl") ? "GetObjectAcl" : "GetObject",
        ("HEAD", _) => "HeadObject",
        ("DELETE", true) => "AbortMultipartUpload",
        ("DELETE", false) => "DeleteObject",
        ("POST", true) => "CompleteMultipartUpload",
        ("POST", false) when query.Has("uploads") => "CreateMultipartUpload",
        _ => throw NotImplemented($"{method} on an object{string.Concat(query.All.Take(1).Select(p => " with ?" + p.Key))}"),
    };

    private static Refusal NotImplemented(string what) => new(501, "NotImplemented", $"The emulator does not do {what}.");
}
