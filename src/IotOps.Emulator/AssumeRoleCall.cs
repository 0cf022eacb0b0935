namespace IotOps.Emulator;

/// <summary>A role that was assumed.</summary>
public sealed record AssumeRoleCall
{
    /// <summary>The role.</summary>
    public required string RoleArn { get; init; }

    /// <summary>The name that the caller gave its session.</summary>
    public required string RoleSessionName { get; init; }

    /// <summary>Who asked.</summary>
    public required string CallerArn { get; init; }

    /// <summary>When the keys end.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
