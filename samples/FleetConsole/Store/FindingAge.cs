using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Open findings of a severity by age.</summary>
/// <param name="Severity">The severity.</param>
/// <param name="Day">Under a day.</param>
/// <param name="Week">One to seven days.</param>
/// <param name="Month">Eight to thirty days.</param>
/// <param name="Older">Over thirty days.</param>
public sealed record FindingAge(FindingSeverity Severity, long Day, long Week, long Month, long Older)
{
    /// <summary>All of them.</summary>
    public long All => Day + Week + Month + Older;
}
