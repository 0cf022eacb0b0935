using System.Text;
using System.Xml.Linq;

namespace IotOps.Emulator.Tests;

/// <summary>A bare client of S3: what goes in is what is sent.</summary>
internal sealed class S3Client : IDisposable
{
    private readonly HttpClient _http = new();
    private readonly AwsEmulator _emulator;
    private readonly TimeProvider _clock;

    public S3Client(AwsEmulator emulator, TimeProvider clock)
    {
        _emulator = emulator;
        _clock = clock;
        Signer = new TestSigner(emulator.AccessKeyId, emulator.SecretAccessKey, "us-east-1", "s3");
    }

    public TestSigner Signer { get; set; }

    public TimeSpan Skew { get; set; }

    public Task<S3Reply> PutAsync(string path, byte[] body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Put, path, body, headers);

    public Task<S3Reply> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, [], headers);

    public async Task<S3Reply> SendAsync(
        HttpMethod method, string path, byte[] body, (string Name, string Value)[] headers, string? payloadHash = null, Action<HttpRequestMessage>? tamper = null)
    {
        using HttpRequestMessage request = Create(method, path, body, headers);
        Signer.Sign(request, body, _clock.GetUtcNow() + Skew, payloadHash);
        tamper?.Invoke(request);
        return await SendAsync(request);
    }

    /// <summary>DeleteObjects with the Content-MD5 that it demands.</summary>
    public async Task<S3Reply> DeleteManyAsync(string bucket, string xml, string query = "", params (string Name, string Value)[] headers)
    {
        byte[] body = Encoding.UTF8.GetBytes(xml);
        return await SendAsync(HttpMethod.Post, $"{bucket}?delete{query}", body, [("Content-MD5", Md5(body)), .. headers]);
    }

    /// <summary>The value of Content-MD5.</summary>
    public static string Md5(byte[] body)
    {
        using var md5 = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.MD5);
        md5.AppendData(body);
        return Convert.ToBase64String(md5.GetHashAndReset());
    }

    /// <summary>Puts an aws-chunked body that <paramref name="frame"/> makes from the seed signature.</summary>
    public async Task<S3Reply> PutChunkedAsync(string path, long decodedLength, string payloadHash, string? trailer, Func<ChunkFraming, byte[]> frame)
    {
        (string, string)[] headers = trailer is null
            ? [("x-amz-decoded-content-length", decodedLength.ToString())]
            : [("x-amz-decoded-content-length", decodedLength.ToString()), ("x-amz-trailer", trailer)];
        using HttpRequestMessage request = Create(HttpMethod.Put, path, [], headers);
        DateTimeOffset now = _clock.GetUtcNow();
        Signer.Sign(request, [], now, payloadHash);
        string authorization = request.Headers.GetValues("Authorization").Single();
        string seed = authorization[(authorization.LastIndexOf('=') + 1)..];
        request.Content = new ByteArrayContent(frame(new ChunkFraming(Signer, "us-east-1", now, seed)));
        request.Content.Headers.ContentEncoding.Add("aws-chunked");
        return await SendAsync(request);
    }

    /// <summary>Sends a presigned request; the headers are put in after signing unless <paramref name="signed"/> has them.</summary>
    public async Task<S3Reply> SendPresignedAsync(
        HttpMethod method, string path, byte[] body, (string Name, string Value)[]? signed = null, (string Name, string Value)[]? unsigned = null)
    {
        Uri url = Signer.Presign(method, new Uri(_emulator.Endpoint, path), _clock.GetUtcNow() + Skew, signed ?? []);
        using HttpRequestMessage request = Create(method, url.PathAndQuery, body, [.. signed ?? [], .. unsigned ?? []]);
        return await SendAsync(request);
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Create(HttpMethod method, string path, byte[] body, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(_emulator.Endpoint, path));
        if (method == HttpMethod.Put || method == HttpMethod.Post)
        {
            request.Content = new ByteArrayContent(body);
        }

        foreach ((string name, string value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    private async Task<S3Reply> SendAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage response = await _http.SendAsync(request);
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        bool isXml = response.Content.Headers.ContentType?.MediaType == "application/xml";
        XElement? xml = isXml && body.Length > 0 ? XElement.Parse(Encoding.UTF8.GetString(body)) : null;
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key.ToLowerInvariant(), h => string.Join(',', h.Value), StringComparer.Ordinal);
        return new S3Reply((int)response.StatusCode, (string?)xml?.Element("Code"), xml, body, response.Headers.ETag?.ToString(), headers);
    }
}
