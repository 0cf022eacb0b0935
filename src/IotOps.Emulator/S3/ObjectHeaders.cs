using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>The headers that are stored with an object and given back.</summary>
internal static class ObjectHeaders
{
    private const string MetadataPrefix = "x-amz-meta-";
    private const int MaxMetadataBytes = 2_048;
    private static readonly string[] Kept =
        ["content-type", "content-encoding", "content-disposition", "content-language", "cache-control", "expires", "x-amz-website-redirect-location"];

    public static IReadOnlyDictionary<string, string> Of(S3Call call)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in Kept)
        {
            string? value = name == "content-encoding" ? WithoutChunking(call.Header(name)) : call.Header(name);
            if (!string.IsNullOrEmpty(value))
            {
                headers[name] = value;
            }
        }

        int bytes = 0;
        foreach ((string name, string value) in call.Headers)
        {
            if (name.StartsWith(MetadataPrefix, StringComparison.Ordinal))
            {
                bytes += name.Length - MetadataPrefix.Length + System.Text.Encoding.UTF8.GetByteCount(value);
                headers[name] = value;
            }
        }

        if (bytes > MaxMetadataBytes)
        {
            throw new Refusal(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size")
            {
                Details = [new("Size", bytes.ToString()), new("MaxSizeAllowed", MaxMetadataBytes.ToString())],
            };
        }

        headers.TryAdd("content-type", "binary/octet-stream");
        return headers;
    }

    /// <summary>Says what S3 says of every object since 2023: it is encrypted with keys of S3's own.</summary>
    public static void WriteEncryption(S3Call call) => call.Response.Headers["x-amz-server-side-encryption"] = "AES256";

    public static void WriteChecksum(S3Call call, ObjectChecksum? checksum)
    {
        if (checksum is not null)
        {
            call.Response.Headers[$"x-amz-checksum-{checksum.Algorithm}"] = checksum.Value;
            call.Response.Headers["x-amz-checksum-type"] = checksum.Type;
        }
    }

    /// <summary>Parts are summed by themselves, so nothing is said of a type.</summary>
    public static void WriteChecksumOfPart(S3Call call, ObjectChecksum? checksum)
    {
        if (checksum is not null)
        {
            call.Response.Headers[$"x-amz-checksum-{checksum.Algorithm}"] = checksum.Value;
        }
    }

    // aws-chunked is how the body travelled, not what the object is.
    private static string WithoutChunking(string? contentEncoding) =>
        string.Join(',', (contentEncoding ?? "").Split(',', StringSplitOptions.TrimEntries).Where(c => c != "aws-chunked"));
}
