namespace IotOps.Archive.Fetching;

/// <summary>The URI of an object, exactly as it is signed.</summary>
internal static class ObjectUri
{
    // A key may hold "//" and "/../"; what Uri makes of them is another key.
    private static readonly UriCreationOptions AsGiven = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static Uri Of(Uri endpoint, string bucket, string key, bool isAws)
    {
        // A dot would make a label that AWS's wildcard certificate does not cover.
        bool inHost = isAws && !bucket.Contains('.', StringComparison.Ordinal);
        string path = Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal);
        string text = inHost
            ? $"{endpoint.Scheme}://{bucket}.{endpoint.Authority}/{path}"
            : $"{endpoint.Scheme}://{endpoint.Authority}{endpoint.AbsolutePath.TrimEnd('/')}/{bucket}/{path}";
        return new Uri(text, AsGiven);
    }
}
