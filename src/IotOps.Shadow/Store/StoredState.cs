namespace IotOps.Shadow.Store;

/// <summary>What a state directory held when it was opened.</summary>
internal sealed class StoredState
{
    /// <summary>Every shadow ever stored, also those this cache is not asked to keep.</summary>
    public Dictionary<ShadowId, ShadowState> States { get; set; } = [];

    /// <summary>The highest generation in use; 0 in a new directory.</summary>
    public long Generation { get; set; }

    /// <summary>The generation of the snapshot at its place; 0 when there is none.</summary>
    public long SnapshotGeneration { get; set; }

    /// <summary>The generation of the snapshot before it; 0 when there is none.</summary>
    public long PreviousGeneration { get; set; }

    /// <summary>How far it is, as <see cref="StateRevision"/> counts; 0 in a new directory.</summary>
    public long Revision { get; set; }

    /// <summary>True when readable state was taken although there is a key, to be encrypted at once.</summary>
    public bool IsMigration { get; set; }

    /// <summary>True when readable state lies beside encrypted state. It was not used.</summary>
    public bool HasForeignPlainState { get; set; }

    /// <summary>What could not be read.</summary>
    public List<ShadowDamage> Damage { get; } = [];

    /// <summary>Journals with damage in them, to be kept when their time is over.</summary>
    public List<long> DamagedJournals { get; } = [];
}
