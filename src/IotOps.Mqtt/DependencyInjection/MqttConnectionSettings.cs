using System.Net;
using System.Text;
using IotOps.Shared;

namespace IotOps.Mqtt.DependencyInjection;

/// <summary>The options of a connection as a section of a host's configuration has them.</summary>
internal static class MqttConnectionSettings
{
    public static MqttConnectionOptions Read(SettingsReader settings)
    {
        var defaults = new MqttConnectionOptions
        {
            ClientId = settings.Required(nameof(MqttConnectionOptions.ClientId), "who connects, most often the thing's name, such as 'pump1'"),
        };
        return defaults with
        {
            Host = settings.Text(nameof(MqttConnectionOptions.Host)) ?? "",
            Port = settings.Integer(nameof(MqttConnectionOptions.Port)),
            Tls = settings.IsOff(nameof(MqttConnectionOptions.Tls)) ? null : settings.Object(nameof(MqttConnectionOptions.Tls), ReadTls) ?? defaults.Tls,
            Proxy = settings.Url(nameof(MqttConnectionOptions.Proxy)) is { } proxy ? new WebProxy(proxy) : null,
            ProtocolVersion = settings.Choice(nameof(MqttConnectionOptions.ProtocolVersion), defaults.ProtocolVersion),
            UserName = settings.Text(nameof(MqttConnectionOptions.UserName)),
            Password = Encoding.UTF8.GetBytes(settings.Text(nameof(MqttConnectionOptions.Password)) ?? ""),
            Will = settings.Object(nameof(MqttConnectionOptions.Will), ReadWill),
            CleanStart = settings.Boolean(nameof(MqttConnectionOptions.CleanStart), defaults.CleanStart),
            SessionExpiry = settings.Duration(nameof(MqttConnectionOptions.SessionExpiry), defaults.SessionExpiry),
            KeepAlive = settings.Duration(nameof(MqttConnectionOptions.KeepAlive), defaults.KeepAlive),
            MaxInFlight = settings.Integer(nameof(MqttConnectionOptions.MaxInFlight), defaults.MaxInFlight),
            ReceiveMaximum = settings.Integer(nameof(MqttConnectionOptions.ReceiveMaximum), defaults.ReceiveMaximum),
            UnmatchedPolicy = settings.Choice(nameof(MqttConnectionOptions.UnmatchedPolicy), defaults.UnmatchedPolicy),
            TopicAliasMaximum = settings.Integer(nameof(MqttConnectionOptions.TopicAliasMaximum), defaults.TopicAliasMaximum),
            MaxPacketBytes = settings.Bytes(nameof(MqttConnectionOptions.MaxPacketBytes), defaults.MaxPacketBytes),
            OfflinePolicy = settings.Choice(nameof(MqttConnectionOptions.OfflinePolicy), defaults.OfflinePolicy),
            QueueLimitBytes = settings.Bytes(nameof(MqttConnectionOptions.QueueLimitBytes), defaults.QueueLimitBytes),
            Limits = ReadLimits(settings),
            ConnectTimeout = settings.Duration(nameof(MqttConnectionOptions.ConnectTimeout), defaults.ConnectTimeout),
            ConnackTimeout = settings.Duration(nameof(MqttConnectionOptions.ConnackTimeout), defaults.ConnackTimeout),
            AcknowledgeTimeout = settings.Duration(nameof(MqttConnectionOptions.AcknowledgeTimeout), defaults.AcknowledgeTimeout),
            CloseTimeout = settings.Duration(nameof(MqttConnectionOptions.CloseTimeout), defaults.CloseTimeout),
            MinReconnectDelay = settings.Duration(nameof(MqttConnectionOptions.MinReconnectDelay), defaults.MinReconnectDelay),
            MaxReconnectDelay = settings.Duration(nameof(MqttConnectionOptions.MaxReconnectDelay), defaults.MaxReconnectDelay),
        };
    }

    private static MqttTlsOptions ReadTls(SettingsReader settings) => new()
    {
        CertificateFile = settings.Text(nameof(MqttTlsOptions.CertificateFile)),
        PrivateKeyFile = settings.Text(nameof(MqttTlsOptions.PrivateKeyFile)),
        PrivateKeyUri = settings.Text(nameof(MqttTlsOptions.PrivateKeyUri)),
        PfxFile = settings.Text(nameof(MqttTlsOptions.PfxFile)),
        PassPhrase = settings.Text(nameof(MqttTlsOptions.PassPhrase)),
        PassPhraseFile = settings.Text(nameof(MqttTlsOptions.PassPhraseFile)),
        CaFile = settings.Text(nameof(MqttTlsOptions.CaFile)),
        ApplicationProtocol = settings.Text(nameof(MqttTlsOptions.ApplicationProtocol)),
    };

    private static MqttWill ReadWill(SettingsReader settings)
    {
        var defaults = new MqttWill { Topic = settings.Required(nameof(MqttWill.Topic), "the topic that the will is published to, such as 'fleet/pump1/gone'") };
        return defaults with
        {
            Payload = Encoding.UTF8.GetBytes(settings.Text(nameof(MqttWill.Payload)) ?? ""),
            QualityOfService = settings.Choice(nameof(MqttWill.QualityOfService), defaults.QualityOfService),
            Delay = settings.Duration(nameof(MqttWill.Delay), defaults.Delay),
        };
    }

    private static MqttLimits ReadLimits(SettingsReader settings)
    {
        const string Key = nameof(MqttConnectionOptions.Limits);
        string text = settings.Text(Key, nameof(MqttLimits.AwsIotCore)) ?? "";
        if (text.Equals(nameof(MqttLimits.None), StringComparison.OrdinalIgnoreCase))
        {
            return MqttLimits.None;
        }

        if (!text.Equals(nameof(MqttLimits.AwsIotCore), StringComparison.OrdinalIgnoreCase))
        {
            settings.Problem(Key, $"must be {nameof(MqttLimits.AwsIotCore)} or {nameof(MqttLimits.None)}, not '{text}'.");
        }

        return MqttLimits.AwsIotCore;
    }
}
