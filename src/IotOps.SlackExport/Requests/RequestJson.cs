using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace IotOps.SlackExport.Requests;

/// <summary>Requests as they are stored in S3.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredRequest))]
[JsonSerializable(typeof(JobMark[]))]
[JsonSerializable(typeof(StoredDownload))]
internal sealed partial class RequestJson : JsonSerializerContext
{
    public static byte[] Write(StoredRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, Default.StoredRequest);

    /// <exception cref="InvalidDataException">The document is not a request.</exception>
    public static StoredRequest Read(byte[] document, string key) => Read(document, key, Default.StoredRequest);

    public static byte[] Write(StoredDownload download) => JsonSerializer.SerializeToUtf8Bytes(download, Default.StoredDownload);

    /// <exception cref="InvalidDataException">The document is no link.</exception>
    public static StoredDownload ReadDownload(byte[] document, string key) => Read(document, key, Default.StoredDownload);

    public static byte[] Write(JobMark[] marks) => JsonSerializer.SerializeToUtf8Bytes(marks, Default.JobMarkArray);

    /// <exception cref="InvalidDataException">The document is no list of jobs.</exception>
    public static JobMark[] ReadMarks(byte[] document, string key) => Read(document, key, Default.JobMarkArray);

    private static T Read<T>(byte[] document, string key, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(document, type) ?? throw new InvalidDataException($"{key} is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{key} is not what this program stores there: {e.Message}", e);
        }
    }
}
