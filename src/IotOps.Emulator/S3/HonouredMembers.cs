using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>
/// What the emulator honours of an operation's headers and query parameters. Whatever else a request brings is refused by its name: a client
/// that asks for encryption or a lock and gets a plain object would find out only on AWS.
/// </summary>
internal static class HonouredMembers
{
    private const string MetadataPrefix = "x-amz-meta-";

    // Said of every request, of its signature and of how its body travels.
    private static readonly string[] Everywhere =
        ["x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "x-amz-user-agent", "x-amz-api-version", "x-amz-decoded-content-length", "x-amz-trailer"];

    // Headers outside of x-amz- that change what a request does; all others are the browser's or the proxy's business.
    private static readonly string[] Conditions = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range", "range"];

    private static readonly string[] Owner = ["x-amz-expected-bucket-owner", "x-amz-request-payer"];

    private static readonly string[] BodyChecksums = ["x-amz-sdk-checksum-algorithm", .. Checksums.Checksum.Names.Select(n => "x-amz-checksum-" + n)];

    private static readonly string[] New =
    [
        .. Owner, "x-amz-acl", "x-amz-storage-class", "x-amz-server-side-encryption", "x-amz-server-side-encryption-bucket-key-enabled",
        "x-amz-website-redirect-location", "x-amz-tagging", MetadataPrefix,
    ];

    // The last of them is none of a request: s3cmd sends back what the source's answer said, and S3 lets it.
    private static readonly string[] CopySource =
    [
        "x-amz-copy-source", "x-amz-copy-source-if-match", "x-amz-copy-source-if-none-match", "x-amz-copy-source-if-modified-since",
        "x-amz-copy-source-if-unmodified-since", "x-amz-source-expected-bucket-owner", "x-amz-tagging-count",
    ];

    private static readonly string[] Read =
        [.. Owner, "x-amz-checksum-mode", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "range"];

    private static readonly string[] ReadQuery =
    [
        "partNumber", "versionId", "response-cache-control", "response-content-disposition", "response-content-encoding", "response-content-language",
        "response-content-type", "response-expires",
    ];

    private static readonly string[] ListQuery = ["delimiter", "encoding-type", "max-keys", "prefix"];

    private static readonly Dictionary<string, Members> Operations = new(StringComparer.Ordinal)
    {
        ["ListBuckets"] = new([], ["max-buckets", "continuation-token", "prefix", "bucket-region"]),
        ["CreateBucket"] = new(["x-amz-acl", "x-amz-bucket-object-lock-enabled", "x-amz-object-ownership", "x-amz-bucket-namespace"], []),
        ["DeleteBucket"] = new(["x-amz-expected-bucket-owner"], []),
        ["HeadBucket"] = new(["x-amz-expected-bucket-owner"], []),
        ["GetBucketLocation"] = new(["x-amz-expected-bucket-owner"], ["location"]),
        ["GetBucketAcl"] = new(["x-amz-expected-bucket-owner"], ["acl"]),
        ["GetBucketVersioning"] = new(["x-amz-expected-bucket-owner"], ["versioning"]),
        ["PutBucketVersioning"] = new(["x-amz-expected-bucket-owner", .. BodyChecksums], ["versioning"]),
        ["GetBucketLifecycleConfiguration"] = new(["x-amz-expected-bucket-owner"], ["lifecycle"]),
        ["PutBucketLifecycleConfiguration"] = new(["x-amz-expected-bucket-owner", LifecycleConfiguration.MinimumHeader, .. BodyChecksums], ["lifecycle"]),
        ["DeleteBucketLifecycle"] = new(["x-amz-expected-bucket-owner"], ["lifecycle"]),
        ["ListObjects"] = new([.. Owner, "x-amz-optional-object-attributes"], [.. ListQuery, "marker"]),
        ["ListObjectsV2"] = new(
            [.. Owner, "x-amz-optional-object-attributes"], [.. ListQuery, "list-type", "continuation-token", "fetch-owner", "start-after"]),
        ["ListObjectVersions"] = new(
            [.. Owner, "x-amz-optional-object-attributes"], [.. ListQuery, "versions", "key-marker", "version-id-marker"]),
        ["ListMultipartUploads"] = new(
            Owner, ["uploads", "delimiter", "encoding-type", "key-marker", "max-uploads", "prefix", "upload-id-marker"]),
        ["GetObject"] = new(Read, ReadQuery),
        ["HeadObject"] = new(Read, ReadQuery),
        ["GetObjectAcl"] = new(Owner, ["acl", "versionId"]),
        ["GetObjectAttributes"] = new(
            [.. Owner, "x-amz-object-attributes", "x-amz-max-parts", "x-amz-part-number-marker"], ["attributes", "versionId"]),
        ["GetObjectTagging"] = new(Owner, ["tagging", "versionId"]),
        ["PutObjectTagging"] = new([.. Owner, .. BodyChecksums], ["tagging", "versionId"]),
        ["DeleteObjectTagging"] = new(["x-amz-expected-bucket-owner"], ["tagging", "versionId"]),
        ["PutObject"] = new([.. New, .. BodyChecksums, "if-match", "if-none-match"], []),
        ["CopyObject"] = new(
            [.. New, .. CopySource, "x-amz-checksum-algorithm", "x-amz-metadata-directive", "x-amz-tagging-directive", "if-match", "if-none-match"], []),
        ["DeleteObject"] = new([.. Owner, "if-match"], ["versionId"]),
        ["DeleteObjects"] = new([.. Owner, .. BodyChecksums], ["delete"]),
        ["CreateMultipartUpload"] = new([.. New, "x-amz-checksum-algorithm", "x-amz-checksum-type"], ["uploads"]),
        ["UploadPart"] = new([.. Owner, .. BodyChecksums], ["partNumber", "uploadId"]),
        ["UploadPartCopy"] = new([.. Owner, .. CopySource, "x-amz-copy-source-range"], ["partNumber", "uploadId"]),
        ["CompleteMultipartUpload"] = new(
            [.. Owner, .. Checksums.Checksum.Names.Select(n => "x-amz-checksum-" + n), "x-amz-checksum-type", "x-amz-mp-object-size", "if-match", "if-none-match"],
            ["uploadId"]),
        ["AbortMultipartUpload"] = new(Owner, ["uploadId"]),
        ["ListParts"] = new(Owner, ["uploadId", "max-parts", "part-number-marker"]),
    };

    // Of these the emulator does one thing, which is what every bucket and object has anyway; asking for that is no error.
    private static readonly Dictionary<string, string> OnlyValues = new(StringComparer.OrdinalIgnoreCase)
    {
        ["x-amz-bucket-namespace"] = "global",
        ["x-amz-bucket-object-lock-enabled"] = "false",
        ["x-amz-object-ownership"] = "BucketOwnerEnforced",
        ["x-amz-optional-object-attributes"] = "RestoreStatus",
        ["x-amz-request-payer"] = "requester",
        ["x-amz-server-side-encryption"] = "AES256",
        ["x-amz-server-side-encryption-bucket-key-enabled"] = "false",
    };

    /// <exception cref="Refusal">501: the request asks for what the emulator does not do.</exception>
    public static void Check(string operation, S3Call call)
    {
        Members members = Operations[operation];

        // Parameters first: they make another operation of a path, which is what is to be named.
        foreach ((string name, string value) in call.Query.All)
        {
            if (call.StandsForHeader(name))
            {
                CheckHeader(operation, members, name, value);
            }
            else if (!members.Query.Contains(name) && !IsOfSignature(name) && !IsClients(name) && !call.IsPresignedChecksum(name))
            {
                throw NotImplemented("Parameter", name, $"The query parameter {name} of {operation}");
            }
        }

        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in call.Request.Headers)
        {
            CheckHeader(operation, members, name, values.ToString());
        }
    }

