namespace IotOps.Emulator;

/// <summary>What a <see cref="Fault.When"/> can tell requests apart by.</summary>
public sealed record FaultRequest
{
    /// <summary>The API operation.</summary>
    public required string Operation { get; init; }

    /// <summary>Log group, where the operation names one.</summary>
    public string? LogGroup { get; init; }

    /// <summary>Log stream, where the operation names one.</summary>
    public string? LogStream { get; init; }

    /// <summary>S3 bucket, where the operation names one.</summary>
    public string? Bucket { get; init; }

    /// <summary>S3 key, where the operation names one.</summary>
    public string? Key { get; init; }

    /// <summary>Role alias, for requests to the credentials endpoint.</summary>
    public string? RoleAlias { get; init; }

    /// <summary>Whether the body came gzip-coded.</summary>
    public bool IsGzip { get; init; }
}
