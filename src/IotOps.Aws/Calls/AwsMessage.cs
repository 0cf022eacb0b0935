using System.Net.Http.Headers;
using System.Text.Json;

namespace IotOps.Aws.Calls;

/// <summary>Between the calls of this package and the HTTP messages that carry them.</summary>
internal static class AwsMessage
{
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

    /// <summary>The whole body. A body cut off short of its announced length throws.</summary>
    public static async ValueTask<byte[]> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.Content.Headers.ContentLength == 0
            ? []
            : await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);

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
