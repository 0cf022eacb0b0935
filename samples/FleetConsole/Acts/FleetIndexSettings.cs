using IotOps.Aws;

namespace IotOps.Samples.FleetConsole.Acts;

/// <summary>Which fleet index queries are sent to.</summary>
internal sealed record FleetIndexSettings
{
    /// <summary>The index's region; AWS_REGION or the profile's when null.</summary>
    public string? Region { get; init; }

    /// <summary>Makes a client by the standard AWS variables.</summary>
    /// <exception cref="InvalidOperationException">No region is set.</exception>
    public AwsClient Make() => new(new AwsClientOptions { Service = AwsService.Iot, Region = AwsRegion.Resolve(Region) });
}
