using System.Data.Common;
using System.Runtime.InteropServices;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>Writes errors and counts them. Used in transactions, one after the other.</summary>
internal sealed class ErrorWriter(ISqlDatabase database, SegmentTable segments)
{
    private static readonly string[] TypeColumns = ["size", "segment", "start", "type", "errors"];
    private static readonly string[] TemplateColumns = ["size", "segment", "template", "start", "errors"];

    private readonly NameTable _names = new("names");
    private readonly NameTable _types = new("types");
    private readonly TemplateBook _templates = new();
    private readonly List<LineRecord> _lines = [];

    public int Write(DbConnection connection, IReadOnlyList<LogError> errors, Refusals refusals)
    {
        List<LogError> good = [.. errors.Where(error => !refusals.Has(error))];
        if (good.Count == 0)
        {
            return 0;
        }

        _types.Prepare(connection, good.Select(error => error.Entry.EventType));
        _names.Prepare(connection, Names(good));

        // One list for all batches: each would be an array among the large objects.
        _lines.Clear();
        _lines.AddRange(good.Select(error => Record(connection, error)));
        database.PrepareDays(connection, _lines.Min(line => line.Time), _lines.Max(line => line.Time));
        bool[] isNew = database.InsertLines(connection, _lines);

        Dictionary<(long Minute, long Segments, long Template, long Type), long> counts = [];
        int added = 0;
        for (int i = 0; i < isNew.Length; i++)
        {
            if (isNew[i])
            {
                added++;
                CollectionsMarshal.GetValueRefOrAddDefault(
                    counts, (Rollup.Start(_lines[i].Time, 1), _lines[i].Segments, _lines[i].Template, _types.Id(good[i].Entry.EventType)), out _)++;
            }
        }

        Count(connection, counts);
        _templates.Save(connection);
        _lines.Clear();
        return added;
    }

    public void Forget()
    {
        _names.Forget();
        _types.Forget();
        _templates.Forget();
    }

    private static IEnumerable<string?> Names(List<LogError> errors)
    {
        foreach (LogError error in errors)
        {
            yield return error.Entry.ClientId;
            yield return error.Entry.Principal;
            yield return error.Entry.SourceIp;
            yield return error.Entry.Rule;
        }
    }

    private LineRecord Record(DbConnection connection, LogError error)
    {
        long time = error.Entry.Time!.Value.ToUnixTimeMilliseconds();
        return new LineRecord(
            time,
            error.Key,
            _templates.Find(connection, _types.Id(error.Entry.EventType), error, time),
            segments.SetOf(connection, error.Entry.ClientId),
            _names.Id(error.Entry.ClientId),
            _names.Id(error.Entry.Principal),
            _names.Id(error.Entry.SourceIp),
            _names.Id(error.Entry.Rule),
            error.Line);
    }

    // Rows are written in the order of their keys, so that two consoles that write the same ones wait for each other in turn and not crosswise.
    private void Count(DbConnection connection, Dictionary<(long Minute, long Segments, long Template, long Type), long> counts)
    {
        Dictionary<(int Size, long Segment, long Start, long Type), long> byType = [];
        Dictionary<(int Size, long Segment, long Template, long Start), long> byTemplate = [];
        foreach (((long minute, long set, long template, long type), long errors) in counts)
        {
            foreach (long segment in segments.SegmentsOf(connection, set).Prepend(0))
            {
                foreach (int size in Rollup.Sizes)
                {
                    long start = Rollup.Start(minute, size);
                    CollectionsMarshal.GetValueRefOrAddDefault(byType, (size, segment, start, type), out _) += errors;
                    CollectionsMarshal.GetValueRefOrAddDefault(byTemplate, (size, segment, template, start), out _) += errors;
                }
            }
        }

        database.RunAll(
            connection,
            """
            INSERT INTO type_counts (size, segment, start, type, errors) VALUES (@size, @segment, @start, @type, @errors)
            ON CONFLICT (size, segment, start, type) DO UPDATE SET errors = type_counts.errors + excluded.errors
            """,
            TypeColumns,
            byType.OrderBy(one => one.Key).Select(one => new[] { one.Key.Size, one.Key.Segment, one.Key.Start, one.Key.Type, one.Value }));
        database.RunAll(
            connection,
            """
            INSERT INTO template_counts (size, segment, template, start, errors) VALUES (@size, @segment, @template, @start, @errors)
            ON CONFLICT (size, segment, template, start) DO UPDATE SET errors = template_counts.errors + excluded.errors
            """,
            TemplateColumns,
            byTemplate.OrderBy(one => one.Key).Select(one => new[] { one.Key.Size, one.Key.Segment, one.Key.Template, one.Key.Start, one.Value }));
    }
}
