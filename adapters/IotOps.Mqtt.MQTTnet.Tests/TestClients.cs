using IotOps.Mqtt.Tests.Contract;
using MQTTnet;
using WireVersion = MQTTnet.Formatter.MqttProtocolVersion;

namespace IotOps.Mqtt.Tests;

/// <summary>MQTTnet clients as a team would make them, and the connection over them.</summary>
internal static class TestClients
{
    public static MqttClientOptions Options(int port, string clientId, MqttProtocolVersion version = MqttProtocolVersion.V5, TimeSpan? keepAlive = null)
    {
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", port)
            .WithClientId(clientId)
            .WithProtocolVersion(version == MqttProtocolVersion.V5 ? WireVersion.V500 : WireVersion.V311)
            .WithCleanStart(false)
            .WithKeepAlivePeriod(keepAlive ?? TimeSpan.FromSeconds(30))
            .WithoutPacketFragmentation();
        return version == MqttProtocolVersion.V5 ? builder.WithSessionExpiryInterval(3600).Build() : builder.Build();
    }

    public static MqttNetConnectionOptions Quick(ContractTerms? terms = null)
    {
        terms ??= new ContractTerms { Port = 0, ProtocolVersion = MqttProtocolVersion.V5 };
        return new MqttNetConnectionOptions
        {
            MaxInFlight = terms.MaxInFlight,
            Limits = terms.Limits,
            MinReconnectDelay = terms.ReconnectDelay,
            MaxReconnectDelay = terms.ReconnectDelay,
        };
    }
}
