using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Shadow.Store;

/// <summary>
/// The states of all shadows of a directory. Changes, the user's and the cloud's, are applied one after the other by one loop, in the
/// order of the journal; those that come while a flush is under way share the next one. Safe for concurrent use.
/// </summary>
internal sealed class ShadowStore : IAsyncDisposable
{
    // Callers beyond this wait: each holds one change.
    private const int MaxWaiting = 4096;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _room = new(MaxWaiting, MaxWaiting);
    private readonly Signal _wake = new();
    private readonly Dictionary<ShadowId, ShadowSlot> _slots = [];
    private readonly Dictionary<ShadowId, ShadowState> _others = [];
    private readonly DirectoryLock _lock;
    private readonly StateWriter _writer;
    private readonly Seal? _seal;
    private readonly ILogger _logger;
    private readonly string _directory;
    private readonly Task _loop;
    private List<StoreOperation> _waiting = [];
    private bool _stopping;
    private bool _refused;

    /// <exception cref="IOException">Another cache uses the directory, or it cannot be used.</exception>
    /// <exception cref="InvalidOperationException">The state may not be used: the key is missing or another, it is not encrypted, or it is too old.</exception>
    public ShadowStore(ShadowCacheOptions options, ILogger logger)
    {
        _logger = logger;
        _directory = options.StateDirectory;
        _lock = new DirectoryLock(options.FileSystem, _directory, "shadow cache");
        try
        {
            _seal = options.EncryptionKey.IsEmpty ? null : new Seal(options.EncryptionKey.Span, options.ThingName);
            var files = new StateFiles(_directory, options.FileSystem, options.TimeProvider);
            files.Close();
            StoredState found = new StateReader(files, _seal, options.MigratePlainState).Read();
            RequireRevision(found.Revision, options.MinStateRevision);
            foreach (ShadowId id in options.Shadows)
            {
                _slots.Add(id, new ShadowSlot(id, found.States.GetValueOrDefault(id, ShadowState.Empty)));
                found.States.Remove(id);
            }

            _others = found.States;
            _writer = new StateWriter(files, options.ThingName, _seal, found, All);
            Repair(found);
            Damage = found.Damage;
            if (_lock.OpenMode is { } mode)
            {
                Log.StateDirectoryOpen(logger, _directory, mode);
            }
        }
        catch
        {
            _seal?.Dispose();
            _lock.Dispose();
            throw;
        }

        _loop = Task.Run(RunAsync);
    }

    /// <summary>What could not be read at the start.</summary>
    public IReadOnlyList<ShadowDamage> Damage { get; }

    /// <summary>How far the state on the disk is.</summary>
    public long Revision => _writer.Revision;

    public ShadowSlot this[ShadowId id] => _slots[id];

    public IEnumerable<ShadowSlot> Slots => _slots.Values;

