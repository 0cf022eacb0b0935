using System.IO.Abstractions;
using System.Runtime.CompilerServices;
using IotOps.Shared;

namespace IotOps.Detect;

/// <summary>
/// The journal of quarantines in a directory of this machine, for one process at a time. Each entry is flushed to the disk before a call returns. An
/// entry that a crash cut off is dropped; a damaged journal is not opened. Thread-safe.
/// </summary>
public sealed class FileQuarantineJournal : IQuarantineJournal
{
    private const string FileName = "quarantine";
    private const int LongestEntry = 1 << 20;
    private static readonly JournalFormat Format = new("IOTDQUA1", LongestEntry);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, List<QuarantineEntry>> _entries = new(StringComparer.Ordinal);
    private readonly DirectoryLock _lock;
    private readonly AppendJournal _journal;

    /// <summary>Opens the journal, or makes an empty one.</summary>
    /// <param name="directory">Its directory, which is made when it is missing.</param>
    /// <param name="fileSystem">Where; null is the machine's disk.</param>
    /// <exception cref="IOException">The directory cannot be used, another process uses it, or the journal is damaged.</exception>
    public FileQuarantineJournal(string directory, IFileSystem? fileSystem = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        fileSystem ??= new FileSystem();
        string path = Path.Combine(directory, FileName);
        _lock = new DirectoryLock(fileSystem, directory, "quarantine journal");
        try
        {
            _journal = AppendJournal.Open(fileSystem, path, Format, Replay, out JournalDamage? damage);
            if (damage is { IsTornEnd: false } hole)
            {
                throw new IOException($"The journal '{path}' is damaged from byte {hole.Offset} on. Restore it from a copy: what it says was done must not be guessed.");
            }

            if (damage is not null)
            {
                // A call comes behind its entry, and what it did is found by looking: nothing is lost with the end of the file.
                _journal.Compact(_entries.Values.SelectMany(entries => entries).Select(entry => (ReadOnlyMemory<byte>)entry.ToUtf8Json()));
            }
        }
        catch (Exception e)
        {
            _journal?.Dispose();
            _lock.Dispose();
            if (e is FormatException)
            {
                throw new IOException($"The journal '{path}' cannot be read: {e.Message}", e);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<QuarantineEntry>> ReadAsync(string violationId, CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _entries.TryGetValue(violationId, out List<QuarantineEntry>? entries) ? [.. entries] : [];
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<QuarantineStart> StartAsync(QuarantineEntry entry, DateTimeOffset since, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_entries.ContainsKey(entry.ViolationId))
            {
                return QuarantineStart.Exists;
            }

            if (_entries.Values.Count(entries => entries[0].Time > since) >= limit)
            {
                return QuarantineStart.LimitReached;
            }

            Write(entry);
            return QuarantineStart.Written;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<bool> AppendAsync(QuarantineEntry entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_entries.TryGetValue(entry.ViolationId, out List<QuarantineEntry>? entries) || entry.Sequence != entries.Count + 1)
            {
                return false;
            }

            Write(entry);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        string[] ids;
        try
        {
            ids = [.. _entries.Keys];
        }
        finally
        {
            _gate.Release();
        }

        foreach (string id in ids)
        {
            yield return id;
        }
    }

    /// <summary>Lets go of the directory.</summary>
    public ValueTask DisposeAsync()
    {
        _journal.Dispose();
        _lock.Dispose();
        _gate.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Replay(ReadOnlySpan<byte> content) => Remember(QuarantineEntry.Parse(content));

    private void Write(QuarantineEntry entry)
    {
        _journal.Add(entry.ToUtf8Json());
        _journal.Commit(flush: true);
        Remember(entry);
    }

    private void Remember(QuarantineEntry entry)
    {
        if (!_entries.TryGetValue(entry.ViolationId, out List<QuarantineEntry>? entries))
        {
            _entries[entry.ViolationId] = entries = [];
        }

        entries.Add(entry);
    }
}
