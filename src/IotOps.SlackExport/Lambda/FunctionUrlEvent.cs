using System.Text;
using System.Text.Json;

namespace IotOps.SlackExport.Lambda;

/// <summary>
/// An HTTP request as a Lambda Function URL hands it over: payload format 2.0, or 1.0 as API Gateway's REST APIs send it.
/// See <see href="https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html"/>.
/// </summary>
internal sealed class FunctionUrlEvent
{
    private const int MostDepth = 32;

    private FunctionUrlEvent(string method, string path, string query, List<KeyValuePair<string, string?>> headers, byte[] body)
    {
        Method = method;
        Path = path;
        Query = query;
        Headers = headers;
        Body = body;
    }

    public string Method { get; }

    public string Path { get; }

    /// <summary>The function's own host name, as Lambda says and no client; null where it does not.</summary>
    public string? Domain { get; private init; }

    /// <summary>Who says to ask; null when nobody does.</summary>
    public string? UserAgent => Headers.FirstOrDefault(h => h.Key.Equals("User-Agent", StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Encoded, without the question mark; empty for none.</summary>
    public string Query { get; }

    /// <summary>As they came, names in any case.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Headers { get; }

    /// <summary>The raw bytes, as the client sent them.</summary>
    public byte[] Body { get; }

    /// <summary>Reads an event.</summary>
    /// <exception cref="FormatException">It is not an HTTP request.</exception>
    public static FunctionUrlEvent Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MostDepth });
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && MethodOf(root) is { } method
                ? new FunctionUrlEvent(method, Text(root, "rawPath") ?? Text(root, "path") ?? "/", Text(root, "rawQueryString") ?? ReadQuery(root), ReadHeaders(root), ReadBody(root)) { Domain = DomainOf(root) }
                : throw new FormatException("The event has no HTTP method; is the function called by its URL?");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"The event is not JSON: {e.Message}", e);
        }
    }

    private static string? DomainOf(JsonElement root) =>
        root.TryGetProperty("requestContext", out JsonElement context) && context.ValueKind == JsonValueKind.Object ? Text(context, "domainName") : null;

    private static string? MethodOf(JsonElement root) =>
        Text(root, "httpMethod")
        ?? (root.TryGetProperty("requestContext", out JsonElement context) && context.ValueKind == JsonValueKind.Object
            && context.TryGetProperty("http", out JsonElement http) && http.ValueKind == JsonValueKind.Object
                ? Text(http, "method")
                : null);

    // 1.0 hands the query over decoded.
    private static string ReadQuery(JsonElement root) =>
        root.TryGetProperty("queryStringParameters", out JsonElement query) && query.ValueKind == JsonValueKind.Object
            ? string.Join('&', query.EnumerateObject().Select(p => $"{Uri.EscapeDataString(p.Name)}={Uri.EscapeDataString(Text(p.Value) ?? "")}"))
            : "";

    private static List<KeyValuePair<string, string?>> ReadHeaders(JsonElement root)
    {
        List<KeyValuePair<string, string?>> headers = [];

        // 1.0 has both: the plural one says when a header came twice, which must not be hidden.
        if (root.TryGetProperty("multiValueHeaders", out JsonElement several) && several.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty header in several.EnumerateObject().Where(h => h.Value.ValueKind == JsonValueKind.Array))
            {
                headers.AddRange(header.Value.EnumerateArray().Select(value => new KeyValuePair<string, string?>(header.Name, Text(value))));
            }
        }
        else if (root.TryGetProperty("headers", out JsonElement single) && single.ValueKind == JsonValueKind.Object)
        {
            headers.AddRange(single.EnumerateObject().Select(h => new KeyValuePair<string, string?>(h.Name, Text(h.Value))));
        }

        return headers;
    }

    private static byte[] ReadBody(JsonElement root)
    {
        string body = Text(root, "body") ?? "";
        bool isBase64 = root.TryGetProperty("isBase64Encoded", out JsonElement encoded) && encoded.ValueKind == JsonValueKind.True;
        return isBase64 ? Convert.FromBase64String(body) : Encoding.UTF8.GetBytes(body);
    }

    private static string? Text(JsonElement parent, string name) => parent.TryGetProperty(name, out JsonElement value) ? Text(value) : null;

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
