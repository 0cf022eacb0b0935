using System.Text.Json.Serialization;

namespace IotOps.Archive.Sharding;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShardSet))]
[JsonSerializable(typeof(PieceResult))]
internal sealed partial class ShardJson : JsonSerializerContext;
