using Microsoft.Extensions.Logging;

namespace IotOps.Mqtt;

/// <summary>All that this package logs. Never payloads, user names, passwords or signed URIs.</summary>
internal static partial class Log
{
    [LoggerMessage(401, LogLevel.Information, "{ClientId} is connected to {Target}: session present {SessionPresent}, keep-alive {KeepAlive}")]
    public static partial void Connected(ILogger logger, string clientId, string target, bool sessionPresent, TimeSpan keepAlive);

    [LoggerMessage(402, LogLevel.Warning, "{ClientId} lost its connection: {Reason} In flight: {InFlight}. Connecting again in {Delay}")]
    public static partial void ConnectionLost(ILogger logger, string clientId, string reason, string inFlight, TimeSpan delay);

    [LoggerMessage(403, LogLevel.Warning, "{ClientId} could not connect: {Reason} Trying again in {Delay}")]
    public static partial void ConnectFailed(ILogger logger, string clientId, string reason, TimeSpan delay);

    [LoggerMessage(404, LogLevel.Error, "{ClientId} gives up: {Reason}")]
    public static partial void Refused(ILogger logger, string clientId, string reason);

    [LoggerMessage(405, LogLevel.Warning, "{ClientId} was thrown out by another connection with the same client id. Each device needs a client id of its own; waiting {Delay} before taking it back")]
    public static partial void TakenOver(ILogger logger, string clientId, TimeSpan delay);

    [LoggerMessage(408, LogLevel.Warning, "The broker closed one connection of {ClientId} after the other within {Moment} of accepting it, without a reason: another client uses the same client id, or the broker does not accept something that is published or subscribed. In flight: {InFlight}. Waiting {Delay}")]
    public static partial void ShortLives(ILogger logger, string clientId, TimeSpan moment, string inFlight, TimeSpan delay);

    [LoggerMessage(409, LogLevel.Error, "{ClientId} will not send this again: {Reason}")]
    public static partial void GivenUp(ILogger logger, string clientId, string reason);

    [LoggerMessage(410, LogLevel.Warning, "{ClientId} was sent a message to '{Topic}' in a packet of {Bytes} bytes, and passed over it; MaxPacketBytes is {MaxPacketBytes}")]
    public static partial void Oversize(ILogger logger, string clientId, string topic, int bytes, int maxPacketBytes);

    [LoggerMessage(406, LogLevel.Debug, "{ClientId} was sent an acknowledgement of packet {PacketId}, for which nothing waits")]
    public static partial void UnknownAcknowledgement(ILogger logger, string clientId, ushort packetId);

    [LoggerMessage(407, LogLevel.Critical, "{ClientId} stops because of a defect in this package; please report it")]
    public static partial void Defect(ILogger logger, string clientId, Exception exception);

    [LoggerMessage(411, LogLevel.Warning, "Messages in {Directory} are dropped, the oldest first: more than {LimitBytes} bytes wait")]
    public static partial void Dropping(ILogger logger, string directory, long limitBytes);

    [LoggerMessage(412, LogLevel.Error, "A kept message to '{Topic}' is dropped, because it is refused for good: {Reason}")]
    public static partial void KeptMessageRefused(ILogger logger, string topic, string reason);

    [LoggerMessage(413, LogLevel.Warning, "Kept messages are not sent: {Reason} Trying again in {Delay}")]
    public static partial void KeptMessagesWait(ILogger logger, string reason, TimeSpan delay);

    [LoggerMessage(414, LogLevel.Error, "{Directory} could not be written")]
    public static partial void NotKept(ILogger logger, string directory, Exception exception);

    [LoggerMessage(415, LogLevel.Warning, "{Bytes} bytes of {Directory} could not be read from byte {Offset} on; a torn end: {IsTornEnd}, otherwise a copy is kept as messages.damaged")]
    public static partial void KeptMessagesDamaged(ILogger logger, string directory, long offset, long bytes, bool isTornEnd);

    [LoggerMessage(416, LogLevel.Warning, "The {What} {File} is open to others than its owner (mode {Mode}): chmod 600 '{File}'")]
    public static partial void SecretIsExposed(ILogger logger, string what, string file, string mode);

    [LoggerMessage(417, LogLevel.Error, "{ClientId} gives up its session, and what the broker holds for it: {Connections} connections in a row ended by a message to '{Topic}' that cannot be read, which the broker sends first each time")]
    public static partial void SessionGivenUp(ILogger logger, string clientId, int connections, string topic);

    [LoggerMessage(418, LogLevel.Warning, "{ClientId} was sent a message to '{Topic}' that no subscription and no listener takes; it was {Answer}. MqttConnection.Listen takes what is sent directly to this client. Further ones to this topic are only counted")]
    public static partial void Unmatched(ILogger logger, string clientId, string topic, string answer);
}
