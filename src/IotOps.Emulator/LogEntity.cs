namespace IotOps.Emulator;

/// <summary>
/// What a PutLogEvents call says its events are about, such as a service: kept to look at, and of no other consequence. See
/// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Entity.html.
/// </summary>
public sealed record LogEntity
{
    /// <summary>What identifies it: <c>Type</c>, and some of <c>Identifier</c>, <c>ResourceType</c>, <c>Name</c> and <c>Environment</c>.</summary>
    public required IReadOnlyDictionary<string, string> KeyAttributes { get; init; }

    /// <summary>What is said about it besides; at most ten.</summary>
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }
}
