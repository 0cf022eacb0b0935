using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>Names the API operation that a request asks for.</summary>
internal static class S3Operation
{
    // What the emulator does not do must be refused: taken for a plain PUT or GET it would do harm.
    private static readonly string[] NotEmulated =
    [
        "acl", "tagging", "policy", "policyStatus", "versioning", "versions", "versionId", "lifecycle", "cors", "website", "logging",
        "notification", "replication", "encryption", "object-lock", "retention", "legal-hold", "torrent", "restore", "select", "attributes",
        "accelerate", "requestPayment", "publicAccessBlock", "ownershipControls", "inventory", "metrics", "analytics", "intelligent-tiering",
        "append", "renameObject",
    ];

    public static string Name(string method, S3Address address, QueryParameters query, bool isCopy)
    {
        foreach (string feature in NotEmulated)
        {
            if (query.Has(feature))
            {
                throw NotImplemented($"{method} ?{feature}");
            }
        }

        return (address.Bucket, address.Key) switch
        {
            ("", _) => method == "GET" ? "ListBuckets" : throw NotImplemented($"{method} on the account"),
            (_, "") => OnBucket(method, query),
            _ => OnObject(method, query, isCopy),
        };
    }

    private static string OnBucket(string method, QueryParameters query) => method switch
    {
        "PUT" => "CreateBucket",
        "DELETE" => "DeleteBucket",
        "HEAD" => "HeadBucket",
        "POST" when query.Has("delete") => "DeleteObjects",
        "GET" when query.Has("location") => "GetBucketLocation",
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
        ("GET", false) => "GetObject",
        ("HEAD", _) => "HeadObject",
        ("DELETE", true) => "AbortMultipartUpload",
        ("DELETE", false) => "DeleteObject",
        ("POST", true) => "CompleteMultipartUpload",
        ("POST", false) when query.Has("uploads") => "CreateMultipartUpload",
        _ => throw NotImplemented($"{method} on an object"),
    };

    private static Refusal NotImplemented(string what) => new(501, "NotImplemented", $"The emulator does not do {what}.");
}
