namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>What is not kept, and why.</summary>
/// <param name="now">The store's clock, in milliseconds.</param>
/// <param name="dropped">Events before it were dropped, in milliseconds: one that comes again could not be told from a new one.</param>
internal sealed class Refusals(long now, long dropped)
{
    private const int MostTold = 100;
    private const int LongestLine = 256 << 10;
    private const int LongestName = 2_000;
    private const long Day = 86_400_000;

    private readonly List<string> _told = [];

    public IReadOnlyList<string> Told => _told;

    public bool Has(LogError error) => Refuse(error.Entry.Time switch
    {
        null => "an error has no time",
        { } time => Time(time) ?? Age(time) ?? Length(error.Line.Length) ?? Name(error.Entry.ClientId, error.Entry.Principal, error.Entry.SourceIp, error.Entry.Rule, error.Entry.EventType, error.Entry.Reason),
    });

    public bool HasEvent(DateTimeOffset time, int length, params ReadOnlySpan<string?> names) => Refuse(Time(time) ?? Age(time) ?? Length(length) ?? Name(names));

    public bool HasFact(DateTimeOffset time, int length, params ReadOnlySpan<string?> names) => Refuse(Time(time) ?? Length(length) ?? Name(names));

    private bool Refuse(string? why)
    {
        if (why is null)
        {
            return false;
        }

        if (_told.Count < MostTold)
        {
            _told.Add(why);
        }

        return true;
    }

    // A clock that is wrong by years would make the newest event one of the future, and roll-ups of days that no page shows.
    private string? Time(DateTimeOffset time) => time.ToUnixTimeMilliseconds() is var milliseconds && (milliseconds < 0 || milliseconds > now + Day)
        ? $"{time:u} is no time of an event: before 1970, or more than a day ahead of this machine's clock"
        : null;

    private string? Age(DateTimeOffset time) => time.ToUnixTimeMilliseconds() < dropped ? $"{time:u} is older than what the store keeps" : null;

    private static string? Length(int length) => length > LongestLine ? $"it has {length} bytes; {LongestLine} are kept at most" : null;

    // PostgreSQL takes no NUL in a text.
    private static string? Name(params ReadOnlySpan<string?> names)
    {
        foreach (string? name in names)
        {
            if (name?.Length > LongestName || name?.Contains('\0', StringComparison.Ordinal) == true)
            {
                return $"a name has {name.Length} characters or a NUL; {LongestName} are kept at most";
            }
        }

        return null;
    }
}
