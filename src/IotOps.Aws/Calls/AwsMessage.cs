using System.Net.Http.Headers;
using System.Text.Json;

namespace IotOps.Aws.Calls;

/// <summary>Between the calls of this package and the HTTP messages that carry them.</summary>
internal static class AwsMessage
{
    private const int LongestRefusal = 64 * 1024;
    private const int Chunk = 4 * 1024;

    public static HttpRequestMessage Create(AwsRequest request, Uri uri, string payloadHash)
    {
        var message = new HttpRequestMessage(request.Method, uri);
        if (request.StreamBody is { } streamed)
        {
            message.Content = new OutgoingStream(streamed);
        }
        else if (!request.Body.IsEmpty || request.Method == HttpMethod.Post || request.Method == HttpMethod.Put)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
        }

        message.Options.Set(SigV4Handler.PayloadHash, payloadHash);
        for (int i = 0; i < request.Headers.Count; i++)
        {
            (string name, string value) = request.Headers[i];
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content ??= new ReadOnlyMemoryContent(ReadOnlyMemory<byte>.Empty);
                message.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    /// <summary>
    /// The body, up to a limit; null when it is longer. Who answers may be anybody where the endpoint is a plain http one, and a device has
    /// little memory. A body cut off short of its announced length throws.
    /// </summary>
    public static async ValueTask<byte[]?> ReadBodyAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength is { } announced && (announced == 0 || announced > limit))
        {
            return announced == 0 ? [] : null;
        }

        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] bytes = new byte[Math.Min(limit, (int?)response.Content.Headers.ContentLength ?? Chunk)];
        int length = 0;
        while (true)
        {
            if (length == bytes.Length)
            {
                // One byte beyond is how the end is told from more.
                byte[] next = new byte[1];
                if (await body.ReadAsync(next, cancellationToken).ConfigureAwait(false) == 0)
                {
                    return bytes;
                }

                if (length == limit)
                {
                    return null;
                }

                Array.Resize(ref bytes, (int)Math.Min(limit, 2L * length));
                bytes[length++] = next[0];
            }

            int read = await body.ReadAsync(bytes.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return bytes.AsSpan(0, length).ToArray();
            }

            length += read;
        }
    }

    /// <summary>The beginning of a refusal, which is all that is needed of it.</summary>
    public static async ValueTask<byte[]> ReadRefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] bytes = new byte[LongestRefusal];
        return bytes.AsSpan(0, await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)).ToArray();
    }

    public static Dictionary<string, string> Headers(HttpResponseMessage response)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, HeaderStringValues> header in response.Headers.NonValidated)
        {
            headers[header.Key] = header.Value.ToString();
        }

        foreach (KeyValuePair<string, HeaderStringValues> header in response.Content.Headers.NonValidated)
        {
            headers[header.Key] = header.Value.ToString();
        }

        return headers;
    }

    public static string? Value(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;

    public static string? RequestId(HttpResponseHeaders headers) =>
        Value(headers, "x-amzn-RequestId") ?? Value(headers, "x-amz-request-id");

    public static bool IsAwsJson(HttpResponseMessage response) =>
        Value(response.Content.Headers, "Content-Type") is { } type
        && type.StartsWith("application/x-amz-json", StringComparison.OrdinalIgnoreCase);

    /// <summary>S3 answers a long POST with 200 before it knows the end, so that a failure stands in the body alone.</summary>
    public static bool IsS3ErrorInSuccess(AwsService service, AwsRequest request, ReadOnlySpan<byte> body) =>
        service.SigningName is "s3" && request.Method == HttpMethod.Post && body.IndexOf("<Error>"u8) is >= 0 and < 200;

    /// <summary>True for an empty body too: operations without an answer send none.</summary>
    public static bool IsWholeJson(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return true;
        }

        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
