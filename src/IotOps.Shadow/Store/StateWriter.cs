using System.Buffers;
using System.IO.Abstractions;
using System.Text.Json;
using IotOps.Shadow.Documents;

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
    private readonly ArrayBufferWriter<byte> _batch = new();
    private readonly StoredState _found;
    private readonly Utf8JsonWriter _json;
    private FileSystemStream? _journal;
    private long _generation;
    private long _snapshotGeneration;
    private long _previousGeneration;
    private long _sequence;
    private long _length;
    private long _limit;

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
        _json = new Utf8JsonWriter(_record, JsonText.Compact);
    }

    /// <summary>True when a batch waits for <see cref="Commit"/>.</summary>
    public bool HasBatch => _batch.WrittenCount > 0;

    /// <summary>Takes a change into the batch. It counts only once <see cref="Commit"/> has returned.</summary>
    public void Add(ShadowId id, ShadowState from, ShadowState to)
    {
        // A change may be the first of its generation: the records must carry the number they will stand under.
        if (_journal is null)
        {
            BeginGeneration();
        }
        else if (_length > _limit)
        {
            Renew();
        }

        _record.ResetWrittenCount();
        _json.Reset(_record);
        StateChange.Write(_json, id, from, to);
        _json.Flush();
        int length = _record.WrittenCount + (_seal is null ? 0 : Seal.Overhead);
        Span<byte> place = _batch.GetSpan(JournalFormat.RecordHeaderBytes + length);
        Span<byte> content = place.Slice(JournalFormat.RecordHeaderBytes, length);
        long sequence = ++_sequence;
        if (_seal is null)
        {
            _record.WrittenSpan.CopyTo(content);
        }
        else
        {
            _seal.Close(_generation, sequence, _record.WrittenSpan, content);
        }

        JournalFormat.WriteRecordHeader(place, _generation, sequence, content);
        _batch.Advance(JournalFormat.RecordHeaderBytes + length);
    }

    /// <summary>Writes the batch, in one piece.</summary>
    /// <param name="flush">Waits until it is on the disk.</param>
    /// <exception cref="IOException">The disk refused: nothing of the batch counts, and none of it comes back after a restart.</exception>
    public void Commit(bool flush)
    {
        try
        {
            _journal!.Write(_batch.WrittenSpan);
            _length += _batch.WrittenCount;
            if (flush)
            {
                _journal.Flush(flushToDisk: true);
            }
        }
        finally
        {
            _batch.ResetWrittenCount();
        }
    }

    /// <summary>Forgets a batch that was not committed, and whatever of it reached the file; the next change begins a new generation.</summary>
    public void Abandon(long lengthBefore)
    {
        _batch.ResetWrittenCount();
        if (_journal is null)
        {
            return;
        }

        try
        {
            // After a failed flush the system may show pages that the disk does not have: this file takes no more.
            _journal.SetLength(lengthBefore);
            _journal.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A later start finds the half-written end by its checksum.
        }

        CloseJournal();
    }

    /// <summary>Bytes of the journal that count.</summary>
    public long Length => _journal is null ? 0 : _length;

    /// <summary>Writes all states as a new snapshot, and goes on in a new journal.</summary>
    /// <exception cref="IOException">The disk refused; what was there before is still whole.</exception>
    public void BeginGeneration()
    {
        bool isEncrypted = _seal is not null;
        long generation = _generation + 1;
        byte[] snapshot = SnapshotFormat.Write(_thing, generation, _states(), _seal);
        using (FileSystemStream next = _files.FileSystem.FileStream.New(_files.Next, FileMode.Create, FileAccess.Write, FileShare.None, 1))
        {
            next.Write(snapshot);
            next.Flush(flushToDisk: true);
        }

        FileSystemStream journal = _files.FileSystem.FileStream.New(_files.Journal(generation), FileMode.Create, FileAccess.Write, FileShare.Read, 1);
        try
        {
            journal.Write(JournalFormat.Header(generation, isEncrypted));
            journal.Flush(flushToDisk: true);
            if (_snapshotGeneration > 0)
            {
                _files.FileSystem.File.Move(_files.Snapshot(isEncrypted), _files.Previous(isEncrypted), overwrite: true);
                (_previousGeneration, _snapshotGeneration) = (_snapshotGeneration, 0);
            }

            _files.FileSystem.File.Move(_files.Next, _files.Snapshot(isEncrypted), overwrite: true);

            // From here on a start reads the new generation: nothing may go to the old journal, even if the directory cannot be flushed.
            CloseJournal();
            (_generation, _snapshotGeneration) = (generation, generation);
            _files.FlushDirectory();
        }
        catch
        {
            journal.Dispose();
            throw;
        }

        _journal = journal;
        _sequence = 0;
        _length = JournalFormat.HeaderBytes;
        _limit = Math.Max(LeastJournalBytes, 2L * snapshot.Length);
        RemoveOld(isEncrypted);
    }

    public void Dispose()
    {
        if (_journal is not null && _length > JournalFormat.HeaderBytes)
        {
            try
            {
                _journal.Flush(flushToDisk: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // What had to be on the disk was flushed when it was written.
            }
        }

        CloseJournal();
        _json.Dispose();
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
            _limit = _length + LeastJournalBytes;
        }
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
            bool hasOther = _files.FileSystem.File.Exists(_files.Snapshot(!isEncrypted)) || _files.FileSystem.File.Exists(_files.Previous(!isEncrypted));
            if (hasOther)
            {
                _files.FileSystem.File.Delete(_files.Snapshot(!isEncrypted));
                _files.FileSystem.File.Delete(_files.Previous(!isEncrypted));
            }

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
}
