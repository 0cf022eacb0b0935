using System.Buffers;
using System.Text.Json;

namespace IotOps.Aws;

/// <summary>One call to an AWS service, before it is signed.</summary>
public sealed record AwsRequest
{
    /// <summary>The operation, as the service's API reference names it; used in errors and traces.</summary>
    public required string Operation { get; init; }

    /// <summary>HTTP method.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Post;

    /// <summary>Put before the endpoint's host name, dot included: <c>my-bucket.</c> for S3's virtual-hosted style; null for none.</summary>
    public string? HostPrefix { get; init; }

    /// <summary>Absolute path, not yet percent-encoded: <c>/my bucket/key</c>.</summary>
    public string Path { get; init; } = "/";

    /// <summary>The path by its segments, each any text and percent-encoded with its slashes: <c>["connections", "site/7", "messages"]</c>. Replaces <see cref="Path"/>; null for none.</summary>
    public IReadOnlyList<string>? Segments { get; init; }

    /// <summary>
    /// Whether it may be sent again after a failure that leaves open whether the service acted. False for what must not happen twice: then it is
    /// sent again only when the service throttled it, or refused its signature or keys.
    /// </summary>
    public bool IsRetried { get; init; } = true;

    /// <summary>Query parameters, not yet percent-encoded.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Headers beyond those that signing adds; content headers included.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body, sent as it is.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>A body that is streamed instead of <see cref="Body"/>; null sends <see cref="Body"/>.</summary>
    public AwsStreamBody? StreamBody { get; init; }

    /// <summary>A JSON 1.1 call: POST to <c>/</c> with <c>X-Amz-Target</c>.</summary>
    /// <param name="target">Service version and operation, such as <c>Logs_20140328.PutLogEvents</c>.</param>
    /// <param name="body">The JSON document, UTF-8; already compressed when <paramref name="contentEncoding"/> says so.</param>
    /// <param name="contentEncoding">Value of Content-Encoding, such as <c>gzip</c>; null for none.</param>
    public static AwsRequest Json11(string target, ReadOnlyMemory<byte> body, string? contentEncoding = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);

        List<KeyValuePair<string, string>> headers =
        [
            new("Content-Type", "application/x-amz-json-1.1"),
            new("X-Amz-Target", target),
        ];
        if (contentEncoding is not null)
        {
            headers.Add(new("Content-Encoding", contentEncoding));
        }

        return new AwsRequest
        {
            Operation = target[(target.LastIndexOf('.') + 1)..],
            Headers = headers,
            Body = body,
        };
    }

    /// <summary>A JSON 1.1 call: POST to <c>/</c> with <c>X-Amz-Target</c>.</summary>
    /// <param name="target">Service version and operation, such as <c>Logs_20140328.CreateLogGroup</c>.</param>
    /// <param name="members">Writes the members of the body, which is one JSON object.</param>
    /// <exception cref="ArgumentException">What was written is not a whole number of members.</exception>
    public static AwsRequest Json11(string target, Action<Utf8JsonWriter> members) => Json11(target, Object(members));

    /// <summary>A REST-JSON call: POST, unless <see cref="Method"/> is set to another method.</summary>
    /// <param name="operation">The operation, such as <c>SubmitJob</c>.</param>
    /// <param name="path">Absolute path, not yet percent-encoded, such as <c>/v1/submitjob</c>.</param>
    /// <param name="members">Writes the members of the body, which is one JSON object.</param>
    /// <exception cref="ArgumentException">What was written is not a whole number of members.</exception>
    public static AwsRequest RestJson(string operation, string path, Action<Utf8JsonWriter> members) => new()
    {
        Operation = operation,
        Path = path,
        Headers = [new("Content-Type", "application/json")],
        Body = Object(members),
    };

    private static ReadOnlyMemory<byte> Object(Action<Utf8JsonWriter> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            members(json);
            if (json.CurrentDepth != 1)
            {
                throw new ArgumentException("An object or an array was begun and not ended.", nameof(members));
            }

            json.WriteEndObject();
        }

        return body.WrittenMemory;
    }
}
