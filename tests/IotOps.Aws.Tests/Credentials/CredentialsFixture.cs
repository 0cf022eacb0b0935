using System.Net;
using System.Text;
using Amazon.Runtime;
using IotOps.TestKit;

namespace IotOps.Aws.Tests.Credentials;

/// <summary>A credentials endpoint without TLS, a clock, and a provider between them.</summary>
internal sealed class CredentialsFixture : IDisposable
{
    private readonly StubHttpHandler _transport;

    public CredentialsFixture(Func<CredentialsFixture, HttpResponseMessage>? answer = null, Func<IotCredentialsProviderOptions, IotCredentialsProviderOptions>? with = null)
    {
        answer ??= f => f.Keys();
        _transport = new StubHttpHandler(_ => answer(this));
        var options = new IotCredentialsProviderOptions
        {
            Endpoint = new Uri("https://c1.credentials.iot.us-east-1.amazonaws.com"),
            RoleAlias = "DeviceRole",
            ThingName = "THING00001",
            TimeProvider = Time,
        };
        Provider = new IotCredentialsProvider(with?.Invoke(options) ?? options, () => _transport);
    }

    public ManualTimeProvider Time { get; } = new();

    public IotCredentialsProvider Provider { get; }

    public IReadOnlyList<RecordedRequest> Requests => _transport.Requests;

    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>An answer with keys that tell how many requests there were.</summary>
    public HttpResponseMessage Keys() => Json(
        HttpStatusCode.OK,
        $$"""
        { "credentials": { "accessKeyId": "AKID{{Requests.Count}}", "secretAccessKey": "s", "sessionToken": "t",
          "expiration": "{{Time.GetUtcNow() + Lifetime:yyyy-MM-dd'T'HH:mm:ss'Z'}}" } }
        """);

    public static HttpResponseMessage Json(HttpStatusCode status, string body, string? errorType = null)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (errorType is not null)
        {
            response.Headers.Add("x-amzn-ErrorType", errorType);
        }

        return response;
    }

    public async Task<string> AccessKeyAsync()
    {
        ImmutableCredentials keys = await Provider.GetCredentialsAsync();
        return keys.AccessKey;
    }

    /// <summary>Asks until the background refresh, which the SDK's base class does not let one await, has brought this.</summary>
    public async Task UntilAsync(Func<string, bool> reached)
    {
        using var giveUp = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!reached(await AccessKeyAsync()))
        {
            giveUp.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public void Dispose()
    {
        Provider.Dispose();
        _transport.Dispose();
    }
}
