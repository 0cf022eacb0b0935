namespace IotOps.Logs.Tests;

/// <summary>A device's clock that is wrong by a fixed amount, and runs as fast as the real one.</summary>
internal sealed class OffsetTimeProvider(TimeSpan wrongBy) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + wrongBy;
}
