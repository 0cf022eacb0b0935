using IotOps.Shadow.Documents;

namespace IotOps.Shadow;

/// <summary>What is desired and not reported: everything that differs, whichever change brought it up.</summary>
/// <param name="State">The desired values that differ, as an object.</param>
/// <param name="Version">The cloud's version when this was seen; 0 before the first word from the cloud.</param>
public sealed record ShadowDelta(ShadowValue State, long Version)
{
    /// <summary>The path of each value that differs, as <see cref="ShadowValue.TryGet"/> takes it; arrays count as one value.</summary>
    public IReadOnlyList<string> Paths => ShadowPath.Leaves(State);
}
