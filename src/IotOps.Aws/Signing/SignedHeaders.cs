using System.Net.Http.Headers;

namespace IotOps.Aws.Signing;

/// <summary>Which headers of an HTTP request are signed: all but those that a transport or a proxy may change on the way.</summary>
internal static class SignedHeaders
{
    private static readonly HashSet<string> NotSigned = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Encoding", "Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-Authorization",
        "TE", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent", "Via", "X-Amzn-Trace-Id",
        "traceparent", "tracestate", "baggage",
    };

    public static List<KeyValuePair<string, string>> Of(HttpRequestMessage request, Uri uri)
    {
        var headers = new List<KeyValuePair<string, string>>(8)
        {
            new("host", request.Headers.Host ?? (uri.IsDefaultPort ? uri.IdnHost : uri.Authority)),
        };
        Add(headers, request.Headers);
        if (request.Content is { } content)
        {
            Add(headers, content.Headers);
        }

        return headers;
    }

    private static void Add(List<KeyValuePair<string, string>> target, HttpHeaders headers)
    {
        foreach (KeyValuePair<string, HeaderStringValues> header in headers.NonValidated)
        {
            if (!NotSigned.Contains(header.Key))
            {
                target.Add(new(header.Key, header.Value.ToString()));
            }
        }
    }
}
