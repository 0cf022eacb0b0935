using System.Globalization;

namespace IotOps.Detect.Evaluating;

/// <summary>The fleet's statistics as documents: one of all behaviors, and one for each metric and window that a threshold ranks.</summary>
internal static class StatisticsFormat
{
    private const byte Version = 1;
    private const string Prefix = "statistics-";

    public static string NameOf(ulong sketch) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{sketch:x16}");

    public static byte[] Write(DateTimeOffset time, int day, Dictionary<ulong, BehaviorTotals> behaviors)
    {
        var writer = new StateWriter();
        writer.Byte(Version);
        writer.Signed(time.ToUnixTimeMilliseconds());
        writer.Count(day);
        writer.Count(behaviors.Count);
        foreach ((ulong key, BehaviorTotals totals) in behaviors)
        {
            writer.Key(key);
            writer.Count(totals.Things);
            writer.Count(totals.InAlarm);
        }

        return writer.Written.ToArray();
    }

    public static byte[] Write(List<(int Key, long Count)> values)
    {
        var writer = new StateWriter();
        writer.Byte(Version);
        writer.Count(values.Count);
        long before = 0;
        foreach ((int key, long count) in values)
        {
            writer.Signed(key - before);
            writer.Signed(count);
            before = key;
        }

        return writer.Written.ToArray();
    }

    /// <exception cref="InvalidDataException">A document is damaged, or of a later version of this package.</exception>
    public static FleetStatistics Read(DetectDocument behaviors, List<DetectDocument> values, int needed)
    {
        StateReader reader = Begin(behaviors);
        DateTimeOffset time = DateTimeOffset.FromUnixTimeMilliseconds(reader.Signed());
        int day = reader.Small();
        Dictionary<ulong, BehaviorTotals> totals = [];
        for (int i = reader.Count(); i > 0; i--)
        {
            totals[reader.Key()] = new BehaviorTotals(reader.Small(), reader.Small());
        }

        Dictionary<ulong, RankedValues> ranked = [];
        foreach (DetectDocument document in values)
        {
            ranked[ulong.Parse(document.Name.AsSpan(Prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)] = ReadValues(document);
        }

        return new FleetStatistics(time, day, ranked, totals, needed);
    }

    private static RankedValues ReadValues(DetectDocument document)
    {
        StateReader reader = Begin(document);
        int count = reader.Count();
        List<(int, long)> values = new(count);
        long key = 0;
        for (int i = 0; i < count; i++)
        {
            key += reader.Signed();
            values.Add(((int)key, reader.Signed()));
        }

        return new RankedValues(values);
    }

    private static StateReader Begin(DetectDocument document)
    {
        var reader = new StateReader(document.Content);
        return reader.Byte() is var version && version == Version
            ? reader
            : throw new InvalidDataException($"The document {document.Name} is of version {version}; this package reads version {Version}.");
    }
}
