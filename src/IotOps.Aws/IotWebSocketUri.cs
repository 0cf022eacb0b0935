using Amazon.Runtime;

namespace IotOps.Aws;

/// <summary>
/// Makes the signed URIs by which MQTT reaches AWS IoT Core over WebSocket with IAM credentials, for any MQTT client. Safe for concurrent use.
/// </summary>
/// <remarks>
/// <para>
/// A signature is good for five minutes, and only its use at the connection counts: make one for each attempt, as in
/// <c>WebSocketUri = uris.CreateAsync</c> of IotOps.Mqtt. The URI is a secret while it is good; do not log it.
/// </para>
/// See https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html#mqtt-ws.
/// </remarks>
public sealed class IotWebSocketUri : IDisposable
{
    private const string Path = "/mqtt";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly AWSCredentials _credentials;
    private readonly Uri _endpoint;
    private readonly TimeProvider _time;
    private readonly SigV4Signer _signer;

    /// <summary>Prepares URIs for the account's endpoint on port 443.</summary>
    /// <param name="credentials">Who signs; asked at every URI. The policy must allow <c>iot:Connect</c>.</param>
    /// <param name="region">Region of the endpoint, such as <c>eu-west-1</c>.</param>
    /// <param name="endpoint">The account's data endpoint, such as <c>a1b2c3-ats.iot.eu-west-1.amazonaws.com</c>.</param>
    /// <param name="timeProvider">The clock, which must be within 5 minutes of the service's; null takes the system's.</param>
    public IotWebSocketUri(AWSCredentials credentials, string region, string endpoint, TimeProvider? timeProvider = null)
        : this(credentials, region, Wss(endpoint), timeProvider)
    {
    }

    /// <summary>Prepares URIs for an endpoint of another kind, such as a VPC endpoint with a port or an emulator.</summary>
    /// <param name="credentials">Who signs; asked at every URI.</param>
    /// <param name="region">Region of the credential scope.</param>
    /// <param name="endpoint"><c>wss://host[:port]</c>, or <c>ws://</c> without TLS; its path is not used.</param>
    /// <param name="timeProvider">The clock; null takes the system's.</param>
    /// <exception cref="ArgumentException">The endpoint is not absolute, of another scheme, or one without FIPS where that is asked for.</exception>
    public IotWebSocketUri(AWSCredentials credentials, string region, Uri endpoint, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        ArgumentNullException.ThrowIfNull(endpoint);
        if (!endpoint.IsAbsoluteUri || (endpoint.Scheme != Uri.UriSchemeWss && endpoint.Scheme != Uri.UriSchemeWs))
        {
            throw new ArgumentException($"'{endpoint}' is no WebSocket endpoint; give wss://HOST.", nameof(endpoint));
        }

        AwsEndpoint.RequireFips(endpoint);
        _credentials = credentials;
        _endpoint = endpoint;
        _time = timeProvider ?? TimeProvider.System;
        _signer = new SigV4Signer(region, "iotdevicegateway");
    }

    /// <summary>A URI signed now.</summary>
    /// <param name="cancellationToken">Gives up waiting for credentials.</param>
    public async ValueTask<Uri> CreateAsync(CancellationToken cancellationToken = default)
    {
        ImmutableCredentials keys = await _credentials.GetCredentialsAsync().WaitAsync(cancellationToken).ConfigureAwait(false);

        // The gateway takes a session token that is not signed, and no other.
        var request = new SigV4Request { Method = "GET", Path = Path, Headers = [new("host", _endpoint.Authority)], SessionTokenUnsigned = true };
        string query = _signer.Presign(request, keys, _time.GetUtcNow(), Lifetime);
        return new Uri($"{_endpoint.Scheme}://{_endpoint.Authority}{Path}?{query}");
    }

    /// <summary>Wipes the cached signing keys.</summary>
    public void Dispose() => _signer.Dispose();

    private static Uri Wss(string endpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(endpoint);
        return Uri.CheckHostName(endpoint) == UriHostNameType.Dns
            ? new Uri($"{Uri.UriSchemeWss}://{endpoint}")
            : throw new ArgumentException($"'{endpoint}' is not the name of an endpoint; give the host alone, or a Uri.", nameof(endpoint));
    }
}
