using IotOps.Mqtt;
using IotOps.Samples.Configuration;

namespace IotOps.Samples.DeviceAgent;

/// <summary>How the device connects by MQTT: <c>mqtt: { endpoint, port, transport: 'tls', certificate, key, keyUri, pfx, passPhraseFile, ca, clientId, unmatched: 'acknowledge' }</c>.</summary>
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

    /// <summary>PKCS#11 URI of a private key in a token, instead of <see cref="Key"/>.</summary>
    public string? KeyUri { get; init; }

    /// <summary>Absolute path of a PKCS#12 file with certificate and key, instead of both.</summary>
    public string? Pfx { get; init; }

    /// <summary>Absolute path of a file with the pass phrase of <see cref="Key"/> or <see cref="Pfx"/>, so that it stands in no configuration.</summary>
    public string? PassPhraseFile { get; init; }

    /// <summary>Absolute path of the authority that the broker's certificate must come from, PEM; null takes the system's.</summary>
    public string? Ca { get; init; }

    /// <summary>The client id, <c>{thing}</c> replaced; policies usually want the thing's name.</summary>
    public required string ClientId { get; init; }

    /// <summary>What becomes of messages that no service of the agent takes.</summary>
    public MqttUnmatchedPolicy Unmatched { get; init; }

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
            KeyUri = mqtt.String("keyUri"),
            Pfx = Absolute(directory, mqtt.String("pfx")),
            PassPhraseFile = Absolute(directory, mqtt.String("passPhraseFile")),
            Ca = Absolute(directory, mqtt.String("ca")),
            Unmatched = mqtt.Choice("unmatched", MqttUnmatchedPolicy.Acknowledge, ("acknowledge", MqttUnmatchedPolicy.Acknowledge), ("refuse", MqttUnmatchedPolicy.Refuse)),
            ClientId = mqtt.String("clientId")?.Replace("{thing}", thing, StringComparison.Ordinal) ?? thing ?? "",
        };
        if (endpoint.Contains('/', StringComparison.Ordinal))
        {
            mqtt.Problem("endpoint", $"must be a host name without scheme and path, not '{endpoint}'");
        }

        CheckKey(mqtt, config);
        return neededBy is null ? null : config;
    }

    private static void CheckKey(ConfigReader mqtt, MqttConfig config)
    {
        bool hasKey = config.Key is not null || config.KeyUri is not null;
        if (config.Pfx is not null && (config.Certificate is not null || hasKey))
        {
            mqtt.Problem("pfx", "holds certificate and key: leave out 'certificate', 'key' and 'keyUri'");
        }
        else if (config is { Key: not null, KeyUri: not null })
        {
            mqtt.Problem("keyUri", "is a key in a token: leave out 'key'");
        }
        else if (config.Certificate is null == hasKey)
        {
            mqtt.Problem(hasKey ? config.Key is null ? "keyUri" : "key" : "certificate", "needs the other one of 'certificate' and 'key' (or 'keyUri')");
        }

        if (config.KeyUri is { } uri && !uri.StartsWith("pkcs11:", StringComparison.Ordinal))
        {
            mqtt.Problem("keyUri", "must begin with pkcs11: (RFC 7512)");
        }

        if (config.PassPhraseFile is not null && config.Key is null && config.Pfx is null)
        {
            mqtt.Problem("passPhraseFile", "is for 'key' or 'pfx', and neither is there");
        }
    }

    private static string? Absolute(string directory, string? path) => path is null ? null : Path.Combine(directory, path);
}
