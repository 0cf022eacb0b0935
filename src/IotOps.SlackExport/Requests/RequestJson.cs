using System.Text.Json;
using System.Text.Json.Serialization;

namespace IotOps.SlackExport.Requests;

/// <summary>Requests as they are stored in S3.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredRequest))]
internal sealed partial class RequestJson : JsonSerializerContext
{
    public static byte[] Write(StoredRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, Default.StoredRequest);

    /// <exception cref="InvalidDataException">The document is not a request.</exception>
    public static StoredRequest Read(byte[] document, string key)
    {
        try
        {
            return JsonSerializer.Deserialize(document, Default.StoredRequest) ?? throw new InvalidDataException($"{key} is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{key} is not a stored request: {e.Message}", e);
        }
    }
}
