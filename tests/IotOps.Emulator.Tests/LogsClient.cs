using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests;

/// <summary>A bare client of a service that speaks AWS JSON 1.1, CloudWatch Logs unless said otherwise: what goes in is what is sent.</summary>
internal sealed class LogsClient : IDisposable
{
    private readonly HttpClient _http = new();
    private readonly AwsEmulator _emulator;
    private readonly TimeProvider _clock;
    private readonly string _target;

    public LogsClient(AwsEmulator emulator, TimeProvider clock, string service = "logs", string target = "Logs_20140328.")
    {
        _target = target;
        _emulator = emulator;
        _clock = clock;
        Signer = new TestSigner(emulator.AccessKeyId, emulator.SecretAccessKey, "eu-central-1", service);
    }

    public TestSigner Signer { get; set; }

    /// <summary>Added to the time of signatures.</summary>
    public TimeSpan Skew { get; set; }

    public bool Gzip { get; set; }

    public HttpResponseMessage? LastResponse { get; private set; }

    public async Task<LogsAnswer> CallAsync(string operation, string json)
    {
        byte[] body = Encoding.UTF8.GetBytes(json);
        return await CallAsync(operation, Gzip ? Compress(body) : body);
    }

    public Task<LogsAnswer> CallAsync(string operation, JsonObject input) => CallAsync(operation, input.ToJsonString());

    public async Task<LogsAnswer> CallAsync(string operation, byte[] body, Action<HttpRequestMessage>? tamper = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _emulator.Endpoint);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-amz-json-1.1");
        request.Headers.TryAddWithoutValidation("X-Amz-Target", _target + operation);
        if (Gzip)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", "gzip");
        }

        Signer.Sign(request, body, _clock.GetUtcNow() + Skew);
        tamper?.Invoke(request);
        LastResponse = await _http.SendAsync(request);
        string answer = await LastResponse.Content.ReadAsStringAsync();
        JsonObject result = answer.Length == 0 ? [] : JsonNode.Parse(answer)!.AsObject();
        return new LogsAnswer((int)LastResponse.StatusCode, (string?)result["__type"], (string?)result["message"], result);
    }

    public Task<LogsAnswer> PutAsync(string group, string stream, params (long Timestamp, string Message)[] events) =>
        CallAsync("PutLogEvents", new JsonObject
        {
            ["logGroupName"] = group,
            ["logStreamName"] = stream,
            ["logEvents"] = new JsonArray([.. events.Select(e => new JsonObject { ["timestamp"] = e.Timestamp, ["message"] = e.Message })]),
        });

    public void Dispose() => _http.Dispose();

    private static byte[] Compress(byte[] body)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return target.ToArray();
    }
}
