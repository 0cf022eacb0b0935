namespace IotOps.Fleet.IotLogs;

/// <summary>The members of a log entry that are read.</summary>
internal static class LogMembers
{
    public const int Timestamp = 0;
    public const int LogLevel = 1;
    public const int Status = 2;
    public const int EventType = 3;
    public const int Event = 4;
    public const int Reason = 5;
    public const int DisconnectReason = 6;
    public const int ClientId = 7;
    public const int PrincipalId = 8;
    public const int SourceIp = 9;
    public const int RuleName = 10;
    public const int Details = 11;
    public const int Message = 12;

    public static IReadOnlyList<string> Names { get; } =
        ["timestamp", "logLevel", "status", "eventType", "event", "reason", "disconnectReason", "clientId", "principalId", "sourceIp", "ruleName", "details", "message"];
}
