using System.Buffers;
using System.IO.Abstractions;
using IotOps.Logs.Files;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Checkpoints;

/// <summary>
/// The durable memory of all files of one state directory, in one file. Commits that come while a write is under way share the next one.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class CheckpointStore : ICheckpoint, IDisposable
{
    // Ids handed out but not yet on the disk stay below what the file says is next, so that no id is ever given twice.
    private const int IdReserve = 1 << 16;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly SortedDictionary<long, Source> _sources = [];
    private readonly HashSet<string> _patterns;
    private readonly ArrayBufferWriter<byte> _content = new();
    private readonly CheckpointFile _file;
    private readonly DirectoryLock _directory;
    private readonly ILogger _logger;
    private readonly bool _isDamaged;
    private StateOwner? _owner;
    private long _nextId;
    private long _generation;
    private long _changes;
    private long _written;

    /// <exception cref="IOException">Another shipper uses the directory, or it cannot be used.</exception>
    public CheckpointStore(string directory, IFileSystem fileSystem, ILogger logger)
    {
        _logger = logger;
        _directory = new DirectoryLock(fileSystem, directory, "log shipper");
        if (_directory.OpenMode is { } mode)
        {
            Log.StateDirectoryOpen(logger, directory, mode);
        }

        _file = new CheckpointFile(directory, fileSystem, logger);
        CheckpointState? state = _file.Load(out _isDamaged);
        if (state is null && _isDamaged)
        {
            Log.CheckpointLost(logger, directory);
        }

        state ??= new CheckpointState();
        _generation = state.Generation;
        _nextId = state.NextId;
        _patterns = [.. state.Patterns];
        _owner = state.Owner;
        foreach (CheckpointEntry entry in state.Entries)
        {
            _sources.Add(entry.Id, new Source(entry));
        }
    }

    /// <summary>Writes that the disk refused.</summary>
    public long Failures { get; private set; }

    /// <summary>What is remembered now.</summary>
    public IReadOnlyList<CheckpointEntry> Entries
    {
        get { lock (_lock) { return [.. _sources.Values.Select(static s => s.Entry)]; } }
    }

    /// <summary>
    /// True when the files of a pattern have been looked at before: what is found now is new. Also when the memory of it is damaged,
    /// because reading a file twice is better than not at all.
    /// </summary>
    public bool IsKnown(string pattern)
    {
        lock (_lock) { return _patterns.Contains(pattern) || _isDamaged; }
    }

    /// <summary>Patterns whose files have been looked at before.</summary>
    public IReadOnlyList<string> Patterns
    {
        get { lock (_lock) { return [.. _patterns]; } }
    }

    /// <summary>Says whose state this is from now on, and returns whose it was; null when nobody said.</summary>
    public StateOwner? Own(StateOwner owner)
    {
        lock (_lock)
        {
            StateOwner? before = _owner;
            _owner = owner;
            _changes += before == owner ? 0 : 1;
            return before;
        }
    }

    public long NewId()
    {
        lock (_lock) { return _nextId++; }
    }

    /// <summary>First byte of a source not yet committed; <see cref="long.MaxValue"/> when the checkpoint no longer knows it.</summary>
    public long CommittedOffset(long id)
    {
        lock (_lock) { return _sources.TryGetValue(id, out Source? source) ? source.Entry.Offset : long.MaxValue; }
    }

    /// <summary>Remembers new sources and patterns with the next write.</summary>
    public void Add(CheckpointEntry entry)
    {
        lock (_lock)
        {
            _sources.Add(entry.Id, new Source(entry));
            _changes++;
        }
    }

    public void AddPattern(string pattern)
    {
        lock (_lock) { _changes += _patterns.Add(pattern) ? 1 : 0; }
    }

    /// <summary>Changes where a source is and how it is recognised. Its offset stays, and it goes to the disk with the next write.</summary>
    public void Relocate(long id, string path, string? target, FileIdentity identity, bool isRotated)
    {
        Change(id, entry => entry with { Path = path, Target = target, Identity = identity, IsRotated = isRotated });
    }

    /// <summary>Says which pattern selects a source now, and where its events go. Its offset stays.</summary>
    public void Assign(long id, string pattern, string foundAs, long firstSeenMs, LogDestination destination) =>
        Change(id, entry => entry with { Pattern = pattern, FoundAs = foundAs, FirstSeenMs = firstSeenMs, Destination = destination });

    /// <summary>Says since when a source is not there, milliseconds since 1970; 0 when it is back.</summary>
    public void SetAbsent(long id, long sinceMs) => Change(id, entry => entry with { AbsentSinceMs = sinceMs });

    /// <summary>Remembers how a file looked at a place up to which it was read; used once that much is committed.</summary>
    public void Mark(long id, Fingerprint head, WindowMark mark, long modifiedNs)
    {
        lock (_lock)
        {
            if (_sources.TryGetValue(id, out Source? source))
            {
                source.Add(head, mark, modifiedNs);
            }
        }
    }

    /// <summary>Moves over bytes that hold no event, once everything before them is committed.</summary>
    public void Skip(long id, long lastEventEnd, long offset)
    {
        lock (_lock)
        {
            if (_sources.TryGetValue(id, out Source? source) && source.Entry.Offset >= lastEventEnd && source.Commit(offset))
            {
                _changes++;
            }
        }
    }

    public void Remove(long id)
    {
        lock (_lock) { _changes += _sources.Remove(id) ? 1 : 0; }
    }

    /// <summary>Puts all that has changed on the disk.</summary>
    /// <exception cref="IOException">The disk refused; it goes with the next write.</exception>
    public void Save()
    {
        long changes;
        lock (_lock) { changes = _changes; }

        _writer.Wait();
        try
        {
            WriteUpTo(changes);
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>Moves positions forward in memory; they go to the disk with the next write.</summary>
    /// <returns>The number of changes, these included.</returns>
    public long Advance(IReadOnlyList<SourcePosition> positions)
    {
        lock (_lock)
        {
            bool moved = false;
            for (int i = 0; i < positions.Count; i++)
            {
                moved |= _sources.TryGetValue(positions[i].SourceId, out Source? source) && source.Commit(positions[i].Offset, positions[i].Time, positions[i].Cursor);
            }

            _changes += moved ? 1 : 0;
            return _changes;
        }
    }

    /// <inheritdoc/>
    public async Task CommitAsync(IReadOnlyList<SourcePosition> positions, CancellationToken cancellationToken)
    {
        long changes = Advance(positions);
        await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            WriteUpTo(changes);
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>Lets go of the directory. Writes nothing: what was committed is on the disk.</summary>
    public void Dispose()
    {
        _directory.Dispose();
        _writer.Dispose();
    }

    private void WriteUpTo(long changes)
    {
        CheckpointState state;
        lock (_lock)
        {
            // Another caller's write took this one's changes along.
            if (_written >= changes)
            {
                return;
            }

            changes = _changes;
            state = new CheckpointState
            {
                Generation = ++_generation,
                NextId = _nextId + IdReserve,
                Patterns = [.. _patterns],
                Owner = _owner,
                Entries = [.. _sources.Values.Select(static s => s.Entry)],
            };
        }

        try
        {
            _content.ResetWrittenCount();
            CheckpointFormat.Write(state, _content);
            _file.Write(_content.WrittenSpan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failures++;
            Log.CheckpointNotWritten(_logger, e.Message);
            throw e as IOException ?? new IOException(e.Message, e);
        }

        lock (_lock) { _written = changes; }
    }

    private void Change(long id, Func<CheckpointEntry, CheckpointEntry> change)
    {
        lock (_lock)
        {
            if (_sources.TryGetValue(id, out Source? source) && change(source.Entry) is var changed && changed != source.Entry)
            {
                source.Entry = changed;
                _changes++;
            }
        }
    }

    private sealed class Source(CheckpointEntry entry)
    {
        private const int MaxMarks = 64;

        private readonly List<(WindowMark Mark, long ModifiedNs)> _marks = [];

        public CheckpointEntry Entry { get; set; } = entry;

        public void Add(Fingerprint head, WindowMark mark, long modifiedNs)
        {
            if (head.Length > Entry.Head.Length)
            {
                Entry = Entry with { Head = head };
            }

            if (_marks.Count == MaxMarks)
            {
                // Fewer marks are a little further from the offset, no less true.
                for (int i = 0; i < MaxMarks / 2; i++)
                {
                    _marks[i] = _marks[(2 * i) + 1];
                }

                _marks.RemoveRange(MaxMarks / 2, MaxMarks / 2);
            }

            _marks.Add((mark, modifiedNs));
        }

        public bool Commit(long offset, long? time = null, string? cursor = null)
        {
            if (offset <= Entry.Offset)
            {
                return false;
            }

            int behind = _marks.FindIndex(m => m.Mark.Offset > offset);
            int count = behind < 0 ? _marks.Count : behind;
            Entry = count == 0
                ? Entry with { Offset = offset, Time = time ?? Entry.Time, Cursor = cursor ?? Entry.Cursor }
                : Entry with { Offset = offset, Time = time ?? Entry.Time, Mark = _marks[count - 1].Mark, ModifiedNs = _marks[count - 1].ModifiedNs };
            _marks.RemoveRange(0, count);
            return true;
        }
    }
}
