using System.Text;

namespace IotOps.Logs.Tests.Tail;

/// <summary>
/// Does to log files what applications, logrotate, operators and power cuts do, and knows which records must come out of it:
/// every one that was readable, in the order of its file, and again only when a crash came between taking and committing it.
/// </summary>
internal sealed class TailModel : IDisposable
{
    private const int Depth = 3;

    private readonly Random _random;
    private readonly TailRig _rig;
    private readonly bool _matchesRotated;
    private readonly Dictionary<string, Content> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Record> _records = new(StringComparer.Ordinal);
    private readonly List<string> _log = [];
    private readonly List<TakenEvent> _session = [];
    private int _next;
    private int _line;
    private bool _isCopying;

    public TailModel(int seed)
    {
        _random = new Random(seed);
        _matchesRotated = _random.Next(2) == 0;
        _rig = new TailRig(_matchesRotated ? "app.log*" : "app.log");
        _line = seed * 7919;
    }

    /// <summary>What was done, for a failure's message.</summary>
    public string History => string.Join('\n', _log);

    public async Task RunAsync(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            await StepAsync();
        }

        if (_isCopying)
        {
            FinishCopy();
        }

        Do("unblock and settle");
        _rig.Lanes.Room = int.MaxValue;
        await PollAsync(2);
        await PollAsync(30);
        Lost().ShouldBeEmpty();
        _rig.Tail.IsIdle.ShouldBeTrue();
        await CommitAsync(all: true);
        await PollAsync(10);
    }

    public void Dispose() => _rig.Dispose();

    private async Task StepAsync()
    {
        switch (_random.Next(30))
        {
            case < 8:
                Write("app.log");
                break;
            case < 13:
                await PollAsync(1);
                break;
            case 13:
                await PollAsync(7);
                break;
            case 14 when !_isCopying:
                RotateByRename();
                break;
            case 15 when !_isCopying:
                BeginCopy(_random.NextDouble());
                break;
            case 16 when _isCopying:
                FinishCopy();
                break;
            case 17 when !_isCopying:
                BeginCopy(1);
                FinishCopy();
                break;
            case 18 when !_isCopying && _random.Next(3) == 0:
                Do("delete app.log");
                Delete("app.log");
                break;
            case 19 when !_isCopying && _random.Next(3) == 0 && _files.ContainsKey("app.log"):
                Do("truncate app.log");
                Overwritten(_files["app.log"]);
                _rig.Truncate("app.log");
                _files.Remove("app.log");
                break;
            case 20 when _files.TryGetValue("app.log.1", out Content? rotated) && !rotated.IsCopy && !_isCopying:
                Write("app.log.1");
                break;
            case 21:
                Do("block");
                _rig.Lanes.Room = _random.Next(4);
                break;
            case 22:
                Do("unblock");
                _rig.Lanes.Room = int.MaxValue;
                break;
            case 23:
                await CommitAsync(all: _random.Next(2) == 0);
                break;
            case 24 when _random.Next(2) == 0:
                Crash();
                break;
            case 25 or 26:
                await LookAsync();
                break;
            case 27 when !_isCopying:
                // As fast as logrotate is when it is run twice, or files grow quickly: nobody looks in between.
                Rotate();
                Write("app.log");
                Rotate();
                break;
            case 28 when !_isCopying:
                Rotate();
                await LookAsync();
                Rotate();
                break;
            default:
                Write("app.log");
                break;
        }
    }

    private void Do(string what) => _log.Add(what);

    private void Write(string name)
    {
        if (!_files.TryGetValue(name, out Content? content))
        {
            _files[name] = content = new Content(_next++);
        }

        var text = new StringBuilder();
        if (content.Unfinished is { } unfinished)
        {
            text.Append(unfinished.Text.AsSpan(content.UnfinishedWritten)).Append('\n');
            content.Unfinished = null;
        }

        int count = _random.Next(1, 4);
        for (int i = 0; i < count; i++)
        {
            Record record = NewRecord(content);
            if (i == count - 1 && _random.Next(3) == 0)
            {
                content.UnfinishedWritten = _random.Next(1, record.Text.Length);
                content.Unfinished = record;
                text.Append(record.Text.AsSpan(0, content.UnfinishedWritten));
            }
            else
            {
                text.Append(record.Text).Append('\n');
            }
        }

        Do($"write {name} (content {content.Number}): {text.ToString().ReplaceLineEndings("|")}");
        _rig.Write(name, text.ToString());
        content.Length += Encoding.UTF8.GetByteCount(text.ToString());
    }

    private Record NewRecord(Content content)
    {
        // Spread, so that two files rarely begin alike.
        string id = unchecked((uint)(_line++ * 2654435761)).ToString("x8");
        var record = new Record(id, id + " " + new string("aé漢"[_random.Next(3)], _random.Next(0, 30)), content, content.Records.Count);
        content.Records.Add(record);
        _records.Add(id, record);
        return record;
    }

    private void Shift()
    {
        foreach (string ending in (string[])["", ".gz"])
        {
            Delete($"app.log.{Depth}{ending}");
        }

        for (int i = Depth - 1; i >= 1; i--)
        {
            foreach (string ending in (string[])["", ".gz"])
            {
                Rename($"app.log.{i}{ending}", $"app.log.{i + 1}{ending}");
            }
        }

        if (_random.Next(3) == 0 && _files.Remove("app.log.2", out Content? compressed))
        {
            Do("gzip app.log.2");
            _rig.Gzip("app.log.2");
            _files["app.log.2.gz"] = compressed;
            Tear(compressed);
            compressed.IsCopy = true;
        }
    }

    private void Rotate()
    {
        if (_random.Next(2) == 0)
        {
            RotateByRename();
        }
        else
        {
            BeginCopy(1);
            FinishCopy();
        }
    }

    private void RotateByRename()
    {
        Do("rotate by rename");
        Shift();
        Rename("app.log", "app.log.1");
    }

    private void BeginCopy(double part)
    {
        if (!_files.TryGetValue("app.log", out Content? content))
        {
            return;
        }

        Do($"rotate by copy, {part:P0} of content {content.Number}");
        Shift();
        byte[] bytes = File.ReadAllBytes(_rig["app.log"]);
        File.WriteAllBytes(_rig["app.log.1"], bytes[..(int)(part * bytes.Length)]);
        _isCopying = true;
    }

    private void FinishCopy()
    {
        if (!_isCopying)
        {
            return;
        }

        Do("finish the copy, truncate");
        _isCopying = false;
        _rig.CopyTruncate("app.log", "app.log.1");
        Content content = _files["app.log"];
        Tear(content);
        content.IsCopy = true;
        content.IsOpen = false;
        _files["app.log.1"] = content;
        _files.Remove("app.log");
    }

    private void Rename(string from, string to)
    {
        if (_files.Remove(from, out Content? content))
        {
            _rig.Rename(from, to);
            _files[to] = content;
        }
    }

    private void Delete(string name)
    {
        if (_files.Remove(name, out Content? content))
        {
            Tear(content);
            File.Delete(_rig[name]);
            content.IsGone = true;
            if (!content.IsOpen)
            {
                Forgive(content, static record => !record.IsTaken);
            }
        }
        else if (File.Exists(_rig[name]))
        {
            File.Delete(_rig[name]);
        }
    }

    private static void Overwritten(Content content)
    {
        Tear(content);
        content.IsGone = true;
        Forgive(content, static record => !record.IsTaken);
    }

    /// <summary>A line whose end goes elsewhere is no record.</summary>
    private static void Tear(Content content)
    {
        if (content.Unfinished is { } record)
        {
            record.MayBeLost = true;
            record.IsTorn = true;
            content.Unfinished = null;
        }
    }

    private static void Forgive(Content content, Func<Record, bool> which)
    {
        foreach (Record record in content.Records.Where(which))
        {
            record.MayBeLost = true;
        }
    }

    /// <summary>What a lane is told to keep on disk it keeps, and commits.</summary>
    private async Task SpillAsync()
    {
        TakenEvent[] spilled = [.. _session.Where(taken => _rig.Lanes.Vanishing.Contains(taken.SourceId))];
        foreach (TakenEvent taken in spilled)
        {
            _session.Remove(taken);
            if (RecordOf(taken) is { } record)
            {
                record.IsSafe = true;
            }
        }

        await _rig.Checkpoint.CommitAsync(
            [.. spilled.Select(static taken => new SourcePosition(taken.SourceId, taken.EndOffset))], CancellationToken.None);
    }

    /// <summary>One look and one reading, as short after the one before as an agent looks when files change: nothing is settled by it.</summary>
    private async Task LookAsync()
    {
        Do("look");
        _rig.Tail.Notify();
        _rig.Tail.Poll(_rig.Lanes);
        await TakeAllAsync();
    }

    private async Task TakeAllAsync()
    {
        _log.AddRange(_rig.Log.Entries.Select(static e => $"    {e.Id.Id} {e.Text}"));
        _rig.Log.Entries.Clear();
        foreach (TakenEvent taken in _rig.Lanes.Taken)
        {
            Take(taken);
        }

        _rig.Lanes.Taken.Clear();
        await SpillAsync();
    }

    private async Task PollAsync(int seconds)
    {
        Do($"poll {seconds} s");
        _rig.Poll(seconds);
        await TakeAllAsync();
        foreach ((string name, Content content) in _files)
        {
            bool isSeen = name == "app.log" || _matchesRotated;
            content.IsKnown |= isSeen && content.Length > 0;

            // A compressed file that nobody knew is not read before it has settled.
            content.IsOpen |= content.IsKnown && !name.EndsWith(".gz", StringComparison.Ordinal);
        }

        foreach (Content content in _records.Values.Select(static r => r.Content).Where(static c => c.IsGone))
        {
            content.WasPolledSinceGone = true;
        }
    }

    private void Take(TakenEvent taken)
    {
        _session.Add(taken);
        foreach (Content rotated in _files.Values.Where(c => c.Unfinished is not null && c != _files.GetValueOrDefault("app.log")))
        {
            // A rotated file's last line is final after a while, even when it is not as long as an id.
            if (rotated.Unfinished!.Text[..rotated.UnfinishedWritten] == taken.Message)
            {
                rotated.Unfinished.IsTorn = rotated.Unfinished.MayBeLost = true;
            }
        }

        if (taken.Message.Length < 8 || !_records.TryGetValue(taken.Message[..8], out Record? record) || record.IsTorn)
        {
            return;
        }

        bool isRotated = record.Content.Unfinished == record && record.Content != _files.GetValueOrDefault("app.log");
        if (taken.Message.Length < record.Text.Length && record.Text.StartsWith(taken.Message, StringComparison.Ordinal)
            && (isRotated || record.Content.IsGone))
        {
            // A rotated file's last line is final after a while, and a lost file's at once, as far as it was seen.
            record.IsTorn = record.MayBeLost = true;
            return;
        }

        taken.Message.ShouldBe(record.Text);
        record.IsTaken.ShouldBeFalse($"{record.Text} of content {record.Content.Number} was taken twice");
        record.IsSafe.ShouldBeFalse($"{record.Text} of content {record.Content.Number} was taken again after it was committed");
        record.Index.ShouldBeGreaterThan(record.Content.LastTaken, $"{record.Text} of content {record.Content.Number} came out of order");
        record.Content.LastTaken = record.Index;
        record.IsTaken = true;
    }

    private async Task CommitAsync(bool all)
    {
        var positions = new List<SourcePosition>();
        foreach (IGrouping<long, TakenEvent> source in _session.GroupBy(static e => e.SourceId))
        {
            TakenEvent[] events = [.. source];
            int count = all ? events.Length : _random.Next(events.Length + 1);
            if (count == 0)
            {
                continue;
            }

            positions.Add(new SourcePosition(source.Key, events[count - 1].EndOffset));
            foreach (TakenEvent taken in events[..count])
            {
                if (RecordOf(taken) is { } record)
                {
                    record.IsSafe = true;
                }

                _session.Remove(taken);
            }
        }

        Do($"commit {string.Join(", ", positions)}");
        await _rig.Checkpoint.CommitAsync(positions, CancellationToken.None);
    }

    private Record? RecordOf(TakenEvent taken) =>
        taken.Message.Length >= 8 && _records.TryGetValue(taken.Message[..8], out Record? record) ? record : null;

    private void Crash()
    {
        Do("crash");
        foreach (TakenEvent taken in _session)
        {
            if (RecordOf(taken) is { } record)
            {
                (record.IsSafe || !record.Content.IsGone || !record.Content.WasPolledSinceGone).ShouldBeTrue(
                    $"content {record.Content.Number} is gone and its lane was not told");
            }
        }

        _session.Clear();
        foreach (Record record in _records.Values)
        {
            record.IsTaken = false;
            record.MayBeLost |= record.Content.IsGone && !record.IsSafe;
            record.Content.LastTaken = -1;
            record.Content.IsOpen = false;
        }

        _rig.Restart();
    }

    private string[] Lost() =>
    [
        .. _records.Values
            .Where(r => !r.IsTaken && !r.IsSafe && !r.MayBeLost && r.Content.Unfinished != r && (r.Content.IsKnown || IsVisible(r.Content)))
            .Select(static r => $"{r.Text} of content {r.Content.Number}"),
    ];

    private bool IsVisible(Content content) =>
        _files.Any(file => file.Value == content && (_matchesRotated || file.Key == "app.log"));

    private sealed class Content(int number)
    {
        public int Number => number;

        public List<Record> Records { get; } = [];

        public Record? Unfinished { get; set; }

        public int UnfinishedWritten { get; set; }

        public long Length { get; set; }

        public int LastTaken { get; set; } = -1;

        /// <summary>A poll saw it under a name that the pattern matches.</summary>
        public bool IsKnown { get; set; }

        /// <summary>A poll since the last crash saw it, so that a handle outlives its deletion.</summary>
        public bool IsOpen { get; set; }

        /// <summary>No file holds it.</summary>
        public bool IsGone { get; set; }

        public bool WasPolledSinceGone { get; set; }

        /// <summary>It is in a copy, where nobody writes.</summary>
        public bool IsCopy { get; set; }
    }

    private sealed class Record(string id, string text, Content content, int index)
    {
        public string Id => id;

        public string Text => text;

        public Content Content => content;

        public int Index => index;

        public bool IsTaken { get; set; }

        /// <summary>Committed, or kept on disk by its lane.</summary>
        public bool IsSafe { get; set; }

        public bool MayBeLost { get; set; }

        public bool IsTorn { get; set; }
    }
}
