namespace IotOps.Emulator.S3;

/// <summary>The names of operations by the subresource in the query, for the refusal of those that the emulator does not do.</summary>
internal static class NotEmulatedOperation
{
    // What an operation's name has behind Get, Put or Delete; empty where names follow no rule, or the emulator does all there are.
    private static readonly Dictionary<string, string> Bucket = new(StringComparer.Ordinal)
    {
        ["abac"] = "BucketAbac",
        ["accelerate"] = "BucketAccelerateConfiguration",
        ["acl"] = "BucketAcl",
        ["analytics"] = "BucketAnalyticsConfiguration",
        ["cors"] = "BucketCors",
        ["delete"] = "",
        ["encryption"] = "BucketEncryption",
        ["intelligent-tiering"] = "BucketIntelligentTieringConfiguration",
        ["inventory"] = "BucketInventoryConfiguration",
        ["lifecycle"] = "BucketLifecycleConfiguration",
        ["location"] = "",
        ["logging"] = "BucketLogging",
        ["metadataConfiguration"] = "BucketMetadataConfiguration",
        ["metadataTable"] = "BucketMetadataTableConfiguration",
        ["metrics"] = "BucketMetricsConfiguration",
        ["notification"] = "BucketNotificationConfiguration",
        ["object-lock"] = "ObjectLockConfiguration",
        ["ownershipControls"] = "BucketOwnershipControls",
        ["policy"] = "BucketPolicy",
        ["policyStatus"] = "BucketPolicyStatus",
        ["publicAccessBlock"] = "PublicAccessBlock",
        ["replication"] = "BucketReplication",
        ["requestPayment"] = "BucketRequestPayment",
        ["session"] = "",
        ["tagging"] = "BucketTagging",
        ["uploads"] = "",
        ["versioning"] = "BucketVersioning",
        ["versions"] = "",
        ["website"] = "BucketWebsite",
    };

    private static readonly Dictionary<string, string> Object = new(StringComparer.Ordinal)
    {
        ["acl"] = "ObjectAcl",
        ["attributes"] = "",
        ["encryption"] = "",
        ["legal-hold"] = "ObjectLegalHold",
        ["renameObject"] = "",
        ["restore"] = "",
        ["retention"] = "ObjectRetention",
        ["select"] = "",
        ["tagging"] = "ObjectTagging",
        ["torrent"] = "ObjectTorrent",
        ["uploadId"] = "",
        ["uploads"] = "",
    };

    private static readonly Dictionary<string, string> Verbs = new(StringComparer.Ordinal)
    {
        ["GET"] = "Get",
        ["PUT"] = "Put",
        ["DELETE"] = "Delete",
    };

    /// <summary>Query parameters that make another operation of a request to a bucket.</summary>
    public static IReadOnlyCollection<string> OfBucket => Bucket.Keys;

    /// <summary>Query parameters that make another operation of a request to an object.</summary>
    public static IReadOnlyCollection<string> OfObject => Object.Keys;

    /// <summary>What a request asks for: an operation's name where it has one by the rule, and its method and parameter in any case.</summary>
    public static string Name(string method, string subresource, bool isBucket)
    {
        string asked = $"{method} on {(isBucket ? "a bucket" : "an object")}{(subresource.Length == 0 ? "" : " with ?" + subresource)}";
        string? noun = (isBucket ? Bucket : Object).GetValueOrDefault(subresource);
        return Verbs.TryGetValue(method, out string? verb) && !string.IsNullOrEmpty(noun) ? $"{verb}{noun}, {asked}" : asked;
    }
}
