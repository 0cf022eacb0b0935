using System.Text.Json.Serialization;

namespace IotOps.Aws.Credentials;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IotCredentialsAnswer))]
internal sealed partial class IotCredentialsJson : JsonSerializerContext;
