using System.Reflection;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.FleetConsole.Tests.Lab;

/// <summary>A store whose trail can be held back, by which a test finds a bundle half made.</summary>
public class GatedStore : DispatchProxy
{
    private IConsoleStore _store = null!;
    private TaskCompletionSource _gate = null!;

    /// <summary>Set when somebody waits for the trail.</summary>
    public TaskCompletionSource Waits { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static (IConsoleStore Store, GatedStore Gate) Of(IConsoleStore store)
    {
        IConsoleStore gated = Create<IConsoleStore, GatedStore>();
        var gate = (GatedStore)gated;
        (gate._store, gate._gate) = (store, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return (gated, gate);
    }

    public void Open() => _gate.TrySetResult();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name != nameof(ITrailReader.ReadTrailAsync))
        {
            return targetMethod.Invoke(_store, args);
        }

        Waits.TrySetResult();
        return WaitAsync((TrailRowQuery)args![0]!, (LineKey?)args[1], (int)args[2]!, (CancellationToken)args[3]!);
    }

    private async Task<IReadOnlyList<TrailRow>> WaitAsync(TrailRowQuery query, LineKey? after, int limit, CancellationToken cancellationToken)
    {
        await _gate.Task.WaitAsync(cancellationToken);
        return await _store.ReadTrailAsync(query, after, limit, cancellationToken);
    }
}
