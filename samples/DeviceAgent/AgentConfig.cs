using IotOps.Logs;
using IotOps.Samples.DeviceAgent.Health;
using IotOps.Samples.DeviceAgent.Outbox;

namespace IotOps.Samples.DeviceAgent;

/// <summary>What one agent.json5 says, its relative paths made absolute.</summary>
internal sealed record AgentConfig
{
    /// <summary>The thing's name; null when no token needs it.</summary>
    public string? Thing { get; init; }

    /// <summary>AWS region; null takes the environment's.</summary>
    public string? Region { get; init; }

    /// <summary>How AWS is reached.</summary>
    public AwsConfig Aws { get; init; } = new();

    /// <summary>Directory of the checkpoint and the spool.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The device's own keys; null takes the standard AWS credential chain.</summary>
    public KeysConfig? Keys { get; init; }

    /// <summary>The MQTT connection; null when no service needs one.</summary>
    public MqttConfig? Mqtt { get; init; }

    /// <summary>The shadows; null when <c>services.cloud.shadow</c> is false.</summary>
    public ShadowConfig? Shadow { get; init; }

    /// <summary>What operators may ask of the device by its shadow; null when <c>services.cloud.remediation</c> is false.</summary>
    public RemediationConfig? Remediation { get; init; }

    /// <summary>Messages kept for the broker; null when <c>services.cloud.outbox</c> is false.</summary>
    public OutboxConfig? Outbox { get; init; }

    /// <summary>Device Defender; null when <c>services.cloud.defender</c> is false.</summary>
    public DefenderConfig? Defender { get; init; }

    /// <summary>Where the agent says how it is; null where it does not.</summary>
    public HealthConfig? Health { get; init; }

    /// <summary>Where the agent's own messages go.</summary>
    public TraceConfig Trace { get; init; } = new();

    /// <summary>True when anything goes to CloudWatch Logs.</summary>
    public bool Ships => Files.Count > 0 || Journal is not null || Trace.ToCloud;

    /// <summary>Files to ship; empty when <c>services.cloud.logs</c> is false.</summary>
    public IReadOnlyList<LogFileOptions> Files { get; init; } = [];

    /// <summary>systemd's journal as a source; null when it is not configured, or <c>services.cloud.logs</c> is false.</summary>
    public LogJournalOptions? Journal { get; init; }

    /// <summary>Retention of log groups that the agent creates, in days; null keeps events for ever.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>Class of log groups that the agent creates.</summary>
    public LogGroupClass GroupClass { get; init; }

    /// <summary>Whether those cannot be deleted until somebody turns it off.</summary>
    public bool GroupDeletionProtection { get; init; }

    /// <summary>ARN of the key that those are encrypted with; null takes the service's own.</summary>
    public string? GroupKmsKeyArn { get; init; }

    /// <summary>Tags of log groups that the agent creates.</summary>
    public IReadOnlyDictionary<string, string> GroupTags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Compresses requests.</summary>
    public bool Gzip { get; init; } = true;

    /// <summary>Longest time an event waits for its batch to fill.</summary>
    public TimeSpan Flush { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What becomes of events too old or too far ahead for the service.</summary>
    public OldEvents OldEvents { get; init; }
}
