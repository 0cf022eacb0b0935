using System.Globalization;
using System.Text.Json;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet.Digests;

/// <summary>Reads a digest's JSON and metadata.</summary>
internal static class DigestReader
{
    /// <exception cref="InvalidDataException">It is no digest; the message says what is missing.</exception>
    public static Digest Read(string bucket, string key, ReadOnlyMemory<byte> json, string hash, IReadOnlyDictionary<string, string> metadata)
    {
        JsonElement digest;
        try
        {
            digest = JsonElement.Parse(json.Span);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"it is no JSON: {e.Message}", e);
        }

        string endText = Required(digest, "digestEndTime");
        return new Digest
        {
            Bucket = bucket,
            Key = key,
            OwnBucket = Required(digest, "digestS3Bucket"),
            OwnKey = Required(digest, "digestS3Object"),
            Fingerprint = Required(digest, "digestPublicKeyFingerprint"),
            Start = Time(Required(digest, "digestStartTime")),
            End = Time(endText),
            EndText = endText,
            PreviousBucket = Members.Text(digest, "previousDigestS3Bucket"u8),
            PreviousKey = Members.Text(digest, "previousDigestS3Object"u8),
            PreviousSignature = Members.Text(digest, "previousDigestSignature"u8),
            PreviousHash = Members.Text(digest, "previousDigestHashValue"u8),
            Logs = Logs(digest),
            Hash = hash,
            Signature = Metadata(metadata, "signature"),
            Generated = Generated(key, metadata),
        };
    }

    private static List<DigestLog> Logs(JsonElement digest)
    {
        JsonElement list = Members.Object(digest, "logFiles"u8);
        return list.ValueKind switch
        {
            JsonValueKind.Array => [.. list.EnumerateArray().Select(log => new DigestLog(
                Required(log, "s3Bucket"), Required(log, "s3Object"), Required(log, "hashValue"), Members.Text(log, "hashAlgorithm"u8) ?? "SHA-256"))],
            JsonValueKind.Null or JsonValueKind.Undefined => [],
            _ => throw new InvalidDataException("its logFiles are no list"),
        };
    }

    private static DateTimeOffset? Generated(string key, IReadOnlyDictionary<string, string> metadata)
    {
        _ = Metadata(metadata, "signature-algorithm") is "SHA256withRSA" ? "" : throw new InvalidDataException($"it is signed with {metadata["signature-algorithm"]}, not SHA256withRSA");
        return DigestName.Parse(key) is { IsBackfill: true } ? Time(Metadata(metadata, "backfill-generation-timestamp")) : null;
    }

    private static string Required(JsonElement at, string name) =>
        Members.Text(at, System.Text.Encoding.UTF8.GetBytes(name)) ?? throw new InvalidDataException($"it has no {name}");

    private static string Metadata(IReadOnlyDictionary<string, string> metadata, string name) =>
        metadata.TryGetValue(name, out string? value) && value.Length > 0 ? value : throw new InvalidDataException($"the object has no metadata {name}");

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : throw new InvalidDataException($"'{text}' is no time");
}