    private static void CheckHeader(string operation, Members members, string name, string value)
    {
        bool isAmazon = name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase);
        if ((!isAmazon && !Conditions.Contains(name, StringComparer.OrdinalIgnoreCase)) || Everywhere.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return;
        }

        string listed = name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase) ? MetadataPrefix : name;
        if (!members.Headers.Contains(listed))
        {
            throw NotImplemented("Header", name, $"{name} of {operation}");
        }

        if (name.Equals("x-amz-acl", StringComparison.OrdinalIgnoreCase))
        {
            CannedAcl.Check(operation, value);
        }

        if (OnlyValues.TryGetValue(name, out string? only) && !value.Equals(only, StringComparison.OrdinalIgnoreCase))
        {
            throw NotImplemented("Header", name, $"{name} of {operation} with another value than {only}");
        }
    }

    private static bool IsOfSignature(string parameter) =>
        parameter.StartsWith("X-Amz-", StringComparison.Ordinal) || parameter is "AWSAccessKeyId" or "Expires" or "Signature";

    // S3 leaves these to clients, for their own use in access logs.
    private static bool IsClients(string parameter) =>
        parameter.StartsWith("x-", StringComparison.Ordinal) && !parameter.StartsWith("x-amz-", StringComparison.Ordinal);

    private static Refusal NotImplemented(string kind, string name, string what) =>
        new(501, "NotImplemented", $"A {kind.ToLowerInvariant()} you provided implies functionality that is not implemented: the emulator does not do {what}.")
        {
            Details = [new(kind, name)],
        };

    private sealed class Members(string[] headers, string[] query)
    {
        public HashSet<string> Headers { get; } = new(headers, StringComparer.OrdinalIgnoreCase);

        public HashSet<string> Query { get; } = new(query, StringComparer.Ordinal);
    }
}
