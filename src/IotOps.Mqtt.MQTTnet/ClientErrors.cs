using System.Net.Sockets;
using MQTTnet;
using MQTTnet.Exceptions;

namespace IotOps.Mqtt;

/// <summary>What an MQTTnet client throws and reports, as this package's error.</summary>
internal static class ClientErrors
{
    /// <summary>
    /// True when the connection is gone, or going. A disconnect clears the client's parts while others use them: a publication that began in this
    /// moment ends with any of these, a NullReferenceException included.
    /// </summary>
    public static bool MeansLost(Exception error) =>
        error is MqttCommunicationException or OperationCanceledException or ObjectDisposedException or IOException or SocketException or NullReferenceException;

    public static MqttException Lost(string what, Exception error) =>
        error is MqttClientUnexpectedDisconnectReceivedException { ReasonCode: { } reason } disconnect
            ? new MqttException(MqttException.Refused(what, (MqttReasonCode)reason, disconnect.ReasonString).Message, error) { Reason = (MqttReasonCode)reason, IsTransient = true }
            : new MqttException($"{what}: {error.GetBaseException().Message}", error) { IsTransient = true };

    /// <summary>Why a connection ended, or an attempt to connect. MQTTnet's own Reason may be that of an earlier connection, and is not used.</summary>
    public static MqttException Ended(MqttClientDisconnectedEventArgs args) =>
        args.ConnectResult is { ResultCode: not MqttClientConnectResultCode.Success } refusal
            ? MqttException.Refused("The broker refused the connection", (MqttReasonCode)refusal.ResultCode, refusal.ReasonString)
            : Lost("The MQTTnet client lost its connection", args.Exception ?? new MqttCommunicationException("the broker or the application ended it."));

    public static MqttException Closed() => new("The MQTT connection is disposed.");
}