    /// <summary>Changes a state; completes when the change counts.</summary>
    /// <param name="slot">Whose.</param>
    /// <param name="change">Makes the next state of the one before; what it throws comes out of this call, and nothing has changed.</param>
    /// <param name="demand">What counting takes.</param>
    /// <param name="cancellationToken">Ends the wait; a change that has begun goes on.</param>
    /// <exception cref="IOException">The disk refused; nothing has changed.</exception>
    public async ValueTask<ShadowState> ChangeAsync(
        ShadowSlot slot, Func<ShadowState, ShadowState> change, StoreDemand demand, CancellationToken cancellationToken = default)
    {
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        var operation = new StoreOperation(slot, change, demand);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, typeof(ShadowCache));
            _waiting.Add(operation);
        }

        _wake.Set();
        return await operation.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Commits what waits, and lets go of the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return;
            }

            _stopping = true;
        }

        _wake.Set();
        await _loop.ConfigureAwait(false);
        _writer.Dispose();
        _seal?.Dispose();
        _lock.Dispose();
    }

    private async Task RunAsync()
    {
        List<StoreOperation> batch = [];
        while (true)
        {
            Task wake = _wake.TakeAsync();
            bool stopping;
            lock (_gate)
            {
                (batch, _waiting) = (_waiting, batch);
                stopping = _stopping;
            }

            if (batch.Count > 0)
            {
                CommitSafely(batch);
                _room.Release(batch.Count);
                batch.Clear();
            }
            else if (stopping)
            {
                return;
            }
            else
            {
                await wake.ConfigureAwait(false);
            }
        }
    }

    private void CommitSafely(List<StoreOperation> batch)
    {
        try
        {
            Commit(batch);
        }
#pragma warning disable CA1031 // A defect, or a logger of the host's that throws, must not leave callers waiting for ever.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (StoreOperation operation in batch)
            {
                operation.Slot.Working = null;
                operation.TrySetException(e);
            }
        }
    }

    private void Commit(List<StoreOperation> batch)
    {
        Exception? refusal = TryWrite(batch);
        if (refusal is not null)
        {
            WithoutDisk(batch, refusal);
        }

        foreach (StoreOperation operation in batch)
        {
            operation.Slot.Working = null;
            if (operation.Outcome is { } outcome)
            {
                operation.Slot.Publish(outcome);
            }
        }

        foreach (StoreOperation operation in batch)
        {
            if (operation.Outcome is { } outcome)
            {
                operation.TrySetResult(outcome);
            }
        }

        // Last: a logger that throws must not come between the disk and the memory.
        Report(refusal);
    }

    private Exception? TryWrite(List<StoreOperation> batch)
    {
        try
        {
            StoreDemand demand = Prepare(batch);
            if (_writer.HasBatch)
            {
                _writer.Commit(demand == StoreDemand.Flushed);
            }

            return null;
        }
#pragma warning disable CA1031 // For whatever reason it is not stored: an edit that is not does not count.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _writer.Abandon();
            return e;
        }
    }

    private void Report(Exception? refusal)
    {
        bool wasRefused = _refused;
        _refused = refusal is not null;
        if (refusal is not null && !wasRefused)
        {
            Log.StoreRefused(_logger, _directory, refusal);
        }
        else if (refusal is null && wasRefused)
        {
            Log.StoreRecovered(_logger, _directory);
        }
    }

    private StoreDemand Prepare(List<StoreOperation> batch)
    {
        StoreDemand demand = StoreDemand.None;
        foreach (StoreOperation operation in batch)
        {
            ShadowState before = operation.Slot.Working ?? operation.Slot.State;
            if (TryChange(operation, before) is not { } next)
            {
                continue;
            }

            if (!ReferenceEquals(before, next))
            {
                _writer.Add(operation.Slot.Id, before, next);
                operation.Slot.Working = next;
            }

            // Also a change that changes nothing must not say so before what it builds on is safe.
            demand = operation.Demand > demand ? operation.Demand : demand;
        }

        return demand;
    }

    // What came from the cloud counts all the same: the next start reads it from there again. The user's edits do not.
    private static void WithoutDisk(List<StoreOperation> batch, Exception reason)
    {
        foreach (StoreOperation operation in batch)
        {
            operation.Slot.Working = null;
        }

        foreach (StoreOperation operation in batch)
        {
            if (operation.Task.IsCompleted)
            {
                continue;
            }

            if (operation.Demand != StoreDemand.None)
            {
                operation.Outcome = null;
                operation.TrySetException(new IOException(
                    $"The edit of shadow {operation.Slot.Id} could not be stored, and nothing was changed. Free space, or repair the disk, and set it again: {reason.Message}",
                    reason));
            }
            else if (TryChange(operation, operation.Slot.Working ?? operation.Slot.State) is { } next)
            {
                operation.Slot.Working = next;
            }
        }
    }

    private static ShadowState? TryChange(StoreOperation operation, ShadowState before)
    {
        try
        {
            operation.Outcome = operation.Change(before);
        }
#pragma warning disable CA1031 // Whatever the caller's function throws is the caller's to see; the others in the batch go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            operation.Outcome = null;
            operation.TrySetException(e);
        }

        return operation.Outcome;
    }

    private void RequireRevision(long found, long least)
    {
        if (found < least)
        {
            throw new InvalidOperationException(
                $"The state in '{_directory}' is older than it was (revision {found}, MinStateRevision is {least}): an earlier copy of its files was put back, or some are lost. Start with MinStateRevision 0 to use it all the same, or with an empty directory.");
        }
    }

    private void Repair(StoredState found)
    {
        bool isDamaged = found.Damage.Count > 0;
        bool isRenewed = isDamaged || found.IsMigration || found.HasForeignPlainState;
        try
        {
            // Twice after damage, so that the generation before is whole, too.
            for (int i = 0; isRenewed && i < (isDamaged ? 2 : 1); i++)
            {
                _writer.BeginGeneration();
            }

            if (found.IsMigration)
            {
                Log.PlainStateMigrated(_logger, _directory);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.StoreRefused(_logger, _directory, e);
        }

        if (found.HasForeignPlainState)
        {
            Log.PlainStateIgnored(_logger, _directory);
        }

        foreach (ShadowDamage damage in found.Damage)
        {
            Log.StateDamaged(_logger, damage.File, damage.DamagedBytes, damage.What, damage.KeptAs ?? "its place");
        }
    }

    private Dictionary<ShadowId, ShadowState> All()
    {
        var all = new Dictionary<ShadowId, ShadowState>(_others);
        foreach (ShadowSlot slot in _slots.Values)
        {
            if (!ReferenceEquals(slot.State, ShadowState.Empty))
            {
                all.Add(slot.Id, slot.State);
            }
        }

        return all;
    }
}
