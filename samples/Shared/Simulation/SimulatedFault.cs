namespace IotOps.Samples.Simulation;

/// <summary>A fault that was put into a simulated fleet: what a detector should find.</summary>
/// <param name="Kind">What.</param>
/// <param name="Start">Its first moment.</param>
/// <param name="End">When it is over; the end of the simulation for one that lasts.</param>
/// <param name="Devices">Whom it hits, sorted.</param>
public sealed record SimulatedFault(SimulatedFaultKind Kind, DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<string> Devices)
{
    /// <summary>The region of an outage; null for other faults.</summary>
    public string? Region { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Kind} {Start:u} to {End:u}: {(Region is null ? string.Join(' ', Devices) : $"region {Region}, {Devices.Count} devices")}";
}
