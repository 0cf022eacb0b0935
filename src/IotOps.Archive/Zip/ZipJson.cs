using System.Text.Json.Serialization;

namespace IotOps.Archive.Zip;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ZipCheckpoint))]
internal sealed partial class ZipJson : JsonSerializerContext;
