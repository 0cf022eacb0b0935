using System.Net.Sockets;
using MQTTnet;
using MQTTnet.Exceptions;

namespace IotOps.Mqtt.Sessions;

/// <summary>What an MQTTnet client throws.</summary>
internal static class ClientErrors
{
    /// <summary>
    /// True when the connection is gone, or going. The client takes its parts away while others use it, so that anything may be thrown then.
    /// </summary>
    public static bool MeansGone(Exception error, IMqttClient client) =>
        error is MqttCommunicationException or OperationCanceledException or ObjectDisposedException or IOException or SocketException || !client.IsConnected;

    public static MqttException Lost(Exception error) =>
        error is MqttClientUnexpectedDisconnectReceivedException { ReasonCode: { } reason } told
            ? Ended((MqttReasonCode)reason, told.ReasonString)
            : new MqttException($"The connection broke: {error.Message}", error) { IsTransient = true };

    public static MqttException Ended(MqttReasonCode reason, string? text) =>
        new($"The broker ended the connection: {Codec.ReasonText.Of(reason, text)}") { Reason = reason, IsTransient = true };
}
