using System.Text.Json.Serialization;

namespace IotOps.Fleet.Tests.Digests;

internal sealed record LogJson(
    [property: JsonPropertyName("s3Bucket")] string Bucket, [property: JsonPropertyName("s3Object")] string Object, string HashValue, string HashAlgorithm);
