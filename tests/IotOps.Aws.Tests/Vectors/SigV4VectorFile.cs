using System.Text.Json;

namespace IotOps.Aws.Tests.Vectors;

/// <summary>The file: who signs, when, and what.</summary>
public sealed record SigV4VectorFile(
    string AccessKey, string SecretKey, string Region, DateTimeOffset Time, string Host, IReadOnlyList<SigV4Vector> Vectors)
{
    public static SigV4VectorFile Load() => JsonSerializer.Deserialize(
        File.ReadAllBytes(System.IO.Path.Combine(AppContext.BaseDirectory, "Vectors", "sigv4.json")),
        SigV4VectorJson.Default.SigV4VectorFile)!;
}
