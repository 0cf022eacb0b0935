using System.Text;

namespace IotOps.Fleet.Trail;

/// <summary>Where the members of a record lie in its bytes.</summary>
internal sealed class RecordFields
{
    // Six characters an escape, of the longest name.
    private const int LongestEscaped = 6 * 32;

    private static readonly byte[][] NamesInUtf8 =
    [
        .. new[]
        {
            "eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent", "errorCode", "errorMessage",
            "requestParameters", "responseElements", "additionalEventData", "requestID", "eventID", "readOnly", "resources", "eventType", "managementEvent",
            "recipientAccountId", "sharedEventID", "eventCategory", "sessionCredentialFromConsole", "serviceEventDetails", "vpcEndpointId",
            "vpcEndpointAccountId", "addendum", "insightDetails",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    // By length, for names of which most are told apart by it.
    private static readonly int[][] ByLength =
        [.. Enumerable.Range(0, 32).Select(length => Enumerable.Range(0, NamesInUtf8.Length).Where(i => NamesInUtf8[i].Length == length).ToArray())];

    private readonly int[] _starts = new int[NamesInUtf8.Length];
    private readonly int[] _ends = new int[NamesInUtf8.Length];

    // Records of one source have their members in the same order: the next one is known before it is looked for.
    private readonly int[] _follows = new int[NamesInUtf8.Length + 1];
    private int _last;

    /// <summary>The members' names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. NamesInUtf8.Select(Encoding.UTF8.GetString)];

    /// <summary>Where the value lies; empty when there is none.</summary>
    public Range this[RecordField field] => _starts[(int)field].._ends[(int)field];

    /// <summary>Begins a record.</summary>
    public void Clear()
    {
        Array.Clear(_starts);
        Array.Clear(_ends);
        _last = NamesInUtf8.Length;
    }

    /// <summary>The field of a name; -1 for one that is not known.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        int guess = _follows[_last];
        if (name.SequenceEqual(NamesInUtf8[guess]))
        {
            return _last = guess;
        }

        return name.Contains((byte)'\\') && name.Length <= LongestEscaped ? LookUp(Encoding.UTF8.GetBytes(JsonText.DecodeText(name))) : LookUp(name);
    }

    /// <summary>Keeps where a value lies. The last of several members of one name stands, as everywhere in JSON.</summary>
    public void Set(int field, int start, int end)
    {
        _starts[field] = start;
        _ends[field] = end;
    }

    /// <summary>A copy for a record that is kept.</summary>
    public RecordFields Copy()
    {
        var copy = new RecordFields();
        _starts.CopyTo(copy._starts, 0);
        _ends.CopyTo(copy._ends, 0);
        return copy;
    }

    private int LookUp(ReadOnlySpan<byte> name)
    {
        foreach (int field in name.Length < ByLength.Length ? ByLength[name.Length] : [])
        {
            if (name.SequenceEqual(NamesInUtf8[field]))
            {
                _follows[_last] = field;
                return _last = field;
            }
        }

        return -1;
    }
}
