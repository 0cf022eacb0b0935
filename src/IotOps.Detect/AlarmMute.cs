namespace IotOps.Detect;

/// <summary>
/// Keeps alarms quiet until a time: of a device, of a rule, or of a rule at a device. A muted alarm counts as delivered; the digest says how many
/// there were. One that is still violated when the mute ends does not come again by itself.
/// </summary>
/// <param name="Device">The device; a pattern with <c>*</c>, <c>?</c> and <c>[a-z]</c>, in which case counts. Null for every device, and for alarms of none.</param>
/// <param name="Rule">The rule, a pattern too: <c>profile/behavior</c>, <c>profile/*</c>. Null for every rule.</param>
/// <param name="Until">From when on they are heard again.</param>
public sealed record AlarmMute(string? Device, string? Rule, DateTimeOffset Until)
{
    /// <summary>Why, for whoever asks later; null when nobody said.</summary>
    public string? Reason { get; init; }
}
