namespace IotOps.Shadow.Store;

/// <summary>A change that waits for its commit.</summary>
internal sealed class StoreOperation(ShadowSlot slot, Func<ShadowState, ShadowState> change, StoreDemand demand)
    : TaskCompletionSource<ShadowState>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public ShadowSlot Slot => slot;

    public Func<ShadowState, ShadowState> Change => change;

    public StoreDemand Demand => demand;

    /// <summary>The outcome, once it is prepared; null when it failed.</summary>
    public ShadowState? Outcome { get; set; }
}
