using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Mqtt;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent;

/// <summary>What the configuration means for the MQTT connection.</summary>
internal static class AgentConnection
{
    // AWS takes a signed URL for five minutes; each attempt signs its own.
    private static readonly TimeSpan SignedFor = TimeSpan.FromMinutes(5);

    /// <summary>The connection's options.</summary>
    public static MqttConnectionOptions Of(AgentConfig config, MqttConfig mqtt, ILoggerFactory loggers)
    {
        var options = new MqttConnectionOptions
        {
            Host = mqtt.Endpoint,
            Port = mqtt.Port,
            ClientId = mqtt.ClientId,
            Tls = new MqttTlsOptions { CaFile = mqtt.Ca, CertificateFile = mqtt.Certificate, PrivateKeyFile = mqtt.Key },
            OfflinePolicy = MqttOfflinePolicy.Fail,
            LoggerFactory = loggers,
        };
        return mqtt.Transport switch
        {
            MqttTransport.Tcp => options with { Tls = null },
            MqttTransport.WebSocket => options with
            {
                Tls = new MqttTlsOptions { CaFile = mqtt.Ca },
                WebSocketUri = SignedUri(config, mqtt, AgentOptions.Credentials(config, loggers) ?? AwsCredentialChain.Default()),
            },
            _ => options,
        };
    }

    private static Func<CancellationToken, ValueTask<Uri>> SignedUri(AgentConfig config, MqttConfig mqtt, AWSCredentials credentials)
    {
        var signer = new SigV4Signer(AgentOptions.Region(config), "iotdevicegateway");
        Uri endpoint = Endpoint(mqtt);
        string host = endpoint.Authority;
        return async cancellationToken =>
        {
            ImmutableCredentials keys = await credentials.GetCredentialsAsync().WaitAsync(cancellationToken);
            string query = signer.Presign(
                new SigV4Request { Method = "GET", Path = "/mqtt", Headers = [new("host", host)], SessionTokenUnsigned = true },
                keys,
                TimeProvider.System.GetUtcNow(),
                SignedFor);
            return new Uri($"{endpoint.Scheme}://{host}/mqtt?{query}");
        };
    }

    // The standard variable of the data plane also leads to an emulator, which speaks without TLS.
    private static Uri Endpoint(MqttConfig mqtt) =>
        Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_IOT_DATA_PLANE") is { Length: > 0 } url && Uri.TryCreate(url, UriKind.Absolute, out Uri? other)
            ? new Uri($"{(other.Scheme == Uri.UriSchemeHttp ? Uri.UriSchemeWs : Uri.UriSchemeWss)}://{other.Authority}")
            : new Uri($"wss://{mqtt.Endpoint}:{mqtt.Port ?? 443}");
}
