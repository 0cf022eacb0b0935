using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace IotOps.Shared;

/// <summary>
/// Takes events from AWS Lambda and answers them, one after the other.
/// See <see href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html"/>.
/// </summary>
internal sealed class LambdaRuntime : IDisposable
{
    private const string ErrorTypeHeader = "Lambda-Runtime-Function-Error-Type";

    private readonly Uri _invocations;
    private readonly HttpClient _http;

    /// <summary>Takes the value of AWS_LAMBDA_RUNTIME_API: <c>host:port</c>.</summary>
    public LambdaRuntime(string runtimeApi)
    {
        var root = new Uri($"http://{runtimeApi}/2018-06-01/runtime/");
        _invocations = new Uri(root, "invocation/");

        // "next" is answered when there is an event, however long that takes: the machine sleeps meanwhile.
        var transport = new SocketsHttpHandler
        {
            ConnectCallback = new AddressRace(TimeProvider.System).OpenAsync,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
        };
        _http = new HttpClient(transport) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Waits for the next event.</summary>
    /// <exception cref="HttpRequestException">The runtime API is gone: the process is to end.</exception>
    public async Task<LambdaEvent> NextAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(_invocations, "next"), cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        string id = Header(response, "Lambda-Runtime-Aws-Request-Id")
            ?? throw new HttpRequestException("The runtime API gave an event without a request id.");
        DateTimeOffset? deadline = long.TryParse(Header(response, "Lambda-Runtime-Deadline-Ms"), NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
        return new LambdaEvent(id, deadline, await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Answers an event; the caller of the function has the answer when this returns.</summary>
    /// <exception cref="HttpRequestException">The runtime API is gone: the process is to end.</exception>
    public async Task RespondAsync(string requestId, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        using HttpContent content = Json(answer);
        using HttpResponseMessage response = await _http.PostAsync(new Uri(_invocations, $"{requestId}/response"), content, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Says that an event could not be answered.</summary>
    /// <exception cref="HttpRequestException">The runtime API is gone: the process is to end.</exception>
    public async Task FailAsync(string requestId, string type, string message, CancellationToken cancellationToken)
    {
        var error = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(error))
        {
            json.WriteStartObject();
            json.WriteString("errorType"u8, type);
            json.WriteString("errorMessage"u8, message);
            json.WriteEndObject();
        }

        using HttpContent content = Json(error.WrittenMemory);
        content.Headers.Add(ErrorTypeHeader, type);
        using HttpResponseMessage response = await _http.PostAsync(new Uri(_invocations, $"{requestId}/error"), content, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();

    private static ReadOnlyMemoryContent Json(ReadOnlyMemory<byte> body) =>
        new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") { CharSet = Encoding.UTF8.WebName } } };

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
}
