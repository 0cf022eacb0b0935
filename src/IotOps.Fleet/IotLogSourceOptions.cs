namespace IotOps.Fleet;

/// <summary>What an <see cref="IotLogSource"/> reads.</summary>
public sealed record IotLogSourceOptions
{
    /// <summary>The log group; AWSIotLogsV2 unless set.</summary>
    public string LogGroup { get; init; } = "AWSIotLogsV2";

    /// <summary>A filter pattern of CloudWatch Logs, such as <c>{ $.logLevel = "ERROR" }</c>, so that only those events are sent; all unless set.</summary>
    public string? FilterPattern { get; init; }

    /// <summary>How long an event may take to become readable; 2 minutes unless set. So much before a checkpoint is read again.</summary>
    public TimeSpan Overlap { get; init; } = TimeSpan.FromMinutes(2);
}
