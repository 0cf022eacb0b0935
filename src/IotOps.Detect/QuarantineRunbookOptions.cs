using IotOps.Aws;

namespace IotOps.Detect;

/// <summary>What a <see cref="QuarantineRunbook"/> works with and how far it may go.</summary>
public sealed record QuarantineRunbookOptions
{
    /// <summary>A client of <see cref="AwsService.Iot"/>; stays the caller's.</summary>
    public required AwsClient Iot { get; init; }

    /// <summary>
    /// A client of <see cref="AwsService.IotData"/> for DeleteConnection; stays the caller's. Null leaves that step out: AWS IoT then ends the
    /// connections some minutes later, and publishes the device's will message.
    /// </summary>
    public AwsClient? IotData { get; init; }

    /// <summary>Where it is written what was done; stays the caller's. Null serves to plan alone.</summary>
    public IQuarantineJournal? Journal { get; init; }

    /// <summary>The static thing group that quarantined things come into. It must be there. Null serves to carry on what is planned, and plans nothing.</summary>
    public string? QuarantineGroup { get; init; }

    /// <summary>
    /// A policy that denies everything, attached to each certificate, unless it is attached to <see cref="QuarantineGroup"/>. It must be there. Null
    /// attaches none.
    /// </summary>
    public string? DenyPolicy { get; init; }

    /// <summary>Whether the certificates' other policies are detached. True unless set.</summary>
    public bool DetachPolicies { get; init; } = true;

    /// <summary>Groups whose things are not quarantined without an override.</summary>
    public IReadOnlyCollection<string> ProtectedGroups { get; init; } = [];

    /// <summary>How many quarantines may begin within an hour: this many, 1 or more, and one percent of the fleet if that is less, but always one. 10 by default.</summary>
    public int MaxPerHour { get; init; } = 10;

    /// <summary>How many things the fleet has; null counts them, up to as many as matter for <see cref="MaxPerHour"/>.</summary>
    public long? FleetSize { get; init; }

    /// <summary>How long a thing is held before it may be revoked. 1 day by default.</summary>
    public TimeSpan HoldTime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Clock of the journal, the limit and the hold.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
