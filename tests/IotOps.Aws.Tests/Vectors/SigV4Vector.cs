using System.Text.Json;
using System.Text.Json.Serialization;

namespace IotOps.Aws.Tests.Vectors;

/// <summary>One request of AWS's published SigV4 suite, with what botocore makes of it.</summary>
public sealed record SigV4Vector(
    string Name,
    string Service,
    string Method,
    string Path,
    string Query,
    IReadOnlyList<IReadOnlyList<string>> Headers,
    string Body,
    string? Token,
    bool TokenUnsigned,
    string CanonicalRequest,
    string SignedHeaders,
    string Signature);

/// <summary>The file: who signs, when, and what.</summary>
public sealed record SigV4VectorFile(
    string AccessKey, string SecretKey, string Region, DateTimeOffset Time, string Host, IReadOnlyList<SigV4Vector> Vectors)
{
    public static SigV4VectorFile Load() => JsonSerializer.Deserialize(
        File.ReadAllBytes(System.IO.Path.Combine(AppContext.BaseDirectory, "Vectors", "sigv4.json")),
        SigV4VectorJson.Default.SigV4VectorFile)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SigV4VectorFile))]
internal sealed partial class SigV4VectorJson : JsonSerializerContext;
