namespace IotOps.Shadow;

/// <summary>What is desired and not reported, by a type.</summary>
/// <param name="Desired">The whole desired state.</param>
/// <param name="Changed">The paths of what differs from the reported state, as <see cref="ShadowValue.TryGet"/> takes them.</param>
/// <param name="Untyped">The values that differ; what <see cref="DeviceShadow.AcceptDeltaAsync(ShadowDelta, CancellationToken)"/> takes.</param>
public sealed record ShadowDelta<T>(T Desired, IReadOnlyList<string> Changed, ShadowDelta Untyped)
    where T : class;
