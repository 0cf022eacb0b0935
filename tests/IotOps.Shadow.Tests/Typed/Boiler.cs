namespace IotOps.Shadow.Tests.Typed;

/// <summary>A state as an application types it.</summary>
public sealed record Boiler
{
    public double? Target { get; init; }

    public string? Mode { get; init; }

    public int Restarts { get; init; }

    public BoilerPump? Pump { get; init; }

    public IReadOnlyList<string>? Alarms { get; init; }
}
