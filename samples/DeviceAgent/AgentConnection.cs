using IotOps.Aws;
using IotOps.Mqtt;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent;

/// <summary>What the configuration means for the MQTT connection.</summary>
internal static class AgentConnection
{
    /// <summary>The connection's options.</summary>
    public static MqttConnectionOptions Of(AgentConfig config, MqttConfig mqtt, ILoggerFactory loggers)
    {
        if (mqtt.Transport != MqttTransport.Tcp)
        {
            AwsEndpoint.RequireFips(new Uri($"{Uri.UriSchemeHttps}://{mqtt.Endpoint}"));
        }

        string? ca = mqtt.Ca ?? AwsHttpHandler.CaBundle();
        var options = new MqttConnectionOptions
        {
            Host = mqtt.Endpoint,
            Port = mqtt.Port,
            ClientId = mqtt.ClientId,
            Tls = new MqttTlsOptions
            {
                CaFile = ca,
                CertificateFile = mqtt.Certificate,
                PrivateKeyFile = mqtt.Key,
                PrivateKeyUri = mqtt.KeyUri,
                PfxFile = mqtt.Pfx,
                PassPhraseFile = mqtt.PassPhraseFile,
            },

            // Without a word of the configuration MQTT over TLS goes straight: few of the environment's proxies let port 8883 through.
            Proxy = config.Aws.Proxy is not null || mqtt.Transport == MqttTransport.WebSocket ? AwsProxy.FromEnvironment() : null,
            OfflinePolicy = MqttOfflinePolicy.Fail,
            UnmatchedPolicy = mqtt.Unmatched,
            LoggerFactory = loggers,
        };
        return mqtt.Transport switch
        {
            MqttTransport.Tcp => options with { Tls = null },
            MqttTransport.WebSocket => options with
            {
                Tls = new MqttTlsOptions { CaFile = ca },
                WebSocketUri = new IotWebSocketUri(
                    AgentOptions.Credentials(config, loggers) ?? AwsCredentialChain.Default(), AgentOptions.Region(config), Endpoint(mqtt)).CreateAsync,
            },
            _ => options,
        };
    }

    // The standard variable of the data plane also leads to an emulator, which speaks without TLS.
    private static Uri Endpoint(MqttConfig mqtt) =>
        Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_IOT_DATA_PLANE") is { Length: > 0 } url && Uri.TryCreate(url, UriKind.Absolute, out Uri? other)
            ? new Uri($"{(other.Scheme == Uri.UriSchemeHttp ? Uri.UriSchemeWs : Uri.UriSchemeWss)}://{other.Authority}")
            : new Uri($"wss://{mqtt.Endpoint}:{mqtt.Port ?? 443}");
}
