using System.Security.Cryptography;
using System.Text.Json;
using IotOps.Shared;

namespace IotOps.Shadow.Store;

/// <summary>Opens a state directory: the newest snapshot that is whole, then every record after it. Damage costs what is damaged, no more.</summary>
/// <param name="files">Where.</param>
/// <param name="seal">Decrypts; null when there is no key.</param>
/// <param name="mayMigrate">Takes readable state although there is a key, when there is no encrypted state.</param>
internal sealed class StateReader(StateFiles files, Seal? seal, bool mayMigrate)
{
    private readonly StoredState _found = new();
    private bool _hasSnapshot;
    private bool _takesPlain;

    /// <exception cref="InvalidOperationException">The state is encrypted, and the key is missing or another; or it is readable, and there is a key.</exception>
    public StoredState Read()
    {
        bool isEncrypted = seal is not null;
        RequireKey(files.Snapshot(isEncrypted: true));
        RequireKey(files.Previous(isEncrypted: true));

        _takesPlain = TakesPlain();

        // In the order in which they may be the newest.
        long newest = 0;
        foreach (bool encrypted in (ReadOnlySpan<bool>)[true, false])
        {
            if (!encrypted && !_takesPlain)
            {
                continue;
            }

            long current = TakeSnapshot(files.Snapshot(encrypted), encrypted);
            long previous = TakeSnapshot(files.Previous(encrypted), encrypted);
            if (encrypted == isEncrypted)
            {
                (_found.SnapshotGeneration, _found.PreviousGeneration) = (current, previous);
            }

            newest = Math.Max(newest, Math.Max(current, previous));
        }

        List<long> journals = files.Journals();
        if (_hasSnapshot && !journals.Contains(newest))
        {
            _found.Damage.Add(new ShadowDamage(files.Journal(newest), null, 0, "the journal of the snapshot is missing; edits after the snapshot are lost"));
        }

        foreach (long generation in journals)
        {
            _found.Generation = Math.Max(_found.Generation, generation);
            if (generation >= newest && (_takesPlain || !files.TryReadJournalHeader(generation, out bool isSealed, out _) || isSealed))
            {
                ReplayJournal(generation);
            }
        }

        return _found;
    }

    // Whoever can write the directory can make up readable state; only the key makes encrypted state.
    private bool TakesPlain()
    {
        if (seal is null)
        {
            return true;
        }

        if (!files.Has(encrypted: false))
        {
            return false;
        }

        if (files.Has(encrypted: true))
        {
            _found.HasForeignPlainState = true;
            return false;
        }

        _found.IsMigration = mayMigrate;
        return mayMigrate ? true : throw new InvalidOperationException(
            $"The state in '{files.Directory}' is readable although there is an EncryptionKey: it is older than the key, or made up by somebody without it. Set MigratePlainState for one start to encrypt it, or remove it.");
    }

    private void RequireKey(string path)
    {
        if (seal is null && files.FileSystem.File.Exists(path))
        {
            throw new InvalidOperationException($"The state in '{files.Directory}' is encrypted; give its key as EncryptionKey, or another StateDirectory.");
        }
    }

    private long TakeSnapshot(string path, bool isEncrypted)
    {
        if (!files.FileSystem.File.Exists(path))
        {
            return 0;
        }

        byte[] file = [];
        string problem;
        try
        {
            file = files.FileSystem.File.ReadAllBytes(path);
            Dictionary<ShadowId, ShadowState>? states = isEncrypted
                ? ReadClosed(file, path, out long generation, out problem)
                : SnapshotFormat.Read(file, out generation, out problem);
            if (states is not null)
            {
                if (!_hasSnapshot || generation > _found.Generation)
                {
                    _found.States = states;
                    _found.Generation = generation;
                    _found.Revision = StateRevision.Of(generation, 0);
                    _hasSnapshot = true;
                }

                return generation;
            }
        }
        catch (IOException e)
        {
            problem = $"the disk does not give it back: {e.Message}";
        }

        _found.Damage.Add(new ShadowDamage(path, files.SetAside(path), file.Length, $"{problem}; the snapshot before it and the journals are used"));
        return 0;
    }

