using System.Text;

namespace IotOps.Archive.Records;

/// <summary>Which records belong to a device and a day.</summary>
/// <param name="identifierPath">The property that names the device; null when every device counts.</param>
/// <param name="identifier">The device.</param>
/// <param name="timePath">The property that tells the time; null when every time counts.</param>
/// <param name="fromMs">First millisecond since 1970 that counts.</param>
/// <param name="toMs">First that no longer counts.</param>
internal sealed class RecordFilter(JsonPath? identifierPath, string identifier, JsonPath? timePath, long fromMs, long toMs)
{
    private readonly byte[] _identifier = Encoding.UTF8.GetBytes(identifier);

    public JsonPath? IdentifierPath => identifierPath;

    public JsonPath? TimePath => timePath;

    /// <summary>The facts of a record of which nothing was read yet.</summary>
    public RecordFacts NoFacts => new(identifierPath is null, timePath is null);

    /// <summary>
    /// True when no record in a line can be this device's: its identifier does not stand in it, not even escaped.
    /// </summary>
    public bool RulesOut(ReadOnlySpan<byte> line) =>
        identifierPath is not null && line.IndexOf(_identifier) < 0 && line.IndexOf((byte)'\\') < 0;

    /// <summary>Takes the value of <see cref="IdentifierPath"/>.</summary>
    public void SetIdentifier(ref RecordFacts facts, JsonValue value)
    {
        facts.HasIdentifier = true;
        facts.IsDevice = value.IsText(_identifier);
    }

    /// <summary>Takes the value of <see cref="TimePath"/>.</summary>
    public void SetTime(ref RecordFacts facts, JsonValue value)
    {
        long? time = RecordTime.Of(value);
        facts.HasTime = time is not null;
        facts.IsInTime = time >= fromMs && time < toMs;
    }

    /// <summary>What becomes of a record that was read whole. Another device's is no loss, whatever its time says.</summary>
    public static RecordVerdict Judge(in RecordFacts facts) => facts switch
    {
        { HasIdentifier: false } => RecordVerdict.NoIdentifier,
        { IsDevice: false } => RecordVerdict.Unwanted,
        { HasTime: false } => RecordVerdict.NoTime,
        { IsInTime: false } => RecordVerdict.Unwanted,
        _ => RecordVerdict.Wanted,
    };
}
