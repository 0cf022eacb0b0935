using System.Text.Json.Serialization;

namespace IotOps.Fleet.Tests.Digests;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DigestJson))]
internal sealed partial class DigestJsonContext : JsonSerializerContext;
