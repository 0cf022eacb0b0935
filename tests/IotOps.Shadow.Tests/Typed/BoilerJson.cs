using System.Text.Json.Serialization;

namespace IotOps.Shadow.Tests.Typed;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Boiler))]
internal sealed partial class BoilerJson : JsonSerializerContext;
