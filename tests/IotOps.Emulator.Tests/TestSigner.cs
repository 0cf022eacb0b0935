using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IotOps.Emulator.Tests;

/// <summary>Signs simple requests, written from AWS's description alone: it shares nothing with what it tests.</summary>
internal sealed class TestSigner(string accessKeyId, string secret, string region, string service)
{
    public string? SessionToken { get; init; }

    /// <summary>Whether the path is encoded a second time, as every service but S3 wants it.</summary>
    public bool EncodesPath { get; init; }

    public void Sign(HttpRequestMessage request, byte[] body, DateTimeOffset now, string? payloadHash = null)
    {
        string amzDate = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string hash = payloadHash ?? Hex(SHA256.HashData(body));
        request.Headers.TryAddWithoutValidation("x-amz-date", amzDate);
        request.Headers.TryAddWithoutValidation("x-amz-content-sha256", hash);
        if (SessionToken is not null)
        {
            request.Headers.TryAddWithoutValidation("x-amz-security-token", SessionToken);
        }

        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = request.RequestUri!.Authority };
        foreach ((string name, IEnumerable<string> values) in request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []))
        {
            if (name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase))
            {
                headers[name.ToLowerInvariant()] = string.Join(',', values).Trim();
            }
        }

        string signedHeaders = string.Join(';', headers.Keys);
        string canonical = $"{request.Method}\n{Path(request.RequestUri)}\n{Query(request.RequestUri)}\n"
            + string.Concat(headers.Select(h => $"{h.Key}:{h.Value}\n")) + $"\n{signedHeaders}\n{hash}";
        string scope = $"{amzDate[..8]}/{region}/{service}/aws4_request";
        string toSign = $"AWS4-HMAC-SHA256\n{amzDate}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        string signature = Hex(HMACSHA256.HashData(SigningKey(amzDate[..8]), Encoding.UTF8.GetBytes(toSign)));
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential={accessKeyId}/{scope}, SignedHeaders={signedHeaders}, Signature={signature}");
    }

    /// <summary>A URL that holds for five minutes, for a request with exactly these headers of AWS's besides its host.</summary>
    public Uri Presign(HttpMethod method, Uri uri, DateTimeOffset now, (string Name, string Value)[] headers, string expires = "300")
    {
        string amzDate = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string scope = $"{amzDate[..8]}/{region}/{service}/aws4_request";
        var signed = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = uri.Authority };
        foreach ((string name, string value) in headers)
        {
            signed[name.ToLowerInvariant()] = value.Trim();
        }

        string signedHeaders = string.Join(';', signed.Keys);
        string separator = uri.Query.Length > 1 ? "&" : "?";
        string query = $"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={Uri.EscapeDataString($"{accessKeyId}/{scope}")}&X-Amz-Date={amzDate}"
            + $"&X-Amz-Expires={expires}&X-Amz-SignedHeaders={Uri.EscapeDataString(signedHeaders)}";
        var target = new Uri($"{uri}{separator}{query}");
        string canonical = $"{method}\n{Path(target)}\n{Query(target)}\n"
            + string.Concat(signed.Select(h => $"{h.Key}:{h.Value}\n")) + $"\n{signedHeaders}\nUNSIGNED-PAYLOAD";
        string toSign = $"AWS4-HMAC-SHA256\n{amzDate}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        string signature = Hex(HMACSHA256.HashData(SigningKey(amzDate[..8]), Encoding.UTF8.GetBytes(toSign)));
        return new Uri($"{target}&X-Amz-Signature={signature}");
    }

    public byte[] SigningKey(string date)
    {
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (string part in new[] { date, region, service, "aws4_request" })
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return key;
    }

    public static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();

    private string Path(Uri uri) => EncodesPath ? Uri.EscapeDataString(uri.AbsolutePath).Replace("%2F", "/", StringComparison.Ordinal) : uri.AbsolutePath;

    private static string Query(Uri uri) =>
        string.Join('&', uri.Query.TrimStart('?')
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Contains('=', StringComparison.Ordinal) ? p : p + "=")
            .OrderBy(p => p, StringComparer.Ordinal));
}
