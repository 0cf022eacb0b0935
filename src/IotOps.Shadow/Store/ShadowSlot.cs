namespace IotOps.Shadow.Store;

/// <summary>Where the state of one shadow is. Anyone reads it; the store alone writes it.</summary>
internal sealed class ShadowSlot(ShadowId id, ShadowState state)
{
    private ShadowState _state = state;

    public ShadowId Id => id;

    /// <summary>The newest committed state.</summary>
    public ShadowState State => Volatile.Read(ref _state);

    /// <summary>Told after each new state, by the store's loop; must be quick.</summary>
    public Action<ShadowState, ShadowState>? Changed { get; set; }

    /// <summary>The state with what is being committed; the store's own.</summary>
    internal ShadowState? Working { get; set; }

    internal void Publish(ShadowState next)
    {
        ShadowState before = _state;
        if (!ReferenceEquals(before, next))
        {
            Volatile.Write(ref _state, next);
            Changed?.Invoke(before, next);
        }
    }
}
