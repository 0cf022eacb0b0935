using System.Text.Json.Serialization;

namespace IotOps.Aws.Tests.Vectors;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SigV4VectorFile))]
internal sealed partial class SigV4VectorJson : JsonSerializerContext;
