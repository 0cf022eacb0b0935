using System.Data.Common;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>
/// Which segments things belong to: a thing has a set of segments, of which a fleet has few, and each set has a number. Set 0 is empty.
/// Several processes may add; what others changed is seen after a minute.
/// </summary>
internal sealed class SegmentTable(TimeProvider clock)
{
    private const int MostCached = 50_000;
    private const char Separator = '\n';
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, long> _setOfThing = new(StringComparer.Ordinal);
    private readonly Dictionary<long, IReadOnlyList<long>> _segmentsOfSet = [];
    private readonly NameTable _sets = new("segment_sets");
    private readonly NameTable _segments = new("segments");
    private long _since;

    /// <summary>The number of a set, which is made when it is new.</summary>
    public long Set(DbConnection connection, IEnumerable<string> segments)
    {
        string[] names = [.. segments.Select(name => name.Replace(Separator, ' ')).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (names.Length == 0)
        {
            return 0;
        }

        string set = string.Join(Separator, names);
        _sets.Prepare(connection, [set]);
        _segments.Prepare(connection, names);
        long id = _sets.Id(set);
        _segmentsOfSet[id] = [.. names.Select(name => _segments.Id(name))];
        return id;
    }

    /// <summary>A thing's set has changed.</summary>
    public void Changed(string thing, long set) => _setOfThing[thing] = set;

    /// <summary>The set of a thing; 0 for one that is not known.</summary>
    public long SetOf(DbConnection connection, string? thing)
    {
        if (thing is null)
        {
            return 0;
        }

        if (_setOfThing.Count > MostCached || clock.GetElapsedTime(_since) > Fresh)
        {
            _setOfThing.Clear();
            _since = clock.GetTimestamp();
        }

        if (!_setOfThing.TryGetValue(thing, out long set))
        {
            set = connection.One("SELECT segments FROM things WHERE name = @name", reader => reader.GetInt64(0), ("name", thing));
            _setOfThing.Add(thing, set);
        }

        return set;
    }

    /// <summary>The numbers of a set's segments.</summary>
    public IReadOnlyList<long> SegmentsOf(DbConnection connection, long set)
    {
        if (set == 0)
        {
            return [];
        }

        if (!_segmentsOfSet.TryGetValue(set, out IReadOnlyList<long>? segments))
        {
            string names = connection.One("SELECT name FROM segment_sets WHERE id = @id", reader => reader.GetString(0), ("id", set)) ?? "";
            _segments.Prepare(connection, names.Split(Separator));
            _segmentsOfSet[set] = segments = [.. names.Split(Separator).Select(name => _segments.Id(name))];
        }

        return segments;
    }

    public void Forget()
    {
        _sets.Forget();
        _segments.Forget();
        _segmentsOfSet.Clear();
        _setOfThing.Clear();
    }

    /// <summary>The numbers of the sets that a segment is in.</summary>
    public static IReadOnlyList<long> SetsWith(DbConnection connection, string segment) =>
    [
        .. connection.Query("SELECT id, name FROM segment_sets", reader => (Id: reader.GetInt64(0), Name: reader.GetString(1)))
            .Where(set => set.Name.Split(Separator).Contains(segment, StringComparer.Ordinal)).Select(set => set.Id),
    ];

    /// <summary>Each set's names.</summary>
    public static Dictionary<long, string[]> Names(DbConnection connection) =>
        connection.Query("SELECT id, name FROM segment_sets", reader => (Id: reader.GetInt64(0), Name: reader.GetString(1))).ToDictionary(set => set.Id, set => set.Name.Split(Separator));

    /// <summary>The number that a segment's roll-ups have: 0 for the whole fleet; null for a segment that was never counted.</summary>
    public static long? Number(DbConnection connection, string? segment)
    {
        if (string.IsNullOrEmpty(segment))
        {
            return 0;
        }

        long id = connection.One("SELECT id FROM segments WHERE name = @name", reader => reader.GetInt64(0), ("name", segment));
        return id == 0 ? null : id;
    }
}
