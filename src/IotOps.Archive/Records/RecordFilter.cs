using System.Text;

namespace IotOps.Archive.Records;

/// <summary>Which records belong to a device and a day.</summary>
/// <param name="identifierPath">The property that names the device; null when every device counts.</param>
/// <param name="identifier">The device.</param>
/// <param name="timePath">The property that tells the time; null when every time counts.</param>
/// <param name="fromMs">First millisecond since 1970 that counts.</param>
/// <param name="toMs">First that no longer counts.</param>
/// <param name="text">What must stand in a record; null for anything.</param>
internal sealed class RecordFilter(JsonPath? identifierPath, string identifier, JsonPath? timePath, long fromMs, long toMs, RecordText? text = null)
{
    private readonly byte[] _identifier = Encoding.UTF8.GetBytes(identifier);

    public JsonPath? IdentifierPath => identifierPath;

    public JsonPath? TimePath => timePath;

    /// <summary>What must stand in a record; null for anything.</summary>
    public RecordText? Text => text;

    /// <summary>True when a record has to say something of itself, which only JSON does.</summary>
    public bool NeedsJson => identifierPath is not null || timePath is not null;

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
    public RecordVerdict Judge(in RecordFacts facts, ReadOnlySpan<byte> record) => facts switch
    {
        { HasIdentifier: false } => RecordVerdict.NoIdentifier,
        { IsDevice: false } => RecordVerdict.Unwanted,
        { HasTime: false } => RecordVerdict.NoTime,
        { IsInTime: false } => RecordVerdict.Unwanted,
        _ when text?.IsIn(record) == false => RecordVerdict.Unwanted,
        _ => RecordVerdict.Wanted,
    };
}
