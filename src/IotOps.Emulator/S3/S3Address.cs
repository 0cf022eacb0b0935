using System.Text;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>The bucket and key that a request names; both are empty for the account itself.</summary>
internal sealed record S3Address(string Bucket, string Key, bool IsInHost)
{
    private static readonly string[] HostSuffixes = [".s3.localhost", ".localhost"];

    /// <summary>Reads <c>host/bucket/key</c> and <c>bucket.localhost/key</c>.</summary>
    public static S3Address Of(string host, string rawPath)
    {
        string path = rawPath.TrimStart('/');
        if (rawPath.StartsWith("//", StringComparison.Ordinal))
        {
            // A key may start with a slash; only the first one belongs to the path.
            path = rawPath[1..];
        }

        foreach (string suffix in HostSuffixes)
        {
            if (host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && host.Length > suffix.Length)
            {
                string bucket = host[..^suffix.Length];
                if (!string.Equals(bucket, "s3", StringComparison.Ordinal))
                {
                    return Create(bucket, path, isInHost: true);
                }
            }
        }

        int slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? Create(path, "", isInHost: false) : Create(path[..slash], path[(slash + 1)..], isInHost: false);
    }

    private static S3Address Create(string rawBucket, string rawKey, bool isInHost)
    {
        string key = UriCoding.Decode(rawKey);
        if (Encoding.UTF8.GetByteCount(key) > 1_024)
        {
            throw new Refusal(400, "KeyTooLongError", "Your key is too long") { Details = [new("MaxSizeAllowed", "1024")] };
        }

        return new S3Address(UriCoding.Decode(rawBucket), key, isInHost);
    }
}
