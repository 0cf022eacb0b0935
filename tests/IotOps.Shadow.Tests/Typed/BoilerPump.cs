namespace IotOps.Shadow.Tests.Typed;

public sealed record BoilerPump
{
    public bool? On { get; init; }

    public int? Speed { get; init; }
}
