using IotOps.Aws;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Detect;

/// <summary>Which thing groups of an account are read, and how often.</summary>
public sealed record AccountMembershipOptions
{
    /// <summary>A client of <see cref="AwsService.Iot"/>; stays the caller's.</summary>
    public required AwsClient Iot { get; init; }

    /// <summary>The security profiles, whose targets name the groups to read. Other groups are not read.</summary>
    public required IReadOnlyList<DetectProfile> Profiles { get; init; }

    /// <summary>
    /// Whether the registry is listed too, which tells things from clients without a thing: 250 names a call, at most 10 calls a second unless the
    /// account's quota is higher. Null, the default, lists it only when a profile is attached to unregistered things but not to all. Without the list
    /// every name counts as a thing.
    /// </summary>
    public bool? ListsRegistry { get; init; }

    /// <summary>How often the groups are read, 1 minute to 1 day: by default 5 minutes.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Things that are held in memory at most, 1 or more: by default 1,000,000, some 100 MB, and twice that while they are read again.</summary>
    public int MaxThings { get; init; } = 1_000_000;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where it is logged that a group is missing or could not be read.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    internal string? Wrong() => this switch
    {
        _ when RefreshInterval < TimeSpan.FromMinutes(1) || RefreshInterval > TimeSpan.FromDays(1) => $"{nameof(RefreshInterval)} is 1 minute to 1 day, not {RefreshInterval}.",
        { MaxThings: < 1 } => $"{nameof(MaxThings)} is 1 or more, not {MaxThings}.",
        _ => null,
    };
}
