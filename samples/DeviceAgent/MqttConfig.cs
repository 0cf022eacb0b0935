using IotOps.Samples.Configuration;

namespace IotOps.Samples.DeviceAgent;

/// <summary>How the device connects by MQTT: <c>mqtt: { endpoint, port, transport: 'tls', certificate, key, ca, clientId }</c>.</summary>
internal sealed record MqttConfig
{
    /// <summary>The account's data endpoint: <c>PREFIX-ats.iot.REGION.amazonaws.com</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Port; null takes 8883 with TLS, 1883 in the clear and 443 with WebSocket.</summary>
    public int? Port { get; init; }

    /// <summary>What MQTT runs over.</summary>
    public MqttTransport Transport { get; init; }

    /// <summary>Absolute path of the device certificate, PEM; null connects without one.</summary>
    public string? Certificate { get; init; }

    /// <summary>Absolute path of its private key, PEM.</summary>
    public string? Key { get; init; }

    /// <summary>Absolute path of the authority that the broker's certificate must come from, PEM; null takes the system's.</summary>
    public string? Ca { get; init; }

    /// <summary>The client id, <c>{thing}</c> replaced; policies usually want the thing's name.</summary>
    public required string ClientId { get; init; }

    /// <summary>Reads the section; null unless a service needs the connection.</summary>
    public static MqttConfig? Read(ConfigReader mqtt, string directory, string? thing, string? neededBy)
    {
        string endpoint = neededBy is null ? mqtt.String("endpoint") ?? "" : mqtt.RequiredString("endpoint", neededBy);
        var config = new MqttConfig
        {
            Endpoint = endpoint,
            Port = mqtt.Integer("port", 1, 65_535),
            Transport = mqtt.Choice("transport", MqttTransport.Tls, ("tls", MqttTransport.Tls), ("tcp", MqttTransport.Tcp), ("websocket", MqttTransport.WebSocket)),
            Certificate = Absolute(directory, mqtt.String("certificate")),
            Key = Absolute(directory, mqtt.String("key")),
            Ca = Absolute(directory, mqtt.String("ca")),
            ClientId = mqtt.String("clientId")?.Replace("{thing}", thing, StringComparison.Ordinal) ?? thing ?? "",
        };
        if (endpoint.Contains('/', StringComparison.Ordinal))
        {
            mqtt.Problem("endpoint", $"must be a host name without scheme and path, not '{endpoint}'");
        }

        if (config.Certificate is null != config.Key is null)
        {
            mqtt.Problem(config.Key is null ? "certificate" : "key", "needs the other one of 'certificate' and 'key'");
        }

        return neededBy is null ? null : config;
    }

    private static string? Absolute(string directory, string? path) => path is null ? null : Path.Combine(directory, path);
}
