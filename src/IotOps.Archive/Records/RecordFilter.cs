using System.Text;
using System.Text.Json;

namespace IotOps.Archive.Records;

/// <summary>Which records belong to a device and a day. Reads tokens, builds nothing.</summary>
/// <param name="identifierPath">The property that names the device; null when every device counts.</param>
/// <param name="identifier">The device.</param>
/// <param name="timePath">The property that tells the time; null when every time counts.</param>
/// <param name="fromMs">First millisecond since 1970 that counts.</param>
/// <param name="toMs">First that no longer counts.</param>
internal sealed class RecordFilter(JsonPath? identifierPath, string identifier, JsonPath? timePath, long fromMs, long toMs)
{
    private readonly byte[] _identifier = Encoding.UTF8.GetBytes(identifier);

    /// <summary>
    /// True when no record in a line can be this device's: its identifier does not stand in it, not even escaped.
    /// </summary>
    public bool RulesOut(ReadOnlySpan<byte> line) =>
        identifierPath is not null && line.IndexOf(_identifier) < 0 && line.IndexOf((byte)'\\') < 0;

    /// <summary>Reads one JSON value from a reader that has read nothing of it yet.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public RecordVerdict Read(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            return RecordVerdict.Incomplete;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return reader.TrySkip() ? RecordVerdict.Unreadable : RecordVerdict.Incomplete;
        }

        var facts = new Facts(identifierPath is null, timePath is null);
        if (!ReadObject(ref reader, ref facts, 0, identifierPath is not null, timePath is not null))
        {
            return RecordVerdict.Incomplete;
        }

        return facts switch
        {
            { HasIdentifier: false } or { HasTime: false } => RecordVerdict.Unreadable,
            { IsDevice: true, IsInTime: true } => RecordVerdict.Wanted,
            _ => RecordVerdict.Unwanted,
        };
    }

    private bool ReadObject(ref Utf8JsonReader reader, ref Facts facts, int depth, bool onIdentifier, bool onTime)
    {
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                return true;
            }

            bool identifierHere = onIdentifier && reader.ValueTextEquals(identifierPath![depth]);
            bool timeHere = onTime && reader.ValueTextEquals(timePath![depth]);
            if (!reader.Read())
            {
                return false;
            }

            if (identifierHere && depth == identifierPath!.Depth - 1)
            {
                facts.HasIdentifier = true;
                facts.IsDevice = IsIdentifier(ref reader);
                identifierHere = false;
            }

            if (timeHere && depth == timePath!.Depth - 1)
            {
                long? time = JsonTime.Read(ref reader);
                facts.HasTime = time is not null;
                facts.IsInTime = time >= fromMs && time < toMs;
                timeHere = false;
            }

            bool isRead = reader.TokenType == JsonTokenType.StartObject && (identifierHere || timeHere)
                ? ReadObject(ref reader, ref facts, depth + 1, identifierHere, timeHere)
                : reader.TrySkip();
            if (!isRead)
            {
                return false;
            }
        }

        return false;
    }

    private bool IsIdentifier(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.ValueTextEquals(_identifier),
        JsonTokenType.Number => reader.ValueSpan.SequenceEqual(_identifier),
        _ => false,
    };

    // A property that is not asked for counts as seen.
    private struct Facts(bool anyDevice, bool anyTime)
    {
        public bool HasIdentifier = anyDevice;
        public bool IsDevice = anyDevice;
        public bool HasTime = anyTime;
        public bool IsInTime = anyTime;
    }
}