    private Dictionary<ShadowId, ShadowState>? ReadClosed(ReadOnlySpan<byte> file, string path, out long generation, out string problem)
    {
        if (!SnapshotFormat.TryReadClosed(file, out generation, out ReadOnlySpan<byte> closed))
        {
            problem = "its checksum does not fit";
            return null;
        }

        try
        {
            return SnapshotFormat.Read(seal!.Open(generation, 0, closed), out _, out problem);
        }
        catch (CryptographicException e)
        {
            // The bytes are those that were written, so it is not the disk: nothing is moved, nothing is lost.
            throw new InvalidOperationException($"'{path}' does not open with this EncryptionKey and ThingName; give those it was stored with.", e);
        }
    }

    private void ReplayJournal(long generation)
    {
        string path = files.Journal(generation);
        byte[] file;
        try
        {
            file = files.FileSystem.File.ReadAllBytes(path);
        }
        catch (IOException e)
        {
            Damaged(generation, 0, $"the disk does not give it back: {e.Message}; the edits in it are lost");
            return;
        }

        bool hasHeader = StateFiles.Format.TryReadHeader(file, out long written, out int flags) && written == generation;
        bool isEncrypted = flags == StateFiles.EncryptedFlag;
        if (!hasHeader)
        {
            // A crash while it was made: it never held a record.
            if (file.Length < JournalFormat.HeaderBytes)
            {
                return;
            }

            isEncrypted = seal is not null;
        }

        if (isEncrypted && seal is null)
        {
            throw new InvalidOperationException($"'{path}' is encrypted; give its key as EncryptionKey.");
        }

        long damaged = hasHeader ? 0 : JournalFormat.HeaderBytes;
        long lastGood = JournalFormat.HeaderBytes;
        int at = JournalFormat.HeaderBytes;
        long last = 0;
        bool isMissing = false;
        while (at < file.Length)
        {
            if (StateFiles.Format.TryReadRecord(file.AsSpan(at), generation, out long sequence, out ReadOnlySpan<byte> content))
            {
                at += JournalFormat.RecordHeaderBytes + content.Length;
                isMissing |= sequence != last + 1;
                last = sequence;
                if (TryApply(generation, sequence, content, isEncrypted))
                {
                    lastGood = at;
                    continue;
                }

                damaged += JournalFormat.RecordHeaderBytes + content.Length;
            }
            else
            {
                // The records after it are patches of fields and hold without it: the next whole one is looked for.
                damaged++;
                at++;
            }
        }

        if (damaged > 0)
        {
            bool isTail = hasHeader && damaged == file.Length - lastGood;
            Damaged(generation, damaged, isTail
                ? "it ends in the middle of a record, as after a power cut; everything before it is used"
                : "records in it are damaged; those before and after them are used");
        }
        else if (isMissing)
        {
            // No disk takes out whole records.
            Damaged(generation, 0, "records in it are missing; those before and after them are used");
        }
    }

    private void Damaged(long generation, long bytes, string what)
    {
        _found.DamagedJournals.Add(generation);
        _found.Damage.Add(new ShadowDamage(files.Journal(generation), null, bytes, what));
    }

    private bool TryApply(long generation, long sequence, ReadOnlySpan<byte> content, bool isEncrypted)
    {
        try
        {
            ShadowValue record = ShadowValue.Parse(isEncrypted ? seal!.Open(generation, sequence, content) : content);
            var id = new ShadowId(record["shadow"]?.GetString() ?? "");
            _found.States[id] = StateChange.Apply(_found.States.GetValueOrDefault(id, ShadowState.Empty), record);
            _found.Revision = Math.Max(_found.Revision, StateRevision.Of(generation, sequence));
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or CryptographicException)
        {
            return false;
        }
    }
}
