using System.Net;

namespace IotOps.Aws;

/// <summary>A service's successful answer, read whole.</summary>
/// <param name="StatusCode">A 2xx status.</param>
/// <param name="Body">The answer's body; empty when there was none.</param>
/// <param name="Headers">The answer's headers, content headers included; names compare without case.</param>
/// <param name="RequestId">The id AWS Support asks for, when the service sent one.</param>
public sealed record AwsResponse(
    HttpStatusCode StatusCode,
    ReadOnlyMemory<byte> Body,
    IReadOnlyDictionary<string, string> Headers,
    string? RequestId);
