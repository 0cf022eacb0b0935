namespace IotOps.Fleet.Trail;

/// <summary>The texts that come again and again in records: names of services, APIs, regions, users. One string of each instead of one a record.</summary>
internal sealed class TextCache
{
    private const int Slots = 1_024;
    private const int LongestText = 96;

    private readonly (byte[] Raw, string Text)[] _entries = new (byte[], string)[Slots];

    /// <summary>The text of a JSON string, its quotes included.</summary>
    public string Decode(ReadOnlySpan<byte> raw)
    {
        if (raw.Length > LongestText)
        {
            return JsonText.Decode(raw);
        }

        var hash = new HashCode();
        hash.AddBytes(raw);
        ref (byte[] Raw, string Text) entry = ref _entries[(uint)hash.ToHashCode() % Slots];
        if (entry.Raw is null || !raw.SequenceEqual(entry.Raw))
        {
            entry = (raw.ToArray(), JsonText.Decode(raw));
        }

        return entry.Text;
    }
}
