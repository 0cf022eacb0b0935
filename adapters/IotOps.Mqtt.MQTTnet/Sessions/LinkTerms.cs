using MQTTnet;
using MQTTnet.Protocol;

namespace IotOps.Mqtt.Sessions;

/// <summary>What the broker said in its CONNACK.</summary>
/// <param name="SessionPresent">It still knows us.</param>
/// <param name="KeepAlive">Its own interval, or else ours.</param>
/// <param name="ReceiveMaximum">QoS 1 publications it takes unacknowledged.</param>
/// <param name="MaxPacketBytes">Largest packet it takes.</param>
/// <param name="AcceptsQoS1">Whether it offers QoS 1.</param>
/// <param name="RetainAvailable">Whether it keeps messages.</param>
internal sealed record LinkTerms(bool SessionPresent, TimeSpan KeepAlive, int ReceiveMaximum, long MaxPacketBytes, bool AcceptsQoS1, bool RetainAvailable)
{
    public static LinkTerms Of(MqttClientConnectResult answer, MqttConnectionOptions options) => new(
        answer.IsSessionPresent,
        answer.ServerKeepAlive > 0 ? TimeSpan.FromSeconds(answer.ServerKeepAlive) : options.KeepAlive,
        answer.ReceiveMaximum is > 0 ? answer.ReceiveMaximum.Value : ushort.MaxValue,
        answer.MaximumPacketSize is > 0 ? answer.MaximumPacketSize.Value : long.MaxValue,

        // MQTTnet leaves it at QoS 0 in MQTT 3.1.1, which does not say.
        options.ProtocolVersion == MqttProtocolVersion.V311 || answer.MaximumQoS >= MqttQualityOfServiceLevel.AtLeastOnce,
        answer.RetainAvailable);
}
