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

    /// <summary>MQTT client id, for the operations of the broker.</summary>
    public string? ClientId { get; init; }

    /// <summary>MQTT topic of a publish or a delivery, first filter of a subscribe or unsubscribe.</summary>
    public string? Topic { get; init; }

    /// <summary>Thing, for operations on its shadows.</summary>
    public string? ThingName { get; init; }

    /// <summary>Name of a shadow, empty for the classic one.</summary>
    public string? ShadowName { get; init; }

    /// <summary>Role, for AssumeRole.</summary>
    public string? RoleArn { get; init; }

    /// <summary>Name of the job, for SubmitJob.</summary>
    public string? JobName { get; init; }

    /// <summary>Whether the body came gzip-coded.</summary>
    public bool IsGzip { get; init; }
}
