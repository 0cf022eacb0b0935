using System.Text.Json;

namespace IotOps.Emulator.S3;

/// <summary>A version of an object as a JSON file describes it.</summary>
internal static class StoredObjectJson
{
    public static void Write(Utf8JsonWriter json, StoredObject stored)
    {
        json.WriteString("key"u8, stored.Key);
        json.WriteString("version"u8, stored.VersionId);
        json.WriteNumber("sequence"u8, stored.Sequence);
        json.WriteString("lastModified"u8, stored.LastModified);
        if (stored.IsDeleteMarker)
        {
            json.WriteBoolean("isDeleteMarker"u8, true);
            return;
        }

        json.WriteString("blob"u8, Path.GetFileName(((FileBlob)stored.Blob).Path));
        json.WriteString("etag"u8, stored.ETag);
        json.WriteString("storageClass"u8, stored.StorageClass);
        WritePairs(json, "headers", stored.Headers);
        WritePairs(json, "tags", stored.Tags);
        json.WriteStartArray("parts"u8);
        foreach (long size in stored.PartSizes)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        if (stored.Checksum is { } checksum)
        {
            json.WriteString("checksumAlgorithm"u8, checksum.Algorithm);
            json.WriteString("checksum"u8, checksum.Value);
            json.WriteBoolean("isComposite"u8, checksum.IsComposite);
            json.WriteStartArray("partChecksums"u8);
            foreach (string value in stored.PartChecksums)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }
    }

    /// <summary>Reads it back, also as former versions of the emulator wrote it.</summary>
    public static StoredObject Read(JsonElement description, string blobDirectory)
    {
        string key = description.GetProperty("key").GetString()!;
        DateTimeOffset lastModified = description.GetProperty("lastModified").GetDateTimeOffset();
        bool isMarker = description.TryGetProperty("isDeleteMarker", out _);
        StoredObject stored = isMarker ? StoredObject.Marker(key, lastModified) : ReadObject(key, lastModified, description, blobDirectory);
        return stored with
        {
            VersionId = Text(description, "version") ?? VersionId.Null,
            Sequence = description.TryGetProperty("sequence", out JsonElement sequence) ? sequence.GetInt64() : 0,
        };
    }

    private static StoredObject ReadObject(string key, DateTimeOffset lastModified, JsonElement description, string blobDirectory) => new()
    {
        Key = key,
        LastModified = lastModified,
        Blob = new FileBlob(Path.Combine(blobDirectory, description.GetProperty("blob").GetString()!)),
        ETag = description.GetProperty("etag").GetString()!,
        StorageClass = Text(description, "storageClass") ?? StorageClass.Standard,
        Headers = Pairs(description, "headers").ToDictionary(StringComparer.Ordinal),
        Tags = Pairs(description, "tags"),
        PartSizes = [.. description.GetProperty("parts").EnumerateArray().Select(p => p.GetInt64())],
        Checksum = Text(description, "checksum") is { } checksum
            ? new ObjectChecksum(description.GetProperty("checksumAlgorithm").GetString()!, checksum, description.GetProperty("isComposite").GetBoolean())
            : null,
        PartChecksums = description.TryGetProperty("partChecksums", out JsonElement values) ? [.. values.EnumerateArray().Select(v => v.GetString()!)] : [],
    };

    private static void WritePairs(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        json.WriteStartObject(name);
        foreach ((string key, string value) in pairs)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static KeyValuePair<string, string>[] Pairs(JsonElement description, string name) =>
        description.TryGetProperty(name, out JsonElement pairs)
            ? [.. pairs.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString()!))]
            : [];

    private static string? Text(JsonElement description, string name) =>
        description.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
