using System.Data.Common;
using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>
/// Templates with numbers that stay: those of the store are learned first, so that a line is grouped as it was before the process was restarted.
/// Several processes agree on a template's number by the text that it was first seen with.
/// </summary>
internal sealed class TemplateBook
{
    private const int MostTypes = 200;
    private const int MostPerType = 1_000;

    private readonly Dictionary<long, LogTemplates> _byType = [];
    private readonly Dictionary<(long Type, string? Reason, int Number), Known> _known = [];
    private bool _isLoaded;

    /// <summary>The number of an error's template.</summary>
    public long Find(DbConnection connection, long type, LogError error, long time)
    {
        Load(connection);
        IotLogEntry entry = error.Entry;
        if (!_byType.TryGetValue(type, out LogTemplates? templates))
        {
            // A type is a device's or a rule's own text for free lines only: those have none. So many are not of AWS IoT.
            if (_byType.Count >= MostTypes)
            {
                type = 0;
            }

            if (!_byType.TryGetValue(type, out templates))
            {
                _byType.Add(type, templates = new LogTemplates(new LogTemplatesOptions { MaxTemplates = MostPerType }));
            }
        }

        int number = templates.Add(error.Masked);
        if (!_known.TryGetValue((type, entry.Reason, number), out Known? known))
        {
            string text = templates.Find(number) ?? error.Masked;
            known = new Known(Insert(connection, type, entry.Reason, text, time), text);
            _known.Add((type, entry.Reason, number), known);
        }

        known.See(time);
        return known.Id;
    }

    /// <summary>Writes what was learned in this transaction: wider texts, and when templates were seen.</summary>
    public void Save(DbConnection connection)
    {
        foreach (((long type, _, int number), Known known) in _known.Where(one => one.Value.IsSeen).OrderBy(one => one.Value.Id))
        {
            string text = _byType[type].Find(number) ?? known.Text;
            if (text != known.Text)
            {
                connection.Run("UPDATE templates SET text = @text WHERE id = @id", ("text", text), ("id", known.Id));
                known.Text = text;
            }

            connection.Run(
                """
                UPDATE templates SET first_seen = CASE WHEN first_seen > @first THEN @first ELSE first_seen END,
                    last_seen = CASE WHEN last_seen < @last THEN @last ELSE last_seen END WHERE id = @id
                """,
                ("first", known.First), ("last", known.Last), ("id", known.Id));
            known.Saved();
        }

        if (_known.Count > 4 * MostPerType)
        {
            Forget();
        }
    }

    /// <summary>After a transaction that failed: the store is read again.</summary>
    public void Forget()
    {
        _byType.Clear();
        _known.Clear();
        _isLoaded = false;
    }

    private void Load(DbConnection connection)
    {
        if (_isLoaded)
        {
            return;
        }

        _isLoaded = true;
        foreach ((long id, long type, string? reason, string text) in connection.Query(
            "SELECT id, type, reason, text FROM templates ORDER BY last_seen DESC, id LIMIT @limit",
            reader => (reader.GetInt64(0), reader.GetInt64(1), NoReason(reader.GetString(2)), reader.GetString(3)),
            ("limit", 2 * MostPerType)).OrderBy(one => one.Item1))
        {
            if (!_byType.TryGetValue(type, out LogTemplates? templates))
            {
                _byType.Add(type, templates = new LogTemplates(new LogTemplatesOptions { MaxTemplates = MostPerType }));
            }

            _known.TryAdd((type, reason, templates.Add(text)), new Known(id, text));
        }
    }

    private static string? NoReason(string reason) => reason.Length == 0 ? null : reason;

    private static long Insert(DbConnection connection, long type, string? reason, string text, long time)
    {
        connection.Run(
            "INSERT INTO templates (type, reason, first_text, text, first_seen, last_seen) VALUES (@type, @reason, @text, @text, @time, @time) ON CONFLICT DO NOTHING",
            ("type", type), ("reason", reason ?? ""), ("text", text), ("time", time));
        return connection.One(
            "SELECT id FROM templates WHERE type = @type AND reason = @reason AND first_text = @text", reader => reader.GetInt64(0), ("type", type), ("reason", reason ?? ""), ("text", text));
    }

    private sealed class Known(long id, string text)
    {
        public long Id { get; } = id;

        public string Text { get; set; } = text;

        public long First { get; private set; } = long.MaxValue;

        public long Last { get; private set; } = long.MinValue;

        public bool IsSeen => First <= Last;

        public void See(long time) => (First, Last) = (Math.Min(First, time), Math.Max(Last, time));

        public void Saved() => (First, Last) = (long.MaxValue, long.MinValue);
    }
}
