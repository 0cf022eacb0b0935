using System.Net;
using System.Text;
using IotOps.Aws;

namespace IotOps.Logs.Upload;

/// <summary>What S3 takes as names of buckets and objects.</summary>
internal static class S3Name
{
    /// <exception cref="ArgumentException">S3 would refuse the name.</exception>
    public static void ValidateBucket(string bucket)
    {
        ArgumentException.ThrowIfNullOrEmpty(bucket);
        bool valid = bucket.Length is >= 3 and <= 63
            && bucket.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-')
            && char.IsAsciiLetterOrDigit(bucket[0])
            && char.IsAsciiLetterOrDigit(bucket[^1])
            && !bucket.Contains("..", StringComparison.Ordinal)
            && !IPAddress.TryParse(bucket, out _);
        if (!valid)
        {
            throw new ArgumentException(
                $"'{bucket}' is no bucket name: 3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit at both ends, and no IP address.",
                nameof(bucket));
        }
    }

    /// <exception cref="ArgumentException">S3 would refuse the key.</exception>
    public static void ValidateKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        int bytes = Encoding.UTF8.GetByteCount(key);
        if (bytes > 1024)
        {
            throw new ArgumentException($"The key is {bytes} bytes of UTF-8; S3 takes at most 1,024. It starts with '{key[..40]}'.", nameof(key));
        }
    }

    /// <summary>A dot would make a label that the endpoint's wildcard certificate does not cover.</summary>
    public static bool FitsHostName(string bucket) => !bucket.Contains('.', StringComparison.Ordinal);

    /// <summary>True for a region's own S3 endpoint, which takes the bucket as part of the host name.</summary>
    public static bool IsAwsEndpoint(Uri endpoint) =>
        endpoint.Scheme is "https"
        && (endpoint.IdnHost.StartsWith("s3.", StringComparison.Ordinal) || endpoint.IdnHost.StartsWith("s3-fips.", StringComparison.Ordinal))
        && AwsEndpoint.IsAws(endpoint);
}
