using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace IotOps.Archive.Exporting;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExportPlan))]
[JsonSerializable(typeof(ExportCheckpoint))]
[JsonSerializable(typeof(ExportOutcome))]
internal sealed partial class ExportJson : JsonSerializerContext
{
    /// <summary>A document of an export store: gzip, because a plan names every object.</summary>
    public static byte[] Write<T>(T value, JsonTypeInfo<T> type)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            JsonSerializer.Serialize(gzip, value, type);
        }

        return bytes.ToArray();
    }

    /// <exception cref="InvalidDataException">The document is none of ours.</exception>
    public static T Read<T>(byte[] document, JsonTypeInfo<T> type)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(document), CompressionMode.Decompress);
            return JsonSerializer.Deserialize(gzip, type) ?? throw new InvalidDataException("The document is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The document cannot be read: {e.Message}", e);
        }
    }
}
