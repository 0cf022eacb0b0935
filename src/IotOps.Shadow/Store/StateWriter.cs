using System.Buffers;
using System.Text.Json;
using IotOps.Shadow.Documents;
using IotOps.Shared;

namespace IotOps.Shadow.Store;

/// <summary>Appends records to the journal, and begins a new generation when the journal has grown or is in doubt. One caller at a time.</summary>
internal sealed class StateWriter : IDisposable
{
    private const long LeastJournalBytes = 1 << 20;

    private readonly StateFiles _files;
    private readonly string _thing;
    private readonly Seal? _seal;
    private readonly Func<IReadOnlyDictionary<ShadowId, ShadowState>> _states;
    private readonly ArrayBufferWriter<byte> _record = new();
    private readonly ArrayBufferWriter<byte> _closed = new();
    private readonly StoredState _found;
    private readonly Utf8JsonWriter _json;
    private AppendJournal? _journal;
    private long _generation;
    private long _snapshotGeneration;
    private long _previousGeneration;
    private long _limit;
    private long _revision;

    /// <param name="files">Where.</param>
    /// <param name="thing">Named in the snapshot.</param>
    /// <param name="seal">Encrypts; null writes in the clear.</param>
    /// <param name="found">What is there; nothing is written before the first change.</param>
    /// <param name="states">All states as they are committed.</param>
    public StateWriter(StateFiles files, string thing, Seal? seal, StoredState found, Func<IReadOnlyDictionary<ShadowId, ShadowState>> states)
    {
        _files = files;
        _thing = thing;
        _seal = seal;
        _states = states;
        _generation = found.Generation;
        _snapshotGeneration = found.SnapshotGeneration;
        _previousGeneration = found.PreviousGeneration;
        _found = found;

        // An earlier process may have left it to the system: it counts once it is on the disk.
        _revision = found.Revision > 0 && (seal is null || files.TryFlush(found.Generation)) ? found.Revision : StateRevision.Of(found.SnapshotGeneration, 0);
        _json = new Utf8JsonWriter(_record, JsonText.Compact);
    }

    /// <summary>How far the state on the disk is, as <see cref="StateRevision"/> counts. Safe from anywhere.</summary>
    public long Revision => Interlocked.Read(ref _revision);

    /// <summary>True when a batch waits for <see cref="Commit"/>.</summary>
    public bool HasBatch => _journal is { HasBatch: true };

    /// <summary>Takes a change into the batch. It counts only once <see cref="Commit"/> has returned.</summary>
    public void Add(ShadowId id, ShadowState from, ShadowState to)
    {
        AppendJournal journal = Journal();
        _record.ResetWrittenCount();
        _json.Reset(_record);
        StateChange.Write(_json, id, from, to);
        _json.Flush();
        journal.Add(_seal is null ? _record.WrittenSpan : Closed(_seal, journal.NextSequence));
    }

    /// <summary>Writes the batch, in one piece.</summary>
    /// <param name="flush">Waits until it is on the disk.</param>
    /// <exception cref="IOException">The disk refused: nothing of the batch counts, and none of it comes back after a restart.</exception>
    public void Commit(bool flush)
    {
        _journal!.Commit(flush);
        if (flush)
        {
            Interlocked.Exchange(ref _revision, StateRevision.Of(_generation, _journal.Sequence));
        }
    }

    /// <summary>Forgets a batch that was not committed.</summary>
    public void Abandon() => _journal?.DropBatch();

    /// <summary>Writes all states as a new snapshot, and continues in a new journal.</summary>
    /// <exception cref="IOException">The disk refused; what was there before is still whole.</exception>
    public void BeginGeneration()
    {
        bool isEncrypted = _seal is not null;
        long generation = _generation + 1;
        byte[] snapshot = SnapshotFormat.Write(_thing, generation, _states(), _seal);
        using var next = new DurableFile(_files.FileSystem, _files.Snapshot(isEncrypted));
        next.Content.Write(snapshot);
        next.Flush();

        AppendJournal journal = AppendJournal.Create(
            _files.FileSystem, _files.Journal(generation), StateFiles.Format, generation, isEncrypted ? StateFiles.EncryptedFlag : 0);
        try
        {
            // A snapshot that could not be read is not worth keeping in place of a whole one.
            next.Commit(keepAs: _snapshotGeneration > 0 ? _files.Previous(isEncrypted) : null);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
        finally
        {
            if (next.HasKeptOld)
            {
                (_previousGeneration, _snapshotGeneration) = (_snapshotGeneration, 0);
            }

            if (next.IsInPlace)
            {
                // From here on a start reads the new generation: nothing may go to the old journal, even if the directory cannot be flushed.
                CloseJournal();
                (_generation, _snapshotGeneration) = (generation, generation);
            }
        }

        _journal = journal;
        Interlocked.Exchange(ref _revision, StateRevision.Of(generation, 0));
        _limit = Math.Max(LeastJournalBytes, 2L * snapshot.Length);
        RemoveOld(isEncrypted);
    }

    public void Dispose()
    {
        try
        {
            if (_journal is { Sequence: > 0 })
            {
                _journal.Flush();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What had to be on the disk was flushed when it was written.
        }

        CloseJournal();
        _json.Dispose();
    }

    // A change may be the first of its generation: its record must carry the number that it will stand under.
    private AppendJournal Journal()
    {
        if (_journal is not { IsWritable: true })
        {
            BeginGeneration();
        }
        else if (_journal.Length > _limit)
        {
            Renew();
        }

        return _journal!;
    }

    private void Renew()
    {
        try
        {
            BeginGeneration();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && _journal is not null)
        {
            // There is no room for a snapshot, but the journal still takes records.
            _limit = _journal.Length + LeastJournalBytes;
        }
    }

    private ReadOnlySpan<byte> Closed(Seal seal, long sequence)
    {
        _closed.ResetWrittenCount();
        Span<byte> closed = _closed.GetSpan(_record.WrittenCount + Seal.Overhead)[..(_record.WrittenCount + Seal.Overhead)];
        seal.Close(_generation, sequence, _record.WrittenSpan, closed);
        return closed;
    }

    private void CloseJournal()
    {
        _journal?.Dispose();
        _journal = null;
    }

    private void RemoveOld(bool isEncrypted)
    {
        try
        {
            // After the key was added nothing may stay readable; the previous generation is then the new one's own.
            bool hasOther = RemoveKind(!isEncrypted);
            long oldest = hasOther || _previousGeneration == 0 ? _generation : _previousGeneration;
            foreach (long journal in _files.Journals())
            {
                if (journal >= oldest)
                {
                    continue;
                }

                if (_found.DamagedJournals.Contains(journal))
                {
                    string path = _files.Journal(journal);
                    string? kept = _files.SetAside(path);
                    int at = _found.Damage.FindIndex(damage => damage.File == path);
                    _found.Damage[at] = _found.Damage[at] with { KeptAs = kept };
                }
                else
                {
                    _files.FileSystem.File.Delete(_files.Journal(journal));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Old files take room and do no harm; the next generation removes them.
        }
    }

    private bool RemoveKind(bool isEncrypted)
    {
        bool isAny = false;
        string snapshot = _files.Snapshot(isEncrypted);
        foreach (string path in (ReadOnlySpan<string>)[snapshot, _files.Previous(isEncrypted), snapshot + DurableFile.Suffix])
        {
            if (_files.FileSystem.File.Exists(path))
            {
                _files.FileSystem.File.Delete(path);
                isAny = true;
            }
        }

        return isAny;
    }
}
