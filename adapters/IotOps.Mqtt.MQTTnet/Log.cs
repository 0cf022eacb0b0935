using Microsoft.Extensions.Logging;

namespace IotOps.Mqtt;

/// <summary>All that this package logs. Never payloads, user names or passwords.</summary>
internal static partial class Log
{
    [LoggerMessage(451, LogLevel.Information, "{ClientId} is connected through MQTTnet: session present {SessionPresent}, keep-alive {KeepAlive}")]
    public static partial void Connected(ILogger logger, string clientId, bool sessionPresent, TimeSpan keepAlive);

    [LoggerMessage(452, LogLevel.Warning, "{ClientId} lost its connection: {Reason} Connecting again in {Delay}")]
    public static partial void ConnectionLost(ILogger logger, string clientId, string reason, TimeSpan delay);

    [LoggerMessage(453, LogLevel.Warning, "{ClientId} could not connect: {Reason} Trying again in {Delay}")]
    public static partial void ConnectFailed(ILogger logger, string clientId, string reason, TimeSpan delay);

    [LoggerMessage(454, LogLevel.Error, "{ClientId} gives up: {Reason}")]
    public static partial void Refused(ILogger logger, string clientId, string reason);

    [LoggerMessage(455, LogLevel.Warning, "{ClientId} was thrown out by another connection with the same client id. Each device needs a client id of its own; waiting {Delay} before taking it back")]
    public static partial void TakenOver(ILogger logger, string clientId, TimeSpan delay);

    [LoggerMessage(456, LogLevel.Critical, "{ClientId} stops because of a defect in this package; please report it")]
    public static partial void Defect(ILogger logger, string clientId, Exception exception);
}
