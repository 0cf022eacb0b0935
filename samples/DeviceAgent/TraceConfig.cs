namespace IotOps.Samples.DeviceAgent;

/// <summary>Where the agent's own messages go.</summary>
internal sealed record TraceConfig
{
    /// <summary>True sends them to CloudWatch Logs.</summary>
    public bool ToCloud { get; init; }

    /// <summary>Absolute path of the file they are appended to; null writes to stderr.</summary>
    public string? File { get; init; }

    /// <summary>Log group, when they go to the cloud.</summary>
    public string Group { get; init; } = "Ioto";

    /// <summary>Log stream, when they go to the cloud: one a device.</summary>
    public string Stream { get; init; } = "{hostname}/agent";
}
