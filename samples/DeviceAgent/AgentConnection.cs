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
