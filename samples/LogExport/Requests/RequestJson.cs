using System.Text.Json;
using System.Text.Json.Serialization;

namespace IotOps.Samples.LogExport.Requests;

/// <summary>Requests as they lie in S3.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredRequest))]
internal sealed partial class RequestJson : JsonSerializerContext
{
    public static byte[] Write(StoredRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, Default.StoredRequest);

    /// <exception cref="InvalidDataException">The document is no request.</exception>
    public static StoredRequest Read(byte[] document, string key)
    {
        try
        {
            return JsonSerializer.Deserialize(document, Default.StoredRequest) ?? throw new InvalidDataException($"{key} is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{key} is no stored request: {e.Message}", e);
        }
    }
}
