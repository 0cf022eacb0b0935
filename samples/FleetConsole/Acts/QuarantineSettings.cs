using IotOps.Aws;
using IotOps.Detect;

namespace IotOps.Samples.FleetConsole.Acts;

/// <summary>How quarantines are made, from the configuration file.</summary>
internal sealed record QuarantineSettings
{
    /// <summary>The directory of the journal, which FleetTool reads and writes too.</summary>
    public required string Journal { get; init; }

    /// <summary>The static thing group that quarantined things join.</summary>
    public required string Group { get; init; }

    /// <summary>The policy that denies everything; null for none.</summary>
    public string? DenyPolicy { get; init; }

    /// <summary>Groups whose things are not quarantined.</summary>
    public IReadOnlyCollection<string> ProtectedGroups { get; init; } = [];

    /// <summary>Quarantines that may begin within an hour; the runbook's default when null.</summary>
    public int? MaxPerHour { get; init; }

    /// <summary>How long one is held before it may be revoked.</summary>
    public TimeSpan HoldTime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The region of the calls; AWS_REGION or the profile's when null.</summary>
    public string? Region { get; init; }

    /// <summary>Makes clients by the standard AWS variables, and the runbook.</summary>
    /// <exception cref="InvalidOperationException">No region is set.</exception>
    public QuarantineTools Make(TimeProvider timeProvider)
    {
        string region = AwsRegion.Resolve(Region);
        var options = new QuarantineRunbookOptions
        {
            Iot = new AwsClient(new AwsClientOptions { Service = AwsService.Iot, Region = region }),
            IotData = new AwsClient(new AwsClientOptions { Service = AwsService.IotData, Region = region }),
            Journal = new FileQuarantineJournal(Journal),
            QuarantineGroup = Group,
            DenyPolicy = DenyPolicy,
            ProtectedGroups = ProtectedGroups,
            HoldTime = HoldTime,
            TimeProvider = timeProvider,
        };
        return new QuarantineTools(MaxPerHour is { } most ? options with { MaxPerHour = most } : options);
    }
}
